import type { SettingsRow } from '../views/settings.ts';
import type { TestRunRow } from '../views/test-runs.ts';
import type { AlertLine } from './rows/alert-line.ts';
import type { FailureGroup } from './rows/failure-group.ts';
import type { HistoryLine } from './rows/history-line.ts';
import type { MailboxStatus } from './rows/mailbox-status.ts';
import type { ProfileStatus } from './rows/profile-status.ts';

export type { AlertLine } from './rows/alert-line.ts';
export type { FailureGroup } from './rows/failure-group.ts';
export type { HistoryChange, HistoryCause, HistoryLine } from './rows/history-line.ts';
export type { ChannelStatus, Missing, TestMessageStatus, MailboxStatus } from './rows/mailbox-status.ts';
export type { EndpointStatus, ProfileStatus } from './rows/profile-status.ts';

/** The settings of an organization, with the defaults where it has set nothing. */
export type SettingsStatus = SettingsRow;

/** Test & Enable of many mailboxes: how far it has come. */
export type TestRunStatus = TestRunRow;

/** Each view that can be queried, and what its rows look like. */
export interface ViewRows {
  readonly mailboxes: MailboxStatus;
  readonly profiles: ProfileStatus;
  readonly settings: SettingsStatus;
  /** Runs the actor started; administrators: all of the organization. Newest first. */
  readonly testRuns: TestRunStatus;
  /** The wall of the actor: what is for them (administrators: what is for anybody of their organization with `list: 'all'`). */
  readonly alerts: AlertLine;
  /** What fails now in the mailboxes that the actor may see, by server and kind. Most mailboxes first. */
  readonly failures: FailureGroup;
  readonly history: HistoryLine;
}

/** A view that can be queried. */
export type QueryableView = keyof ViewRows;
