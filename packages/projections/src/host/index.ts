export type {
  ActingMailroom,
  CheckActivity,
  ExecuteOptions,
  Idle,
  Mailroom,
  MailroomOptions,
  QueryFailure,
  RetryDue,
  RowChanged,
  VaultOptions,
} from './mailroom.ts';
