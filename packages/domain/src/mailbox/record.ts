import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import type { ChangeMailboxOwner, DeactivateMailbox, RenameMailbox } from './commands.ts';
import {
  type Event,
  MailboxActivated,
  MailboxApproved,
  MailboxDeactivated,
  MailboxOwnerChanged,
  MailboxRejected,
  MailboxRenamed,
} from './events.ts';
import { type Rejection, rejections } from './rejections.ts';
import { cancelled, disabled, wentStale } from './staleness.ts';
import { mailChannels, type Registered } from './state.ts';

export const rename = ({ mailboxId, name }: RenameMailbox, state: Registered): Decision<Event, never> =>
  state.name === name
    ? nothingHappened
    : happened<Event>(MailboxRenamed({ mailboxId, personId: state.personId, name }));

export const changeOwner = (
  { mailboxId, ownerKind, ownerId }: ChangeMailboxOwner,
  state: Registered,
): Decision<Event, never> =>
  state.ownerKind === ownerKind && state.ownerId === ownerId
    ? nothingHappened
    : happened<Event>(MailboxOwnerChanged({ mailboxId, ownerKind, ownerId }));

/** Approval is separate from testing: it enables nothing, and what was tested before stays as it is. */
export const approve = ({ mailboxId, address, approval }: Registered): Decision<Event, Rejection> => {
  if (address === null) return rejected(rejections.AddressMissing({}, 'address'));
  return approval === 'approved' ? nothingHappened : happened<Event>(MailboxApproved({ mailboxId }));
};

/** Whoever rejects an address wants no mail for it: its channels stop, and need approval and a new test. */
export const reject = (state: Registered): Decision<Event, Rejection> => {
  const { mailboxId, address, approval } = state;
  if (address === null) return rejected(rejections.AddressMissing({}, 'address'));
  if (approval === 'rejected') return nothingHappened;
  return happened<Event>(
    MailboxRejected({ mailboxId }),
    ...wentStale(state, mailChannels, { reason: 'approvalLost', disabled: 'rejected', profile: null }),
  );
};

/** An activated mailbox works again after its next successful test. */
export const activate = ({ mailboxId, active, profile }: Registered): Decision<Event, never> =>
  active ? nothingHappened : happened<Event>(MailboxActivated({ mailboxId, profileId: profile?.profileId ?? null }));

/** Ends an open test and takes the channels out of service; what was found about them stays visible. */
export const deactivate = ({ mailboxId, cause }: DeactivateMailbox, state: Registered): Decision<Event, never> => {
  if (!state.active) return nothingHappened;
  const enabled = mailChannels.filter((channel) => state.channels[channel].enabled);
  return happened<Event>(
    ...(state.test === null ? [] : [cancelled(state, state.test, 'deactivated')]),
    MailboxDeactivated({ mailboxId, profileId: state.profile?.profileId ?? null, cause }),
    ...enabled.map((channel) => disabled(state, channel, 'deactivated')),
  );
};
