import { eventFamily, type EventOf } from '../kernel/events.ts';
import {
  MailboxActivated,
  MailboxAddressChanged,
  MailboxApproved,
  MailboxCredentialsCleared,
  MailboxCredentialsExpiryAnnounced,
  MailboxCredentialsSet,
  MailboxDeactivated,
  MailboxMethodsChanged,
  MailboxOwnerChanged,
  MailboxProcessingStartChanged,
  MailboxProfileAssigned,
  MailboxProfileChangeApplied,
  MailboxRegistered,
  MailboxRejected,
  MailboxRenamed,
} from './record-events.ts';
import {
  ChannelDisabled,
  ChannelEnabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestFailed,
  ChannelTestInvalidated,
  ChannelTestSucceeded,
  ChannelTestSuperseded,
  MailboxTestCancelled,
  MailboxTestCompleted,
  MailboxTestRequested,
  TestMessageReported,
  TestMessageRequested,
} from './test-events.ts';

export * from './record-events.ts';
export * from './test-events.ts';

/** Everything that can happen to a mailbox. */
export const events = eventFamily([
  MailboxRegistered,
  MailboxProfileAssigned,
  MailboxProfileChangeApplied,
  MailboxMethodsChanged,
  MailboxAddressChanged,
  MailboxRenamed,
  MailboxCredentialsSet,
  MailboxCredentialsExpiryAnnounced,
  MailboxCredentialsCleared,
  MailboxApproved,
  MailboxRejected,
  MailboxActivated,
  MailboxDeactivated,
  MailboxOwnerChanged,
  MailboxProcessingStartChanged,
  MailboxTestRequested,
  ChannelTestSucceeded,
  ChannelTestFailed,
  ChannelTestSuperseded,
  MailboxTestCompleted,
  MailboxTestCancelled,
  ChannelEnabled,
  ChannelDisabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestInvalidated,
  TestMessageRequested,
  TestMessageReported,
]);

/** Every event of a mailbox. */
export type Event = EventOf<typeof events>;
