import * as E from 'fp-ts/lib/Either.js';
import type { AppendError, Appended, EventStore } from '@mailroom/domain';
import { commitTurn } from './commit-turn.ts';
import { encode, type Waiting } from './encode.ts';
import { indexEvery, indexStreams } from './index-streams.ts';
import { pace } from './pace.ts';
import type { TurnDependencies } from './turn.ts';

/** What was written so far, for those who measure. */
export interface WriterCounts {
  readonly commits: number;
  readonly events: number;
}

export interface Writer {
  readonly append: EventStore['append'];
  readonly counts: () => WriterCounts;
  /** Finishes what was asked for and takes no more. */
  readonly close: () => Promise<void>;
}

/** An append of this many bytes more goes to the next transaction: one turn should not hold up the process for long. */
const mostBytesOfTurn = 16_777_216;
/** Another process may hold the lock for a while (an index, a checkpoint); one that hangs is reported. */
const longestWaitForLock = 10_000;
const pauseForLock = 5;

const closed: E.Either<AppendError, Appended> = E.left({ _tag: 'StoreUnavailable', cause: 'the store is closed' });

/**
 * Group commit: appends wait for their turn (see pace.ts), are decided in the order in which they came, and share one
 * transaction, so that one flush to disk serves all. Every promise is resolved after the commit, never before.
 */
export const writer = (dependencies: TurnDependencies, onCommit: () => void): Writer => {
  let waiting: Waiting[] = [];
  let isScheduled = false;
  let wasAlone = false;
  let isClosed = false;
  let waitingForLockSince: number | undefined;
  let onIdle: (() => void)[] = [];
  let commits = 0;
  let events = 0;

  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    paced.next(wasAlone);
  };

  const take = (): readonly Waiting[] => {
    let bytes = 0;
    let count = 0;
    for (; count < waiting.length; count++) {
      bytes += waiting[count]?.bytes ?? 0;
      if (count > 0 && bytes > mostBytesOfTurn) break;
    }
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return taken;
  };

  const turn = (): void => {
    isScheduled = false;
    const taken = take();
    wasAlone = taken.length === 1 && waiting.length === 0;
    if (taken.length > 0 && settle(taken) === 'later') {
      waiting = [...taken, ...waiting];
      isScheduled = true;
      setTimeout(turn, pauseForLock);
      return;
    }
    if (waiting.length > 0) {
      schedule();
      return;
    }
    const idle = onIdle;
    onIdle = [];
    for (const resume of idle) resume();
  };

  const paced = pace(turn);

  const settle = (taken: readonly Waiting[]): 'settled' | 'later' => {
    const result = commitTurn(dependencies, taken);
    if (result._tag === 'Busy') {
      waitingForLockSince ??= performance.now();
      if (performance.now() - waitingForLockSince < longestWaitForLock) {
        return 'later';
      }
    }
    waitingForLockSince = undefined;
    if (result._tag !== 'Done') {
      const _tag = result._tag === 'Unknown' ? 'OutcomeUnknown' : 'StoreUnavailable';
      for (const { resolve } of taken) resolve(E.left({ _tag, cause: result.cause }));
      return 'settled';
    }
    for (const [index, { resolve }] of taken.entries()) resolve(result.answers[index] ?? closed);
    if (result.written === 0) return 'settled';
    commits += 1;
    events += result.written;
    onCommit();
    if (dependencies.log.head() - dependencies.log.indexedTo() >= indexEvery) setImmediate(indexSoon);
    return 'settled';
  };

  let isFinished = false;
  const indexSoon = (): void => {
    if (isFinished || dependencies.log.head() - dependencies.log.indexedTo() < indexEvery) return;
    indexStreams(dependencies);
  };

  return {
    append: (stream, expected, given) => () => {
      if (isClosed) return Promise.resolve(closed);
      const encoded = encode(stream, expected, given);
      if (E.isLeft(encoded)) return Promise.resolve(encoded);
      return new Promise((resolve) => {
        waiting.push({ ...encoded.right, resolve });
        schedule();
      });
    },
    counts: () => ({ commits, events }),
    close: async () => {
      isClosed = true;
      if (waiting.length > 0 || isScheduled) await new Promise<void>((resolve) => onIdle.push(resolve));
      isFinished = true;
    },
  };
};
