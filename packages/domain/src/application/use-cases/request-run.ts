import * as E from 'fp-ts/lib/Either.js';
import type { Committed } from '../../kernel/aggregate.ts';
import type { CommandContext } from '../../kernel/command.ts';
import type { Text } from '../../kernel/text.ts';
import * as Mailbox from '../../mailbox/index.ts';
import * as TestRun from '../../test-run/index.ts';
import { type MailboxId, type MailChannel, type ProfileId, testIdOfRun, type TestRunId } from '../../values/index.ts';
import type { MailboxOutcome } from './bulk-plan.ts';
import type { Environment } from './environment.ts';
import type { Refusal } from './outcome.ts';
import { note } from './texts.ts';

/** The tests of a bulk command as one job in the background. */
export interface RunOfTests {
  readonly runId: TestRunId;
  /** The profile whose mailboxes are meant; null: a selection. */
  readonly profileId: ProfileId | null;
  readonly channels: readonly MailChannel[];
  readonly thisOrganizationOnly: boolean;
  readonly testMessage: boolean;
}

/** What becomes of a mailbox in a run. `skipped`: the rule for which it is not tested; null: it is. */
export interface InRun {
  readonly skipped: string | null;
}

/** A mailbox that is being tested already is passed over. */
export const testRunning = 'TestRunning';

interface Member {
  readonly outcome: MailboxOutcome;
  readonly inRun: InRun | null;
}

interface RequestedRun {
  /** null: there was nothing to test, so there is no run. */
  readonly committed: Committed | null;
  readonly mailboxes: readonly MailboxOutcome[];
}

const groupedByReason = (members: readonly Member[]): readonly TestRun.Skipped[] => {
  const groups = new Map<string, MailboxId[]>();
  for (const { outcome, inRun } of members) {
    if (inRun === null || inRun.skipped === null) continue;
    const those = groups.get(inRun.skipped);
    if (those === undefined) groups.set(inRun.skipped, [outcome.mailboxId]);
    else those.push(outcome.mailboxId);
  }
  return [...groups].map(([reason, mailboxIds]) => ({ reason, mailboxIds }));
};

/** Asks for the run, once: a repeat of the command is told what was asked for the first time. */
export const requestRun = async (
  { repository }: Environment,
  context: CommandContext,
  run: RunOfTests,
  members: readonly Member[],
): Promise<E.Either<Refusal, RequestedRun>> => {
  const mailboxes = members.map(({ outcome }) => outcome);
  const wanted = members.filter(({ inRun }) => inRun !== null && inRun.skipped === null);
  const requested = await repository.execute(TestRun.aggregate, {
    type: 'RequestTestRun',
    context,
    ...run,
    mailboxIds: wanted.map(({ outcome }) => outcome.mailboxId),
    skipped: groupedByReason(members),
  })();
  if (E.isLeft(requested)) {
    const isEmpty = requested.left._tag === 'TestRunWithoutMailboxes';
    return isEmpty ? E.right({ committed: null, mailboxes }) : requested;
  }
  const committed = requested.right;
  const [first] = committed.events;
  if (!committed.duplicate || first?.type !== 'TestRunRequested') return E.right({ committed, mailboxes });
  return E.right({ committed, mailboxes: asThen(mailboxes, run.runId, first.data) });
};

const textOf = (reason: string): Text => {
  if (reason === 'MailboxDeactivated') return Mailbox.rejections.MailboxDeactivated({}).text;
  return reason === 'NoChannelToTest' ? Mailbox.rejections.NoChannelToTest({}).text : note('TestRunning', {});
};

/** The outcomes as they were when the run was requested, whatever has become of the mailboxes since. */
const asThen = (
  mailboxes: readonly MailboxOutcome[],
  runId: TestRunId,
  { mailboxIds, skipped }: ReturnType<typeof TestRun.TestRunRequested>['data'],
): readonly MailboxOutcome[] => {
  const tested = new Set(mailboxIds);
  const reasons = new Map(skipped.flatMap(({ reason, mailboxIds: those }) => those.map((id) => [id, reason] as const)));
  return mailboxes.map((outcome) => {
    const { mailboxId } = outcome;
    const notes = outcome.notes.filter(({ key }) => !testKeys.includes(key));
    if (tested.has(mailboxId)) {
      const queued = note('TestQueued', {});
      const text = outcome.outcome === 'changed' ? outcome.text : queued;
      const testId = testIdOfRun(runId, mailboxId);
      return { ...outcome, outcome: 'changed', text, rejection: null, testId, notes: [...notes, queued] };
    }
    const reason = reasons.get(mailboxId);
    if (reason === undefined || outcome.outcome !== 'unchanged') return outcome;
    const isRunning = reason === testRunning;
    return { ...outcome, outcome: isRunning ? 'unchanged' : 'skipped', text: textOf(reason), testId: null };
  });
};

const testKeys = [note('TestQueued', {}), note('TestRunning', {})].map(({ key }) => key);
