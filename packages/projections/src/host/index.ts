// What a host needs of the domain comes along, so that it is one import.
export {
  type CheckActivity,
  type OperatorWarning,
  type Clock,
  type CommandInput,
  type CommandType,
  type DeploymentPolicy,
  type ExecuteOptions,
  findingsOf,
  type Ids,
  isRejection,
  type Outcome,
  type Privilege,
  privileges,
  type Refusal,
  type Rejection,
  Secret,
  type Text,
} from '@mailroom/domain';
export type { VaultKey, VaultOptions } from '@mailroom/secret-vault';
export type { HostActor } from './actor.ts';
export { allViews } from './create-views.ts';
export type { AlertMailServerOptions } from '@mailroom/alert-mail';
export type { AlertMailOptions } from './load-alert-mail.ts';
export type { MailroomVault } from './load-vault.ts';
export type { ActingMailroom, Channel, Idle, Mailroom, MailroomOptions, RetryDue, RowChanged } from './mailroom.ts';
export type { ViewsLocation } from './load-views.ts';
export { type History, type HistoryOptions, HistoryUnreadable, openHistory } from './open-history.ts';
export { OpenFailure } from './open-failure.ts';
export { openMailroom } from './open-mailroom.ts';
export { NotDone, orThrow } from './or-throw.ts';
export { projectionNames } from './known-projections.ts';
export { openProjections } from './open-projections.ts';
export type {
  BuildDifference,
  ProjectionFailure,
  Projections,
  ProjectionsOptions,
  StoredProjection,
} from './projections.ts';
