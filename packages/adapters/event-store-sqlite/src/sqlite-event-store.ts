import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventStore, RecordedEvent, SealedHistory, StoreError, StoreUnavailable } from '@mailroom/domain';
import { type DatabaseOptions, openDatabase, wakeUp } from '@mailroom/sqlite';
import type { TurnDependencies } from './turn.ts';
import { limits } from './encode.ts';
import { knownLog } from './known-log.ts';
import { knownNames } from './known-names.ts';
import { placeOf, positionOf } from './positions.ts';
import { reader } from './reader.ts';
import { readStream } from './read-stream.ts';
import { prepareSchema } from './schema.ts';
import { subscribe } from './subscription.ts';
import { newestSeal, verify } from './verify.ts';
import { writer, type WriterCounts } from './writer.ts';

/** Where the file is, and how it is written. */
export interface SqliteEventStoreOptions extends DatabaseOptions {
  /** The clock that `recordedAt` comes from. */
  readonly now?: () => Date;
}

/** The embedded store: one file, any number of processes on one machine. */
export interface SqliteEventStore extends EventStore, SealedHistory {
  /** What SQLite finds wrong with the file; empty when it is sound. */
  readonly checkIntegrity: TaskEither<StoreUnavailable, readonly string[]>;
  /** A copy as of now, while reads and writes go on. The file must not exist. */
  readonly backup: (target: string) => TaskEither<StoreUnavailable, void>;
  /** What this process has written since it opened the store. */
  readonly counts: () => WriterCounts;
}

const unavailable = (cause: unknown): E.Either<StoreUnavailable, never> => E.left({ _tag: 'StoreUnavailable', cause });

/**
 * Opens the store, creating the file if need be. Throws `SqliteFailure` when it cannot be opened, or was written by a
 * newer version.
 */
export const sqliteEventStore = ({ now = () => new Date(), ...options }: SqliteEventStoreOptions): SqliteEventStore => {
  // The log is written at its end and read in order; only the stream index profits, and it is written sorted.
  const database = openDatabase({ cacheSize: 8192, ...options });
  prepareSchema(database);
  const streams = knownNames(database, 'streams');
  const types = knownNames(database, 'types');
  const log = knownLog(database);
  const events = reader(database, streams, types);
  const wake = wakeUp(database, events.head);
  const dependencies: TurnDependencies = { database, log, streams, types, reader: events, now: () => now().getTime() };
  const write = writer(dependencies, () => wake.committed(log.head()));
  let closing: Promise<void> | undefined;

  /** Runs what reads the file; what SQLite throws becomes a failure. */
  const reading = <Result>(work: () => Result): E.Either<StoreUnavailable, Result> => {
    if (closing !== undefined) return unavailable('the store is closed');
    try {
      return E.right(work());
    } catch (cause) {
      return unavailable(cause);
    }
  };

  return {
    limits,
    append: write.append,
    readStream: (stream, asked) => async () => reading(() => readStream(dependencies, stream, asked)),

    readAll: async function* ({ after, types: wanted, upTo, signal } = {}): AsyncGenerator<
      E.Either<StoreError, readonly RecordedEvent[]>
    > {
      let place = after === undefined ? 0 : placeOf(after);
      const head = reading(events.head);
      if (E.isLeft(head)) {
        yield head;
        return;
      }
      const end = upTo === undefined ? head.right : Math.min(head.right, placeOf(upTo));
      while (place < end && signal?.aborted !== true) {
        const batch = reading(() => events.batch(place, end, wanted));
        if (E.isLeft(batch)) {
          yield batch;
          return;
        }
        place = batch.right.upTo;
        if (batch.right.events.length > 0) yield E.right(batch.right.events);
        // Where few events match, a long search must not hold up the process.
        else await new Promise((resolve) => setImmediate(resolve));
      }
    },

    subscribe: subscribe({ reader: events, wakeUp: wake, isClosed: () => closing !== undefined }),

    head: async () => {
      const head = reading(events.head);
      return E.isLeft(head) ? head : E.right(head.right === 0 ? null : positionOf(head.right));
    },

    seal: async () => reading(() => newestSeal(database)),

    verify: (options) => async () =>
      closing === undefined ? await verify(database)(options)() : unavailable('the store is closed'),

    checkIntegrity: async () => {
      const rows = reading(() => database.sql('PRAGMA integrity_check').all([]));
      if (E.isLeft(rows)) return rows;
      return E.right(rows.right.map(([problem]) => String(problem)).filter((problem) => problem !== 'ok'));
    },

    backup: (target) => async () => {
      if (closing !== undefined) return unavailable('the store is closed');
      try {
        await database.copyTo(target);
        return E.right(undefined);
      } catch (cause) {
        return unavailable(cause);
      }
    },

    counts: write.counts,

    close: () =>
      (closing ??= (async () => {
        await write.close();
        wake.close();
        database.close();
      })()),
  };
};
