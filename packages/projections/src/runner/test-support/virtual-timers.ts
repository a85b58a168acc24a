import type { Timers } from '../timers.ts';

/** Timers of a clock that only the test moves. `advance` runs what falls due, in order. */
export const virtualTimers = (start = Date.UTC(2026, 0, 1)) => {
  let now = start;
  let waiting: { readonly at: number; readonly callback: () => void }[] = [];
  const timers: Timers = {
    now: () => new Date(now),
    after: (ms, callback) => {
      const timer = { at: now + Math.max(0, ms), callback };
      waiting.push(timer);
      return () => {
        waiting = waiting.filter((other) => other !== timer);
      };
    },
    random: () => 0.5,
  };
  return {
    timers,
    pending: (): number => waiting.length,
    advance: async (ms: number): Promise<void> => {
      const until = now + ms;
      for (;;) {
        const next = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        waiting = waiting.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
        await settled();
      }
      now = until;
      await settled();
    },
  };
};

/** Lets everything that can go on without the passing of time go on. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Timers that never make anybody wait: every wait ends in the next turn of the event loop. */
export const impatientTimers: Timers = {
  now: () => new Date(),
  after: (_ms, callback) => {
    const handle = setImmediate(callback);
    return () => clearImmediate(handle);
  },
  random: () => 0,
};
