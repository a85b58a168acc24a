import { incidents } from './incidents.ts';
import { profileChanges } from './profile-changes.ts';
import { testing } from './testing.ts';

export { incidents, type IncidentsRow } from './incidents.ts';
export type {
  Cause,
  DetachFromProfile,
  Instruction,
  ProbeIncident,
  RequestRetry,
  ResumePausedChannel,
  RunTest,
  SpreadProfileChange,
} from './instruction.ts';
export { profileChanges, type ProfileChangesRow } from './profile-changes.ts';
export { testing, type TestingRow } from './testing.ts';

/** Every process manager of Mailroom, for a runner to drive. */
export const policies = { testing, profileChanges, incidents } as const;
