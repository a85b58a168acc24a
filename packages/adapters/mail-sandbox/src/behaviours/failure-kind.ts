/** Where a failure leads: a person must act, it is retried, it is retried once or twice, it only warns, it is the checker's own. */
export type Disposition = 'permanent' | 'transient' | 'uncertain' | 'warning' | 'ours';

/** Whom a failure concerns: one mailbox, every mailbox on the server's settings, or the operator. */
export type Scope = 'mailbox' | 'profile' | 'system';

/** The setting a person would change. */
export type FailureField = 'host' | 'port' | 'tls' | 'userName' | 'secret' | 'address' | 'folder' | 'authentication';

/** What a check should conclude from a scripted failure. */
export interface FailureTruth {
  readonly kind: FailureKind;
  readonly disposition: Disposition;
  readonly scope: Scope;
  readonly field: FailureField | null;
}

const table = {
  ConnectionNotEncrypted: ['warning', 'profile', 'tls'],
  ConnectionRefused: ['uncertain', 'profile', 'port'],
  ConnectTimeout: ['uncertain', 'profile', 'port'],
  ConnectionReset: ['transient', 'profile'],
  ConnectionClosedByServer: ['uncertain', 'profile'],
  GreetingTimeout: ['uncertain', 'profile', 'port'],
  TlsExpectedOnPort: ['permanent', 'profile', 'tls'],
  PlaintextOnTlsPort: ['permanent', 'profile', 'tls'],
  ProtocolMismatch: ['permanent', 'profile', 'port'],
  ServerRejectedConnection: ['uncertain', 'profile'],
  MalformedResponse: ['uncertain', 'profile'],
  StartTlsNotOffered: ['permanent', 'profile', 'tls'],
  StartTlsRefused: ['uncertain', 'profile', 'tls'],
  StartTlsInjection: ['permanent', 'profile', 'tls'],
  TlsHandshakeFailed: ['uncertain', 'profile', 'tls'],
  TlsVersionUnsupported: ['permanent', 'profile', 'tls'],
  TlsHandshakeTimeout: ['uncertain', 'profile', 'tls'],
  CertificateExpired: ['permanent', 'profile', 'host'],
  CertificateNotYetValid: ['uncertain', 'profile', 'host'],
  CertificateHostnameMismatch: ['permanent', 'profile', 'host'],
  CertificateUntrusted: ['permanent', 'profile', 'host'],
  CertificateRevoked: ['permanent', 'profile', 'host'],
  CertificateMisused: ['permanent', 'profile', 'host'],
  CertificateExpiringSoon: ['warning', 'profile', 'host'],
  PlaintextAuthRefused: ['permanent', 'profile', 'tls'],
  AuthNotOffered: ['permanent', 'profile', 'port'],
  AuthMechanismUnsupported: ['permanent', 'profile', 'authentication'],
  InvalidCredentials: ['permanent', 'mailbox', 'secret'],
  AppPasswordRequired: ['permanent', 'mailbox', 'secret'],
  WebLoginRequired: ['permanent', 'mailbox', 'secret'],
  BasicAuthDisabled: ['permanent', 'mailbox', 'authentication'],
  ProtocolDisabledForAccount: ['permanent', 'mailbox'],
  OAuthTokenRejected: ['permanent', 'mailbox', 'secret'],
  AccountLocked: ['permanent', 'mailbox', 'userName'],
  AccountDisabled: ['permanent', 'mailbox', 'userName'],
  PasswordExpired: ['permanent', 'mailbox', 'secret'],
  AuthorizationFailed: ['permanent', 'mailbox', 'userName'],
  ConditionalAccessBlocked: ['permanent', 'mailbox'],
  ContactAdministrator: ['permanent', 'mailbox'],
  AuthTemporarilyUnavailable: ['transient', 'mailbox'],
  AuthTimeout: ['transient', 'mailbox'],
  TooManyLogins: ['transient', 'mailbox'],
  Throttled: ['transient', 'mailbox'],
  LoginDelay: ['transient', 'mailbox'],
  ConnectionLimit: ['transient', 'mailbox'],
  MailboxInUse: ['transient', 'mailbox'],
  ServerTemporarilyUnavailable: ['transient', 'profile'],
  ServerBug: ['uncertain', 'mailbox'],
  ClientBug: ['ours', 'system'],
  MailboxNotFound: ['permanent', 'mailbox', 'folder'],
  MailboxAccessDenied: ['permanent', 'mailbox', 'folder'],
  ClientIdRequired: ['permanent', 'mailbox'],
  ListFailed: ['uncertain', 'mailbox'],
  UidlUnsupported: ['permanent', 'profile'],
  TopUnsupported: ['warning', 'profile'],
  MailboxOverQuota: ['warning', 'mailbox'],
  DeletePolicyConflict: ['warning', 'profile'],
  SenderNotOwned: ['permanent', 'mailbox', 'address'],
  SendAsDenied: ['permanent', 'mailbox', 'address'],
  SenderRewritten: ['warning', 'mailbox', 'address'],
  SenderRejected: ['permanent', 'mailbox', 'address'],
  RelayDenied: ['permanent', 'profile', 'port'],
  AuthRequiredToSend: ['permanent', 'profile', 'authentication'],
  RecipientRejected: ['permanent', 'mailbox', 'address'],
  Greylisted: ['transient', 'mailbox'],
  MessageTooLarge: ['permanent', 'profile'],
  SendQuotaExceeded: ['transient', 'mailbox'],
  ReputationBlocked: ['permanent', 'profile'],
  MailboxFullRemote: ['permanent', 'mailbox', 'address'],
  ContentRejected: ['permanent', 'mailbox'],
  TestMessageNotFound: ['uncertain', 'mailbox'],
  TestMessageInJunk: ['warning', 'mailbox'],
  TestMessageDelayed: ['warning', 'mailbox'],
  TestMessageTakenByFetcher: ['uncertain', 'mailbox'],
  CleanupFailed: ['warning', 'mailbox'],
  Unknown: ['uncertain', 'mailbox'],
} as const satisfies Readonly<Record<string, readonly [Disposition, Scope, FailureField?]>>;

/** A kind of failure that a mail server can cause, as a careful check names it. */
export type FailureKind = keyof typeof table;

/** Every such kind. Kinds that no server can cause (policy, DNS, vault, proxy, cancelling) are not among them. */
export const failureKinds = Object.keys(table) as readonly FailureKind[];

/** What a kind means by itself; `but` for what a single scenario has differently. */
export const truthOf = (kind: FailureKind, but: Partial<Omit<FailureTruth, 'kind'>> = {}): FailureTruth => {
  const [disposition, scope, field]: readonly [Disposition, Scope, FailureField?] = table[kind];
  return { kind, disposition, scope, field: field ?? null, ...but };
};
