import type { Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { FollowerEnv } from './follower-types.ts';
import { type FollowerError, type FollowerProgress, type FollowerState, pace, rateMeter } from './progress.ts';
import { waitingList } from './waiting-list.ts';

export interface ProgressOptions {
  readonly env: Pick<FollowerEnv, 'store' | 'timers' | 'distance'>;
  /** Of the definition, as those who wait are told it. */
  readonly name: string;
  readonly onState: () => void;
}

type Tracked = Omit<FollowerProgress, 'name' | 'version' | 'build' | 'kind' | 'isLeading' | 'parked'>;

/** How far a follower has come, in what state it is, how fast it gets on; and those who wait for it to get somewhere. */
export const trackProgress = ({ env: { store, timers, distance }, name, onState }: ProgressOptions) => {
  const meter = rateMeter();
  const distanceMeter = rateMeter();
  const waiting = waitingList();
  let state: FollowerState = 'starting';
  let reached: Position | null = null;
  let head: Position | null = null;
  let headAskedAt = 0;
  let events = 0;
  let lastEventAt: Date | null = null;
  let lastError: FollowerError | null = null;
  let lastProgressAt: Date | null = null;

  const enter = (next: FollowerState): void => {
    state = next;
    onState();
  };

  return {
    waiting,
    state: () => state,
    isFinal: () => state === 'halted' || state === 'superseded' || state === 'stopped',
    reached: () => reached,
    head: () => head,
    /** Events handled in the life of this follower. */
    events: () => events,
    enter,
    /** For good: whoever waits is told. */
    end: (as: 'halted' | 'superseded' | 'stopped'): void => {
      enter(as);
      waiting.endAll({ _tag: 'NotReached', name, state: as });
    },
    fault: (tag: string, problem: string, final = false): void => {
      lastError = { tag, problem, at: timers.now(), final };
    },
    /** Here another session begins: how far the one before had come says nothing about the rows of this one. */
    restart: (at: Position | null): void => {
      reached = at;
      if (at !== null) waiting.reached(at);
    },
    advance: (position: Position | null): void => {
      if (position === null || (reached !== null && position <= reached)) return;
      reached = position;
      lastProgressAt = timers.now();
      if (head === null || head < position) head = position;
      waiting.reached(position);
    },
    /** Nothing is missing now. */
    confirm: (): void => {
      lastProgressAt = timers.now();
    },
    /** Events that were committed, and how far they have led. */
    count: (handled: number, recordedAt: Date, from: Position | null, to: Position): void => {
      const now = timers.now().getTime();
      events += handled;
      lastEventAt = recordedAt;
      meter.add(handled, now);
      distanceMeter.add(distance(from, to)?.count ?? 0, now);
    },
    /** Asks the store for its head, unless it was asked less than `every` milliseconds ago. */
    askHead: async (every = 0): Promise<void> => {
      const now = timers.now().getTime();
      if (every > 0 && now - headAskedAt <= every) return;
      headAskedAt = now;
      const asked = await store.head();
      if (E.isRight(asked) && asked.right !== null && (head === null || asked.right > head)) head = asked.right;
    },
    now: (): Tracked => ({
      state,
      position: reached,
      head,
      events,
      ...pace({
        isLive: state === 'live',
        now: timers.now().getTime(),
        lastEventAt,
        behind: head === null ? null : distance(reached, head),
        meter,
        distanceMeter,
      }),
      lastError,
      lastProgressAt,
    }),
  };
};

export type ProgressTracker = ReturnType<typeof trackProgress>;
