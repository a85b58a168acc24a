import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import { mailboxIdOf } from '../values/index.ts';
import type { RegisterMailbox } from './commands.ts';
import { type Event, MailboxProcessingStartChanged, MailboxRegistered } from './events.ts';
import { type Rejection, rejections } from './rejections.ts';
import type { Registered, State } from './state.ts';
import { methodsProblem } from './structure.ts';

/** Registering the same mailbox twice changes nothing, so that a host may repeat it. */
export const register = (command: RegisterMailbox, state: State): Decision<Event, Rejection> => {
  const { mailboxId, context, personId, kind, regardingId, ownerKind, ownerId, name, address, profile } = command;
  const { incoming, outgoing, act } = command;
  const { organizationId } = context.actor;

  if (state._tag === 'Registered') {
    if (state.organizationId !== organizationId) return rejected(rejections.MailboxNotFound({ mailboxId }));
    return isSame(command, state) ? nothingHappened : rejected(rejections.MailboxAlreadyRegistered({}));
  }

  const problem = identityProblem(command);
  if (problem !== null) return rejected(problem);
  if (profile !== null && profile.organizationId !== organizationId) {
    return rejected(rejections.ProfileNotFound({ profileId: profile.profileId }, 'profile'));
  }
  const methodProblem = methodsProblem(kind, { incoming, outgoing, act }, profile !== null);
  if (methodProblem !== null) return rejected(methodProblem);

  const registered = MailboxRegistered({
    mailboxId,
    organizationId,
    personId,
    kind,
    regardingId,
    ownerKind,
    ownerId,
    name,
    address,
    profileId: profile?.profileId ?? null,
    profileConfiguration: profile?.configuration ?? 0,
    profileProcessEmailFrom: profile?.processEmailFrom ?? null,
    incoming,
    outgoing,
    act,
  });
  const processEmailFrom = profile?.processEmailFrom ?? null;
  if (processEmailFrom === null) return happened<Event>(registered);
  return happened<Event>(registered, MailboxProcessingStartChanged({ mailboxId, processEmailFrom, source: 'profile' }));
};

const identityProblem = ({ mailboxId, context, kind, regardingId, address }: RegisterMailbox): Rejection | null => {
  if (kind === 'forward') {
    if (regardingId !== null) return rejections.ForwardMailboxBelongsToNobody({}, 'regardingId');
    return address === null ? rejections.ForwardMailboxNeedsAddress({}, 'address') : null;
  }
  if (regardingId === null) return rejections.OwnerOfMailboxMissing({ kind }, 'regardingId');
  // One mailbox for each user and queue: a second one cannot exist, because it would have the same id.
  const derived = mailboxIdOf(context.actor.organizationId, kind, regardingId);
  return mailboxId === derived ? null : rejections.MailboxIdMismatch({ kind }, 'mailboxId');
};

const isSame = (command: RegisterMailbox, state: Registered): boolean =>
  state.kind === command.kind &&
  state.regardingId === command.regardingId &&
  state.ownerKind === command.ownerKind &&
  state.ownerId === command.ownerId &&
  state.name === command.name &&
  state.address === command.address &&
  (state.profile?.profileId ?? null) === (command.profile?.profileId ?? null) &&
  state.channels.incoming.method === command.incoming &&
  state.channels.outgoing.method === command.outgoing &&
  state.act === command.act;
