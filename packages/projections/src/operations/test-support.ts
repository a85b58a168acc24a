import type { Position } from '@mailroom/domain';
import type { FollowerProgress } from '../runner/progress.ts';

/** The progress of a view that is live, but for what a test says. */
export const aProgress = (changes: Partial<FollowerProgress> = {}): FollowerProgress => ({
  name: 'mailboxes',
  version: 1,
  build: 1,
  kind: 'view',
  state: 'live',
  isLeading: true,
  position: '5' as Position,
  head: '5' as Position,
  events: 5,
  lagMs: 0,
  lagEvents: 0,
  lagBytes: null,
  rate: 0,
  etaSeconds: 0,
  parked: [],
  lastError: null,
  lastProgressAt: null,
  ...changes,
});
