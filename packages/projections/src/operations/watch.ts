import { setMaxListeners } from 'node:events';
import type { EventStore, Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Follower } from '../runner/follower-types.ts';
import { pause, type Timers } from '../runner/timers.ts';
import type { Watched } from './health.ts';

export interface WatchOptions {
  readonly followers: readonly Pick<Follower, 'progress' | 'whenReached'>[];
  readonly store: Pick<EventStore, 'head'>;
  readonly timers: Timers;
  /** How often the store is asked for its head; default 5 s. */
  readonly everyMs?: number;
}

/** Looks after views and processes, for health checks and metrics. */
export interface Watch {
  /** Until the signal aborts. Never rejects. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly look: () => Watched;
}

type Watchable = WatchOptions['followers'][number];

/**
 * Asks the store for its head again and again, and each follower whether it has taken in everything up to there. So
 * somebody behind is told from somebody whom what was written does not concern, and a subscription that fell silent
 * from a quiet store.
 */
export const watch = ({ followers, store, timers, everyMs = 5000 }: WatchOptions): Watch => {
  const started = timers.now();
  let sourceConfirmedAt = started;
  const confirmedAt = new Map<Watchable, Date>(followers.map((one) => [one, started]));
  const seen = new Map<Watchable, string>();
  const asking = new Set<Watchable>();

  const confirm = (one: Watchable): void => void confirmedAt.set(one, timers.now());

  /** Any step counts: a position, an event, a state. */
  const noticeSteps = (): void => {
    for (const one of followers) {
      const { position, events, state } = one.progress();
      const mark = `${position ?? ''} ${events} ${state === 'waiting' ? 'waiting' : ''}`;
      if (seen.get(one) === mark) continue;
      // What it stood at when the watch began is no step; nor is falling into waiting.
      if (seen.has(one) && state !== 'waiting') confirm(one);
      seen.set(one, mark);
    }
  };

  const askWhetherReached = (head: Position | null, signal: AbortSignal): void => {
    for (const one of followers) {
      if (asking.has(one)) continue;
      const { state } = one.progress();
      if (head === null) {
        // In an empty store there is nothing to take in; whoever follows it live is up to date.
        if (state === 'live') confirm(one);
        continue;
      }
      asking.add(one);
      void one
        .whenReached(head, signal)()
        .then((reached) => {
          if (E.isRight(reached)) confirm(one);
        })
        .finally(() => asking.delete(one));
    }
  };

  return {
    run: async (signal) => {
      // Every follower that is asked listens to it; that is no leak.
      setMaxListeners(0, signal);
      while (!signal.aborted) {
        noticeSteps();
        const head = await store.head().catch(() => null);
        if (head !== null && E.isRight(head)) {
          sourceConfirmedAt = timers.now();
          askWhetherReached(head.right, signal);
        }
        await pause(timers, everyMs, signal);
      }
    },
    look: () => {
      noticeSteps();
      return {
        now: timers.now(),
        sourceConfirmedAt,
        followers: followers.map((one) => ({ progress: one.progress(), confirmedAt: confirmedAt.get(one) ?? started })),
      };
    },
  };
};
