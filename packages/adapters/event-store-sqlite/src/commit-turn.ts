import * as E from 'fp-ts/lib/Either.js';
import type { AppendError, Appended } from '@mailroom/domain';
import { type Database, isBusy, type SqliteValue } from '@mailroom/sqlite';
import { chainHash, linkText } from './chain.ts';
import type { Waiting } from './encode.ts';
import type { KnownLog } from './known-log.ts';
import type { KnownNames } from './known-names.ts';
import { positionOf } from './positions.ts';
import type { Reader } from './reader.ts';

type Answer = E.Either<AppendError, Appended>;

/** How a turn ended. `failed`: nothing was written. `unknown`: the commit itself failed, and may have arrived. */
export type Turn =
  | { readonly _tag: 'Done'; readonly answers: readonly Answer[]; readonly written: number }
  | { readonly _tag: 'Busy'; readonly cause: unknown }
  | { readonly _tag: 'Failed'; readonly cause: unknown }
  | { readonly _tag: 'Unknown'; readonly cause: unknown };

export interface TurnDependencies {
  readonly database: Database;
  readonly log: KnownLog;
  readonly streams: KnownNames;
  readonly types: KnownNames;
  readonly reader: Reader;
  readonly now: () => number;
}

const columns = 8;
const row = `(${'?, '.repeat(columns - 1)}?)`;
/** Rows are written many at a time: each call into SQLite costs as much as the row itself. */
const chunks = [64, 16, 4, 1] as const;
const insert = new Map<number, string>(
  chunks.map((rows) => [rows, `INSERT INTO events VALUES ${new Array<string>(rows).fill(row).join(', ')}`]),
);

/** Decides and writes appends within a transaction that holds the write lock. Throws when SQLite does. */
const writeTurn = (dependencies: TurnDependencies, waiting: readonly Waiting[]) => {
  const { database, log, streams, types, reader } = dependencies;
  log.catchUp();
  // The clock may be set back; the times of the log are not.
  const recordedAt = Math.max(dependencies.now(), log.recordedAt());
  const at = new Date(recordedAt);
  const rows: SqliteValue[] = [];
  let hashed = '';
  let largest = 0;

  const append = ({ stream, expected, events, largest: most }: Waiting): Answer => {
    const known = streams.find(stream);
    if (known === undefined && expected !== 'noStream') {
      return E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual: 'noStream' });
    }
    const number = known ?? streams.give(stream);
    const actual = log.revisionOf(number);
    if (actual !== expected) return repeatOrConflict(number, stream, expected, actual, events);

    let revision = expected === 'noStream' ? -1 : expected;
    let position = 0;
    const name = JSON.stringify(stream);
    for (const { id, type, schemaVersion, data, metadata } of events) {
      revision += 1;
      position = log.appended(number, revision);
      const typeNumber = types.give(type);
      const place = `"${positionOf(position)}",${name},${revision},${typeNumber},${schemaVersion},${recordedAt}`;
      const head = `${place},"${id}"`;
      rows.push(position, number, revision, typeNumber, head, data, metadata, null);
      hashed += linkText({ head, type, data, metadata });
    }
    if (most > largest) largest = most;
    return E.right({ revision, position: positionOf(position), recordedAt: at, repeated: false });
  };

  const repeatOrConflict = (
    number: number,
    stream: Waiting['stream'],
    expected: Waiting['expected'],
    actual: Waiting['expected'],
    events: Waiting['events'],
  ): Answer => {
    const first = expected === 'noStream' ? 0 : expected + 1;
    const last = first + events.length - 1;
    if (actual !== 'noStream' && last <= actual) {
      // What this very turn has written is not in the file yet, as far as reading is concerned.
      flush();
      const there = reader.at(log.positions(number, first, last));
      const newest = there.at(-1);
      if (newest !== undefined && there.every(({ id }, index) => id === events[index]?.id)) {
        const { revision, position, recordedAt: then } = newest;
        return E.right({ revision, position, recordedAt: then, repeated: true });
      }
    }
    return E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual });
  };

  let written = 0;
  const flush = (): void => {
    let from = 0;
    for (const size of chunks) {
      for (; rows.length - from >= size * columns; from += size * columns) {
        database.sql(insert.get(size) ?? '').run(rows.slice(from, from + size * columns));
      }
    }
    written += rows.length / columns;
    rows.length = 0;
  };

  const answers = waiting.map(append);
  if (hashed !== '') {
    const hash = chainHash(log.hash(), hashed);
    if (rows.length > 0) rows[rows.length - 1] = hash;
    else database.sql('UPDATE events SET hash = ? WHERE position = ?').run([hash, log.head()]);
    flush();
    if (largest > log.largest()) database.sql('UPDATE log SET largest = ?').run([largest]);
    log.committed(hash, recordedAt, largest);
  }
  return { answers, written };
};

/** After a failure nothing in memory is trusted, and the connection is not either. */
export const startAfresh = ({ database, log, streams, types }: TurnDependencies): void => {
  log.forget();
  streams.forget();
  types.forget();
  try {
    // Closing alone would not do: the lock is held until the last statement of the connection has been collected.
    database.sql('ROLLBACK').run([]);
  } catch {
    // There was no transaction any more.
  }
  try {
    database.reopen();
  } catch {
    // The file cannot be opened now; whoever uses it next is told so.
  }
};

/** One transaction for all who wait. */
export const commitTurn = (dependencies: TurnDependencies, waiting: readonly Waiting[]): Turn => {
  const { database } = dependencies;
  try {
    database.sql('BEGIN IMMEDIATE').run([]);
  } catch (cause) {
    if (isBusy(cause)) return { _tag: 'Busy', cause };
    startAfresh(dependencies);
    return { _tag: 'Failed', cause };
  }
  let turn: { readonly answers: readonly Answer[]; readonly written: number };
  try {
    turn = writeTurn(dependencies, waiting);
  } catch (cause) {
    startAfresh(dependencies);
    return { _tag: 'Failed', cause };
  }
  try {
    database.sql('COMMIT').run([]);
  } catch (cause) {
    startAfresh(dependencies);
    return { _tag: 'Unknown', cause };
  }
  return { _tag: 'Done', ...turn };
};
