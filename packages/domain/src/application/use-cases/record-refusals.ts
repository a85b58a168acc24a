import * as E from 'fp-ts/lib/Either.js';
import * as Audit from '../../audit/index.ts';
import { type CommandContext, type Privilege, privileges } from '../../kernel/command.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import { findingsOf, type Rejection } from '../../kernel/rejection.ts';
import type { Environment } from './environment.ts';
import { isRejection, type Outcome, type Refusal } from './outcome.ts';

type Kept = Pick<Audit.RecordRefusal, 'reason' | 'privileges'>;

/** What the audit trail keeps of a rejection; null: it is about the data, not about what the actor may do. */
const keptOf = ({ _tag, text }: Rejection): Kept | null => {
  switch (_tag) {
    case 'PrivilegeMissing':
      return {
        reason: 'privilegeMissing',
        privileges: privileges.filter((privilege) => privilege === text.params['privilege']),
      };
    case 'SecretsReuseNotPermitted':
      return { reason: 'privilegeMissing', privileges: ['secrets.reuse'] };
    case 'ApprovalSwitchNotPermitted':
      return { reason: 'privilegeMissing', privileges: ['addresses.approve'] };
    case 'CredentialsOverInsecureChannel':
      return { reason: 'insecureChannel', privileges: [] };
    default:
      return null;
  }
};

/** What the answer turned down: the command as a whole, or some of its mailboxes. */
const rejectionsIn = (answer: E.Either<Refusal, Outcome<unknown>>): readonly Rejection[] => {
  if (E.isLeft(answer)) return isRejection(answer.left) ? findingsOf(answer.left) : [];
  const { mailboxes } = (answer.right.result ?? {}) as { readonly mailboxes?: unknown };
  if (!Array.isArray(mailboxes)) return [];
  return (mailboxes as readonly { readonly rejection?: Rejection | null }[]).flatMap(({ rejection }) =>
    rejection === null || rejection === undefined ? [] : findingsOf(rejection),
  );
};

/** Of each reason once, with all the privileges that were missing. */
const summed = (rejections: readonly Rejection[]): readonly Kept[] => {
  const missing = new Map<Kept['reason'], Set<Privilege>>();
  for (const rejection of rejections) {
    const kept = keptOf(rejection);
    if (kept === null) continue;
    const those = missing.get(kept.reason) ?? new Set();
    for (const privilege of kept.privileges) those.add(privilege);
    missing.set(kept.reason, those);
  }
  return [...missing].map(([reason, those]) => ({ reason, privileges: [...those].sort() }));
};

/** The one record that a command names; null when it names several, or none. */
const recordIdOf = (command: object): string | null => {
  const { mailboxId, profileId, mailboxIds } = command as Readonly<Record<string, unknown>>;
  const ids = Array.isArray(mailboxIds) ? (mailboxIds as readonly unknown[]) : [mailboxId ?? profileId];
  const [id] = ids;
  return ids.length === 1 && typeof id === 'string' ? id : null;
};

type Word = Omit<Audit.RecordRefusal, 'type'>;

/** The answer stands whether the store takes it or not; one that does not take the first is not asked again. */
const leaveWord = async ({ repository }: Pick<Environment, 'repository'>, words: readonly Word[]): Promise<void> => {
  for (const word of words) {
    const recorded = await repository.execute(Audit.aggregate, { type: 'RecordRefusal', ...word })();
    if (E.isLeft(recorded)) return;
  }
};

/** Leaves word in the audit trail of what the actor may not do, or tried over a channel that anyone can read. */
export const recordRefusals = (
  environment: Pick<Environment, 'repository'>,
  context: CommandContext,
  wanted: { readonly type: string },
  answer: E.Either<Refusal, Outcome<unknown>>,
): Promise<void> => {
  const words = summed(rejectionsIn(answer)).map(({ reason, privileges: those }): Word => {
    const commandId = derivedId('refusal', context.commandId, reason, ...those);
    return {
      context: { ...context, commandId, causationId: context.commandId },
      wanted: wanted.type,
      reason,
      privileges: those,
      recordId: recordIdOf(wanted),
    };
  });
  return leaveWord(environment, words);
};

/** The same for a query that needs a privilege. */
export const recordRefusedQuery = (
  environment: Pick<Environment, 'repository'>,
  context: CommandContext,
  view: string,
  privilege: Privilege,
): Promise<void> =>
  leaveWord(environment, [
    { context, wanted: `The view ${view}`, reason: 'privilegeMissing', privileges: [privilege], recordId: null },
  ]);
