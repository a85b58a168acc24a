/** The only source of time and waiting of the runner, so that a test can turn the hands. */
export interface Timers {
  readonly now: () => Date;
  /** Calls `callback` once after `ms` milliseconds; the result cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** From 0 up to, but not including, 1: the jitter of waits. */
  readonly random: () => number;
}

/** setTimeout keeps at most 24.8 days; what lies further ahead is looked at again then. */
const longestTimeout = 2 ** 31 - 1;

/** The time and the timers of this machine. */
export const systemTimers: Timers = {
  now: () => new Date(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), longestTimeout));
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Resolves after `ms`, or as soon as the signal aborts. Never rejects. */
export const pause = (timers: Timers, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timers.after(ms, done);
    signal.addEventListener('abort', done, { once: true });
  });

/** Resolves as soon as one of the signals aborts. */
export const aborted = (...signals: readonly AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const any = AbortSignal.any([...signals]);
    if (any.aborted) resolve();
    else any.addEventListener('abort', () => resolve(), { once: true });
  });
