import { type RejectionOf, rejectionsOf } from '../kernel/rejection.ts';

/** Every way in which a command on a mailbox is turned down. */
export const rejections = rejectionsOf({
  MailboxNotFound: 'There is no mailbox {mailboxId}. Choose another one.',
  MailboxAlreadyRegistered:
    'This mailbox exists already, with other settings. Change it instead of registering it again.',
  MailboxIdMismatch: 'The id of this mailbox does not follow from its {kind}. Let Mailroom derive it.',
  OwnerOfMailboxMissing: 'A {kind} mailbox belongs to a {kind}. Name the {kind}.',
  ForwardMailboxBelongsToNobody: 'A forward mailbox belongs to no user and no queue. Leave the user or queue out.',
  AddressMissing: 'This mailbox has no email address. Enter one first.',
  ForwardMailboxNeedsAddress: 'A forward mailbox cannot be without an email address. Enter one.',
  MethodNotAllowed: 'A {kind} mailbox cannot use the method "{method}" for {channel}. Choose one of: {allowed}.',
  ActNotSupported:
    'Appointments, contacts and tasks cannot be synchronized through a POP3 or IMAP profile. Choose "none" for them.',
  ProfileNotFound: 'There is no email server profile {profileId}. Choose another one.',
  CredentialsOverInsecureChannel:
    'User name and password are not accepted over a connection that is not encrypted. Use HTTPS, or have the operator allow it.',
  MailboxDeactivated: 'This mailbox is deactivated. Activate it first.',
  NoChannelToTest:
    'There is nothing to test: no channel of this mailbox uses server-side synchronization. Set incoming or outgoing to it first.',
});

export type Rejection = RejectionOf<typeof rejections>;
