import { rejectionsOf } from '../../kernel/rejection.ts';
import { textsOf } from '../../kernel/text.ts';

/** Ways to be turned down that belong to no single aggregate. */
export const reject = rejectionsOf({
  PrivilegeMissing: '{command} needs the privilege {privilege}, which you do not have. Ask your administrator.',
  ProfileNotFound: 'There is no email server profile {profileId}. Choose another one.',
  MailboxNotFound: 'There is no mailbox {mailboxId}. Choose another one.',
  TestRunNotFound: 'There is no test run {runId}. Choose another one.',
  DefaultsMissing:
    'The default email settings cannot be applied: {missing} has not been set. Set it in the email configuration settings first.',
  PersonNotFound: 'Nothing is kept about the {kind} {id}. Check kind and id.',
  SecretsReuseNotPermitted:
    'Letting the stored passwords of mailboxes go to another host needs the privilege secrets.reuse, which you do not have. Ask your administrator, or let the mailboxes enter their passwords again.',
});

/** What is said about something that was done. */
export const note = textsOf('note', {
  ActForcedToNone:
    'Appointments, contacts and tasks are set to "none": they cannot be synchronized through a POP3 or IMAP profile.',
  MethodForcedToNone:
    'The default method "{method}" for {channel} does not suit a {kind} mailbox; it is set to "none".',
  SecretCleared: 'The stored {channel} password was removed: {reason}. Enter it again.',
  MailboxSecretsCleared: 'Mailboxes on this profile have to enter their passwords again, because the host has changed.',
  PortUnusual:
    'Port {port} belongs to the web, not to email. It is allowed here, but a mail server rarely answers on it.',
  AppPasswordNeeded:
    '{provider} as a rule refuses the ordinary password to programs. Create an app password at {helpUrl} and enter that one, or choose OAuth.',
  OAuthNeeded: '{provider} takes no passwords from programs any more. Choose OAuth for this connection.',
  StartOfMailboxes:
    'A later "process email from" moves the mailboxes along that are on this profile; an earlier one counts only for those that are put on it from now on. For older email of a mailbox, give it a date of its own.',
  TestStarted: 'The test has started.',
  TestQueued: 'The test is queued; it runs in the background.',
  TestRunning: 'This test is running already.',
  TestCancelled: 'The test is cancelled.',
  TestRunCancelled: 'The test run is cancelled: tests of it that are open end, what was found stays.',
  TestRunOver: 'This test run has ended already.',
  NoTestOpen: 'No test of this mailbox is open.',
  NothingToResume: 'No incident has stopped anything of this mailbox, or it is being tested already.',
  TestNotStarted: 'It was not tested: {why}',
  FlagWithoutEffect:
    '"Synchronize with this organization only" is recorded. It has no effect with POP3 or IMAP, where a server knows no organizations.',
  Changed: 'Changed.',
  Unchanged: 'Nothing to change.',
  Approved: 'The email address is approved.',
  Rejected: 'The email address is rejected.',
  WouldChange: 'This would change.',
});
