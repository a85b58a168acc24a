import type { Aggregate } from '../kernel/aggregate.ts';
import type { Decider } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { MailboxId } from '../values/index.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { type Event, events } from './events.ts';
import { evolve } from './evolve.ts';
import type { Rejection } from './rejections.ts';
import { initialState, type State } from './state.ts';

export type {
  ActivateMailbox,
  AnnounceMailboxCredentialsExpiry,
  ApplyProfileChange,
  ApproveMailbox,
  AssignMailboxProfile,
  CancelMailboxTest,
  ChangeMailboxAddress,
  ChangeMailboxOwner,
  ClearMailboxCredentials,
  Command,
  DeactivateMailbox,
  Fingerprint,
  FoundFailure,
  Methods,
  Owner,
  ProfileFacts,
  RecordTestMessage,
  RecordTestResult,
  RegisterMailbox,
  RejectMailbox,
  RenameMailbox,
  RequestMailboxTest,
  ResumeChannel,
  Retries,
  SetMailboxCredentials,
  SetMailboxMethods,
  SetMailboxProcessingStart,
  TestedStep,
} from './commands.ts';
export {
  ChannelDisabled,
  ChannelEnabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestFailed,
  ChannelTestInvalidated,
  ChannelTestSucceeded,
  ChannelTestSuperseded,
  type Event,
  events,
  MailboxActivated,
  MailboxAddressChanged,
  MailboxApproved,
  MailboxCredentialsCleared,
  MailboxCredentialsExpiryAnnounced,
  MailboxCredentialsSet,
  MailboxDeactivated,
  MailboxKind,
  MailboxMethodsChanged,
  MailboxOwnerChanged,
  MailboxProcessingStartChanged,
  MailboxProfileAssigned,
  MailboxProfileChangeApplied,
  MailboxRegistered,
  MailboxRejected,
  MailboxRenamed,
  MailboxTestCancelled,
  MailboxTestCompleted,
  MailboxTestRequested,
  type StaleReason,
  StartSource,
  TestMessageOutcome,
  TestMessageReported,
  TestMessageRequested,
  type TestTrigger,
} from './events.ts';
export { type Rejection, rejections } from './rejections.ts';
export type { ChannelState, NotRegistered, OpenTest, Registered, SeenProfile, State } from './state.ts';
export { methodsProblem } from './structure.ts';

/** How a mailbox answers commands and remembers what happened. */
export const decider: Decider<Command, Event, State, Rejection> = { initialState, decide, evolve };

/** The stream of a mailbox. */
export const streamOf = (mailboxId: MailboxId): StreamName => StreamName.orThrow(`mailbox-${mailboxId}`);

/** The mailbox, ready for a repository. */
export const aggregate: Aggregate<Command, Event, State, Rejection> = {
  name: 'mailbox',
  decider,
  events,
  streamOf: ({ mailboxId }) => streamOf(mailboxId),
};
