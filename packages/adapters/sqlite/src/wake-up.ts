import { type FSWatcher, watch } from 'node:fs';
import type { Database } from './database.ts';

/** Tells when something was committed to the file, by this process or another. */
export interface WakeUp {
  /** This connection has committed something: `newest` says this now. */
  readonly committed: (newest: number) => void;
  /** Call it before looking for news; give the result to `changedSince`, so that nothing in between is missed. */
  readonly now: () => number;
  /** Resolves when something may have been committed since then; at once if it already was; also when cancelled. */
  readonly changedSince: (then: number, signal: globalThis.AbortSignal) => Promise<void>;
  /** From now on nobody waits: all who do are woken, and nothing is watched any more. */
  readonly close: () => void;
}

/** Longest time between two looks while the file seems quiet: the net under systems that lose file notifications. */
const longestDelay = 1000;

/**
 * The write-ahead log is watched, so an idle process does nothing. The system reports the write some time before the
 * commit becomes visible (with a flush to disk in between), so after a report `newest` is looked at again and again
 * with growing pauses, from 1 ms up, until it has moved. It says how far that goes which is waited for: others may keep
 * things of their own in the same file, and nobody is to be woken for those.
 */
export const wakeUp = ({ file }: Pick<Database, 'file'>, newest: () => number): WakeUp => {
  const waiting = new Set<() => void>();
  let changes = 0;
  let isClosed = false;
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let delay = longestDelay;

  /** A file that cannot be read is the reader's to report: whoever waits is woken. */
  const newestOrNull = (): number | null => {
    try {
      return newest();
    } catch {
      return null;
    }
  };
  let seen = newestOrNull();

  const changed = (): void => {
    changes += 1;
    const woken = [...waiting];
    waiting.clear();
    for (const resume of woken) resume();
    rest();
  };

  /** Nobody waits: no timer, no watcher. */
  const rest = (): void => {
    if (waiting.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };

  const look = (): void => {
    // Whether it was the timer or a report: only one look is ever due.
    clearTimeout(timer);
    timer = undefined;
    if (isClosed || waiting.size === 0) return;
    const now = newestOrNull();
    if (now === null || now !== seen) {
      seen = now ?? seen;
      changed();
    } else {
      delay = Math.min(longestDelay, delay * 2);
      lookIn(delay);
    }
  };

  const lookIn = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(look, milliseconds);
  };

  const reported = (): void => {
    if (waiting.size === 0) return;
    delay = 0.5;
    look();
  };

  const startWatching = (): void => {
    if (watcher !== undefined) return;
    try {
      watcher = watch(`${file}-wal`, reported);
      watcher.on('error', stopWatching).unref();
    } catch {
      // Without notifications the counter is looked at once a second.
      watcher = undefined;
    }
  };

  const stopWatching = (): void => {
    watcher?.close();
    watcher = undefined;
  };

  return {
    committed: (upTo) => {
      seen = upTo;
      changed();
    },
    now: () => {
      if (!isClosed) startWatching();
      return changes;
    },
    changedSince: (then, signal) =>
      new Promise((resolve) => {
        if (isClosed || signal.aborted || changes !== then) {
          resolve();
          return;
        }
        const resume = (): void => {
          waiting.delete(resume);
          signal.removeEventListener('abort', resume);
          rest();
          resolve();
        };
        waiting.add(resume);
        signal.addEventListener('abort', resume, { once: true });
        if (timer === undefined) {
          delay = 0.5;
          lookIn(0);
        }
      }),
    close: () => {
      isClosed = true;
      stopWatching();
      changed();
      clearTimeout(timer);
    },
  };
};
