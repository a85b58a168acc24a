export { type Assignment, type CarriedOut, type CarryOut, type Owed, type OwedState } from './owed.ts';
export { type Backoff, defaultBackoff } from './backoff.ts';
export { type PersonalRow, type View } from './definition.ts';
export { foldInto } from './fold-into.ts';
export { follower } from './follower.ts';
export type { Follower, FollowerEnv, FollowerOptions } from './follower-types.ts';
export { leadership, type Leadership, type LeadershipOptions, type Term } from './leadership.ts';
export { memoryViewStore } from './memory-view-store.ts';
export {
  type Distance,
  type FollowerError,
  type FollowerProgress,
  type FollowerState,
  type ParkedEvent,
  type ParkedKey,
} from './progress.ts';
export { type ProcessOptions, runProcessManager, type RunningProcess } from './run-process-manager.ts';
export { systemTimers, type Timers } from './timers.ts';
export { type NotReached } from './waiting-list.ts';
