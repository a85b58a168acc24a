import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import type { Text } from '../../kernel/text.ts';
import * as Mailbox from '../../mailbox/index.ts';
import type * as Settings from '../../settings/index.ts';
import { derivedId, MailboxId, mailboxIdOf, personIdOf } from '../../values/index.ts';
import type { DecodedCommand } from '../commands/command.ts';
import { withAddress } from './claim-address.ts';
import type { Environment } from './environment.ts';
import { loadProfileFacts, loadSettings } from './facts.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';
import { note, reject } from './texts.ts';

/** Which mailbox a command was about. */
export interface MailboxResult {
  readonly mailboxId: MailboxId;
}

type Register = DecodedCommand<'RegisterMailbox'>;

/** Follows from the user or queue, so that each has one; a forward mailbox's follows from the command. */
const idOf = ({ actor, commandId }: CommandContext, { kind, regardingId }: Register): MailboxId =>
  kind === 'forward' || !regardingId
    ? MailboxId.orThrow(derivedId('mailbox', actor.organizationId, kind, commandId))
    : mailboxIdOf(actor.organizationId, kind, regardingId);

const ownerOf = ({ actor }: CommandContext, { kind, regardingId, owner }: Register): Mailbox.Owner => {
  if (owner !== undefined) return { ownerKind: owner.kind, ownerId: owner.id };
  return { ownerKind: 'user', ownerId: kind === 'user' && regardingId ? regardingId : actor.id };
};

const none: Mailbox.Methods = { incoming: 'none', outgoing: 'none', act: 'none' };

interface Chosen {
  readonly methods: Mailbox.Methods;
  readonly notes: readonly Text[];
}

/** The organization's methods where none are given; those that this kind of mailbox cannot have become "none". */
export const methodsOf = (
  kind: Register['kind'],
  given: Partial<Mailbox.Methods>,
  defaults: Settings.Settings,
  hasProfile: boolean,
): Chosen => {
  const notes: Text[] = [];
  const suitable = <Channel extends 'incoming' | 'outgoing' | 'act'>(channel: Channel): Mailbox.Methods[Channel] => {
    const method: Mailbox.Methods[Channel] = defaults[channel];
    if (Mailbox.methodsProblem(kind, { ...none, [channel]: method }, hasProfile) === null) return method;
    if (channel === 'act') notes.push(note('ActForcedToNone', {}));
    else notes.push(note('MethodForcedToNone', { method, channel, kind }));
    return 'none';
  };
  const methods: Mailbox.Methods = {
    incoming: given.incoming ?? suitable('incoming'),
    outgoing: given.outgoing ?? suitable('outgoing'),
    act: given.act ?? suitable('act'),
  };
  return { methods, notes };
};

/** Registers a mailbox. What is not given comes from the organization's settings. */
export const registerMailbox = async (
  environment: Environment,
  context: CommandContext,
  command: Register,
): Promise<E.Either<Refusal, Outcome<MailboxResult>>> => {
  const { organizationId } = context.actor;
  const settings = await loadSettings(environment, organizationId);
  if (E.isLeft(settings)) return settings;
  const profileId = command.profileId === undefined ? settings.right.defaultProfileId : command.profileId;
  const profile = await loadProfileFacts(environment, organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  if (profileId !== null && command.profileId !== undefined && profile.right === null) {
    return E.left(reject.ProfileNotFound({ profileId }, 'profileId'));
  }

  const { kind, regardingId = null, name, address = null } = command;
  const mailboxId = idOf(context, command);
  const given = {
    ...(command.incoming === undefined ? {} : { incoming: command.incoming }),
    ...(command.outgoing === undefined ? {} : { outgoing: command.outgoing }),
    ...(command.act === undefined ? {} : { act: command.act }),
  };
  const { methods, notes } = methodsOf(kind, given, settings.right, profile.right !== null);
  const register: Mailbox.RegisterMailbox = {
    type: 'RegisterMailbox',
    context,
    mailboxId,
    personId: personIdOf(organizationId, kind, kind === 'user' && regardingId !== null ? regardingId : mailboxId),
    kind,
    regardingId,
    ...ownerOf(context, command),
    name,
    address,
    profile: profile.right,
    ...methods,
  };

  const run = () => environment.repository.execute(Mailbox.aggregate, register)();
  const committed = address === null ? await run() : await withAddress(environment, context, mailboxId, address, run);
  return E.isLeft(committed) ? committed : E.right(outcomeOf({ mailboxId }, [committed.right], notes));
};
