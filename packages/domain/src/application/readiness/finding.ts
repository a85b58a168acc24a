import { type Text, textsOf } from '../../kernel/text.ts';
import type { FailureField, FailureKind } from '../../taxonomy/index.ts';
import type { MailChannel } from '../../values/index.ts';

/** Something that stands between a mailbox and working, with what to do about it. */
export interface Finding {
  readonly key: string;
  /** `error`: a test cannot be tried. `warning`: it can, but no mail is processed, or not safely. */
  readonly severity: 'error' | 'warning';
  /** null: both directions. */
  readonly channel: MailChannel | null;
  /** The input that a person would change. */
  readonly field: string | null;
  readonly text: Text;
  /** What a test ends with that is stopped by this finding; null: it does not stop one. */
  readonly outcome: Outcome | null;
}

/** The failure that stands for a finding. */
export interface Outcome {
  readonly kind: FailureKind;
  readonly params: Readonly<Record<string, string | number>>;
  readonly scope: 'mailbox' | 'profile';
  readonly field: FailureField | null;
}

/** What a person reads about each finding: what is missing, and what to do next. */
export const findingText = textsOf('missing', {
  MailboxDeactivated: 'The mailbox is deactivated. Activate it, then test it.',
  NoMethod: 'No channel uses server-side synchronization. Set incoming or outgoing email to it.',
  AddressMissing: 'The mailbox has no email address. Enter one.',
  AddressErased: 'The person behind this mailbox was erased. Enter a new address to use it again.',
  ProfileMissing: 'The mailbox is on no email server profile. Put it on one.',
  ProfileDeactivated: 'The email server profile is deactivated. Activate it, or put the mailbox on another one.',
  ServerMissing: 'The profile names no server for {direction} email. Add one, or set the method to none.',
  AnonymousNotPossible:
    'Without credentials (anonymous) is not a valid setting. Choose the credentials of each mailbox or of the profile for {direction} email.',
  WindowsIntegratedNotAvailable:
    'Windows Integrated Authentication is chosen for {direction} email, but this installation has no provider for it. Choose another authentication.',
  ProtocolNotAvailable:
    'The authentication protocol "{protocol}" is chosen for {direction} email, but this installation has no provider for it. Choose Auto Detect or Basic.',
  ProfileCredentialsNotAllowed:
    'This installation does not allow the credentials of a profile for incoming email. Use the credentials of each mailbox.',
  OwnCredentialsMissing: 'The mailbox has no user name and password. Enter them.',
  ProfileCredentialsMissing: 'The profile has no user name and password for {direction} email. Enter them there.',
  PortNotAllowed:
    'Port {port} for {direction} email is closed in this installation. Choose one that is open in the profile: {allowed}.',
  EncryptionRequired:
    'This installation allows encrypted connections only. Choose TLS or STARTTLS for {direction} email in the profile.',
  BasicNeedsEncryption:
    'Basic authentication without encryption would send the password in clear for {direction} email. Choose TLS or STARTTLS in the profile.',
  NotEncrypted: 'The connection for {direction} email is not encrypted. Choose TLS or STARTTLS in the profile.',
  ApprovalPending: 'The email address waits for approval. Have it approved; until then no mail is processed.',
  ApprovalRejected: 'The email address was rejected. Have it approved, or enter another one.',
  TestRunning: 'The test of {direction} email is running. Wait for its result.',
  TestMissing: '{Direction} email has not been tested. Run Test & Enable.',
  EnablingMissing: '{Direction} email is not enabled. Run Test & Enable.',
  RetryWaiting: '{Direction} email is tried again at {at}. {advice}',
  Paused: '{Direction} email waits for the end of a problem of the profile. {advice}',
  TestFailed: 'The test of {direction} email failed. {advice}',
});
