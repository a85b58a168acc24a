export type {
  AddressBook,
  AddressBookUnavailable,
  AlertMailMessage,
  AlertMailer,
  AlertMailRefused,
  AlertMailUnavailable,
} from './alert-mailer.ts';
export type { Clock, Ids } from './clock.ts';
export type { Directory, DirectoryUnavailable } from './directory.ts';
export {
  type CheckOptions,
  type CheckReport,
  type FailureSummary,
  type MailProbe,
  type Mechanism,
  mechanisms,
  type ProbeCredentials,
  type ProbeTarget,
  type ProtocolProbe,
  type StepName,
  stepNames,
  type StepReport,
  type StepStarted,
  type StepStatus,
  type TestMessage,
} from './mail-probe.ts';
export type { MailProviders, ProviderHint } from './mail-providers.ts';
export type { AddressDigest, PersonalCipher } from './personal-data.ts';
export type { Comparable, Page, Queries, Query, QueryFailure, QueryRefused } from './queries.ts';
export type { SecretOwner, SecretUnreadable, SecretVault, VaultUnavailable } from './secret-vault.ts';
export type { AccessWithdrawn, TokenProvider, TokenRequest, TokenUnavailable } from './token-provider.ts';
export type {
  Fenced,
  Rows,
  ScannedRows,
  StoredRows,
  StoredVersion,
  ViewCheckpoint,
  ViewDeclaration,
  ViewError,
  ViewName,
  ViewStore,
  ViewUnavailable,
} from './view-store.ts';
