export type {
  Aggregate,
  AnyCommand,
  CommandFailure,
  Committed,
  Loaded,
  LoadFailure,
  Readable,
} from './kernel/aggregate.ts';
export { type Branded, brandedString, type BrandedString, type InvalidValue } from './kernel/brand.ts';
export {
  type Actor,
  type CommandContext,
  OrganizationId,
  PrincipalId,
  type Privilege,
  privileges,
} from './kernel/command.ts';
export { type Decider, type Decision, happened, nothingHappened, rejected, replay } from './kernel/decider.ts';
export { describeErrors } from './kernel/decode-errors.ts';
export type {
  Appended,
  AppendError,
  EventStore,
  ExpectedRevision,
  Metadata,
  NewEvent,
  OutcomeUnknown,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  Revision,
  StoreError,
  StoreLimits,
  StoreRefused,
  StoreUnavailable,
  SubscribeOptions,
  SubscriptionItem,
  TooLarge,
  WrongExpectedRevision,
} from './kernel/event-store.ts';
export { StreamName } from './kernel/event-store.ts';
export {
  type AnyEventDefinition,
  defineEvent,
  type DomainEvent,
  type EventDefinition,
  type EventFamily,
  eventFamily,
  type EventOf,
  type EventUndecodable,
  type StoredData,
  type Upcast,
} from './kernel/events.ts';
export { type Repository, repository, type RepositoryOptions } from './kernel/execute.ts';
export type { Json, JsonObject } from './kernel/json.ts';
export { type JsonSchema, jsonSchemaOf } from './kernel/json-schema.ts';
export type { Pause } from './kernel/patience.ts';
export { type Erased, erased, personal } from './kernel/personal.ts';
export type { Intent, ProcessManager } from './kernel/process-manager.ts';
export type { Projection } from './kernel/projection.ts';
export { findingsOf, type Rejection, type RejectionOf, rejectionsOf, together } from './kernel/rejection.ts';
export type { HistoryDamaged, Seal, SealedHistory, Verified, VerifyOptions } from './kernel/sealed-history.ts';
export { fill, type ParamsOf, type Sentence, type Text, textsOf } from './kernel/text.ts';
export { waitForStore } from './kernel/wait-for-store.ts';
export * from './application/ports/index.ts';
export { eventFamilies } from './application/event-families.ts';
export { sentences } from './application/sentences.ts';
export { protectPersonalData, type ProtectPersonalDataOptions } from './application/protect-personal-data.ts';
export {
  type AdviceParams,
  adviceFor,
  type Disposition,
  dispositions,
  type Failure,
  failure,
  type FailureField,
  failureFields,
  type FailureKind,
  failureKinds,
  type FailureOverrides,
  failureTaxonomy,
  isFailureKind,
  type KindOfFailure,
  kindOf,
  type Phase,
  phases,
  type Scope,
  scopes,
} from './taxonomy/index.ts';
export * from './values/index.ts';
export * as Account from './account/index.ts';
export { type Event as AccountEvent, events as accountEvents } from './account/events.ts';
export * as Address from './address/index.ts';
export { type Event as AddressEvent, events as addressEvents } from './address/events.ts';
export * as AlertMail from './alert-mail/index.ts';
export { type Event as AlertMailEvent, events as alertMailEvents } from './alert-mail/events.ts';
export * as Alerts from './alerts/index.ts';
export { type Event as AlertEvent, events as alertEvents } from './alerts/events.ts';
export * as Audit from './audit/index.ts';
export { type Event as AuditEvent, events as auditEvents } from './audit/events.ts';
export * as Mailbox from './mailbox/index.ts';
export { type Event as MailboxEvent, events as mailboxEvents } from './mailbox/events.ts';
export * as Person from './person/index.ts';
export { type Event as PersonEvent, events as personEvents } from './person/events.ts';
export * as Profile from './profile/index.ts';
export * as TestRun from './test-run/index.ts';
export { type Event as TestRunEvent, events as testRunEvents } from './test-run/events.ts';
export { type Event as ProfileEvent, events as profileEvents } from './profile/events.ts';
export { type DeploymentPolicy, defaultDeployment, type RetryPlan } from './settings/deployment.ts';
export * as Settings from './settings/index.ts';
export { type Event as SettingsEvent, events as settingsEvents } from './settings/events.ts';
export {
  type AlertMailPorts,
  anotherReader,
  type CarryOutEnvironment,
  type CarryOutFailure,
  type CheckAbandoned,
  type CheckActivity,
  type Executor,
  executor,
  type OperatorWarning,
  roundTrip,
  type RoundTripReport,
  testMessageSubject,
  type TestUnderWay,
} from './application/carry-out/index.ts';
export {
  type CommandInput,
  commandTable,
  type CommandType,
  commandTypes,
  type DecodedCommand,
} from './application/commands/command.ts';
export { decodeCommand } from './application/commands/decode-command.ts';
export {
  type ActingMailroom,
  canEnterCredentials,
  createMailroom,
  type ExecuteOptions,
  type Mailroom,
  type MailroomPorts,
} from './application/create-mailroom.ts';
export type { InvalidCommand } from './application/edge/invalid-command.ts';
export {
  type ChannelFacts,
  type EndpointFacts,
  type Finding,
  missing,
  type MissingFacts,
  preflight,
  type ReadinessFacts,
} from './application/readiness/index.ts';
export type { Change, MailboxOutcome } from './application/use-cases/bulk-plan.ts';
export type { CloneResult } from './application/use-cases/clone-profile.ts';
export type { ResultOf } from './application/use-cases/handlers.ts';
export type { DeactivationResult, MailboxImpact, ProfileImpact } from './application/use-cases/impact.ts';
export { isRejection, type Outcome, type Refusal, type Trouble } from './application/use-cases/outcome.ts';
export type { CredentialsResult } from './application/use-cases/profile-credentials.ts';
export type { BulkResult } from './application/use-cases/run-bulk.ts';
export {
  alertMail,
  type AlertMailRow,
  type AnnounceAlertMail,
  type AnnounceMailboxCredentialsExpiry,
  type AnnounceProfileCredentialsExpiry,
  type CancelTestOfRun,
  type Cause,
  type CompleteRun,
  credentialsExpiry,
  type CredentialsExpiryRow,
  type DeliverAlertMail,
  type DetachFromProfile,
  incidents,
  type IncidentsRow,
  type Instruction,
  policies,
  type ProbeIncident,
  profileChanges,
  type ProfileChangesRow,
  type RequestRetry,
  type ResumePausedChannel,
  type RunTest,
  type SendTestMessage,
  type SpreadProfileChange,
  type StartRun,
  testing,
  type TestingRow,
  type TestMessageRow,
  testMessages,
  type TestRunRow,
  testRuns,
} from './policies/index.ts';
