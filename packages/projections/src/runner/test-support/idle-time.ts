import type { Timers } from '../timers.ts';

/** Time that passes only when the test lets it: straight to the next moment that anybody waits for. */
export interface IdleTime {
  readonly timers: Timers;
  /** Passes on to the next moment that anybody waits for; false: nobody waits. */
  readonly passOn: () => boolean;
}

/** `pass` moves the clock that `now` reads. */
export const idleTime = (now: () => Date, pass: (seconds: number) => void): IdleTime => {
  const waiting = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    timers: {
      now,
      after: (ms, callback) => {
        const timer = { at: now().getTime() + Math.max(0, ms), callback };
        waiting.add(timer);
        return () => waiting.delete(timer);
      },
      random: () => 0.5,
    },
    passOn: () => {
      let next: { readonly at: number; readonly callback: () => void } | undefined;
      for (const timer of waiting) if (next === undefined || timer.at < next.at) next = timer;
      if (next === undefined) return false;
      waiting.delete(next);
      pass(Math.max(0, next.at - now().getTime()) / 1000);
      next.callback();
      return true;
    },
  };
};
