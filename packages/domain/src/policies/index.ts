import { alertMail } from './alert-mail.ts';
import { credentialsExpiry } from './credentials-expiry.ts';
import { incidents } from './incidents.ts';
import { profileChanges } from './profile-changes.ts';
import { testRuns } from './test-runs.ts';
import { testMessages } from './test-messages.ts';
import { testing } from './testing.ts';

export { alertMail } from './alert-mail.ts';
export type { AlertMailRow } from './alert-mail-row.ts';
export { credentialsExpiry, type CredentialsExpiryRow } from './credentials-expiry.ts';
export { incidents, type IncidentsRow } from './incidents.ts';
export type {
  AnnounceAlertMail,
  AnnounceMailboxCredentialsExpiry,
  AnnounceProfileCredentialsExpiry,
  CancelTestOfRun,
  Cause,
  CompleteRun,
  DeliverAlertMail,
  DetachFromProfile,
  Instruction,
  ProbeIncident,
  RequestRetry,
  ResumePausedChannel,
  RunTest,
  SendTestMessage,
  SpreadProfileChange,
  StartRun,
} from './instruction.ts';
export { profileChanges, type ProfileChangesRow } from './profile-changes.ts';
export { type TestMessageRow, testMessages } from './test-messages.ts';
export { type TestRunRow, testRuns } from './test-runs.ts';
export { testing, type TestingRow } from './testing.ts';

/** Every process manager of Mailroom, for a runner to drive. */
export const policies = {
  testing,
  profileChanges,
  incidents,
  testRuns,
  testMessages,
  alertMail,
  credentialsExpiry,
} as const;
