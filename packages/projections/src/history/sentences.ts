import { textsOf } from '@mailroom/domain';

/** What the audit trail says about each event. Params in braces; a host translates by key. */
export const historyText = textsOf('history', {
  ProfileCreated: 'The profile {name} was created ({serverType}): incoming {incoming}, outgoing {outgoing}.',
  ProfileDescribed: 'Name or description of the profile was changed: {before} is now {after}.',
  ProfileConnectionChanged:
    'The connection was changed: incoming {incomingBefore} is now {incoming}, outgoing {outgoingBefore} is now {outgoing}.',
  ProfileCredentialsSet: 'The account {userName} was stored for {channel}; its password is in the vault.',
  ProfileCredentialsExpiryAnnounced:
    'The password of the account for {channel} stops working at {expiresOn}, as whoever set it said: a new one is needed before then.',
  ProfileCredentialsCleared: 'The stored account for {channel} was removed ({reason}).',
  ProfileProcessingChanged:
    'Processing was changed: polling at least every {minutes} minutes, at most {connections} connections, mail from {from} on.',
  ProfileOwnerChanged: 'The owner was changed from {before} to {after}.',
  ProfileActivated: 'The profile was activated.',
  ProfileDeactivated: 'The profile was deactivated.',
  ProfileDeleted: 'The profile was deleted; {mailboxes} mailboxes were on it.',

  EmailSettingsConfigured:
    'The email settings were configured: default profile {profile}, incoming {incoming}, outgoing {outgoing}, appointments {act}; approval for users {users}, for queues {queues}.',

  MailboxRegistered: 'The {kind} mailbox {name} was registered with the address {address}.',
  MailboxProfileAssigned: 'The profile was changed from {before} to {after}.',
  MailboxProfileChangeApplied: 'A change of the profile {profile} has reached this mailbox.',
  MailboxProfileChangeAppliedSecret:
    'A change of the profile {profile} has reached this mailbox; its own password goes on to the new server, as was confirmed.',
  MailboxMethodsChanged:
    'The methods were changed: incoming from {incomingBefore} to {incoming}, outgoing from {outgoingBefore} to {outgoing}, appointments from {actBefore} to {act}.',
  MailboxAddressChanged: 'The address was changed from {before} to {after}; it waits for approval.',
  MailboxRenamed: 'The mailbox was renamed from {before} to {after}.',
  MailboxCredentialsSet: 'User name {userName} and a password were stored; the password is in the vault.',
  MailboxCredentialsExpiryAnnounced:
    'The password of the mailbox stops working at {expiresOn}, as whoever set it said: a new one is needed before then.',
  MailboxCredentialsCleared: 'User name and password were removed ({reason}).',
  MailboxApproved: 'The address was approved.',
  MailboxRejected: 'The address was rejected.',
  MailboxActivated: 'The mailbox was activated.',
  MailboxDeactivated: 'The mailbox was deactivated ({cause}).',
  MailboxOwnerChanged: 'The owner was changed from {before} to {after}.',
  MailboxProcessingStartChanged: 'Mail is processed from {from} on ({source}).',
  MailboxTestRequested: 'A test of {channels} was requested, {trigger}.',
  ChannelTestSucceeded: 'The test of {channel} succeeded.',
  ChannelTestFailed: 'The test of {channel} failed with {kind} (try {attempt}). {advice}',
  ChannelTestFailedRetried:
    'The test of {channel} failed with {kind} (try {attempt}), to be repeated at {nextAttemptAt}. {advice}',
  ChannelTestSuperseded: 'A result for {channel} came too late and changed nothing ({reason}).',
  TestMessageRequested: 'A test message from the mailbox to itself was requested.',
  MailboxTestCompleted: 'The test ended: {outcome}.',
  MailboxTestCancelled: 'The test was cancelled ({reason}).',
  ChannelEnabled: '{channel} was enabled.',
  ChannelDisabled: '{channel} was disabled ({reason}).',
  ChannelPaused: '{channel} was paused: {kind} concerns the whole profile.',
  ChannelResumed: '{channel} was resumed: the problem of the profile is over.',
  ChannelTestInvalidated: 'The earlier result of {channel} no longer holds ({reason}); it has to be tested again.',

  TestRunRequested: 'A test of {mailboxes} mailboxes was requested; {skipped} more cannot be tested.',
  TestRunStarted: 'The test run has started: {tests} tests, {skipped} more were skipped.',
  TestRunCancelled: 'The test run was cancelled.',
  TestRunCompleted: 'The test run has ended.',

  AlertDismissed: 'An alert was dismissed ({alertKey}).',
  AllAlertsDismissed: 'All alerts were dismissed.',

  AccountCollected: 'The mailbox {mailboxId} collects the mail of this account.',
  AccountCollectedShared:
    'The mailbox {mailboxId} collects the mail of this account, and so does another reader: they take mail from each other.',
  AccountLeft: 'The mailbox {mailboxId} no longer collects the mail of this account.',

  AlertMailDue:
    'More than half of the mailboxes of this profile failed within an hour ({failing} of {mailboxes}, most of them with {kind}): its owner is to be told by mail.',
  AlertMailSent: 'The owner of this profile was told by mail (to {recipients}).',
  AlertMailDropped: 'No alert mail about this profile was sent: {reason}.',

  AccessRefusedPrivilege: '{wanted}{on} was refused: the privilege {privileges} was missing.',
  AccessRefusedChannel: '{wanted}{on} was refused: it carried a password over an unencrypted channel.',
  AuditExported: 'The audit trail{limits} was exported as {format}: {lines} lines.',
  PersonErased: 'The key of the {kind} {personId} was deleted: what was kept of them cannot be read any more.',
});
