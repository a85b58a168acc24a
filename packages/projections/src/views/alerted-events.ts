import { eventFamily, type EventOf, Mailbox, type MailboxEvent, Profile } from '@mailroom/domain';

/** The events that open and close alerts. */
export const alertedEvents = eventFamily([
  Mailbox.ChannelTestFailed,
  Mailbox.ChannelTestSucceeded,
  Mailbox.ChannelTestInvalidated,
  Mailbox.MailboxTestCompleted,
  Mailbox.MailboxActivated,
  Mailbox.MailboxDeactivated,
  Mailbox.MailboxProfileAssigned,
  Mailbox.MailboxCredentialsSet,
  Mailbox.MailboxCredentialsExpiryAnnounced,
  Mailbox.MailboxCredentialsCleared,
  Profile.ProfileActivated,
  Profile.ProfileDeactivated,
  Profile.ProfileDeleted,
  Profile.ProfileCredentialsSet,
  Profile.ProfileCredentialsExpiryAnnounced,
  Profile.ProfileCredentialsCleared,
]);
/** What alerts are made of. */
export type AlertedEvent = EventOf<typeof alertedEvents>;

/** What a failed and a passed check of a channel say. */
export type Failed = Extract<MailboxEvent, { readonly type: 'ChannelTestFailed' }>['data'];
export type Succeeded = Extract<MailboxEvent, { readonly type: 'ChannelTestSucceeded' }>['data'];
