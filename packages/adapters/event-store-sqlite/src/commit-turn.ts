import * as E from 'fp-ts/lib/Either.js';
import { isBusy } from '@mailroom/sqlite';
import { appendAlone } from './append-alone.ts';
import { chainHash } from './chain.ts';
import type { Waiting } from './encode.ts';
import { addRows, noRows, seal, writeInChunks } from './event-rows.ts';
import { positionOf } from './positions.ts';
import { type Answer, startAfresh, type Turn, type TurnDependencies } from './turn.ts';

/** Decides and writes appends within a transaction that holds the write lock. Throws when SQLite does. */
const writeTurn = (dependencies: TurnDependencies, waiting: readonly Waiting[]) => {
  const { database, log, streams, types, reader } = dependencies;
  log.catchUp();
  // The clock may be set back; the times of the log are not.
  const recordedAt = Math.max(dependencies.now(), log.recordedAt());
  const at = new Date(recordedAt);
  const rows = noRows();
  let written = 0;
  let largest = 0;

  const append = (each: Waiting): Answer => {
    const { stream, expected, events } = each;
    const known = streams.find(stream);
    if (known === undefined && expected !== 'noStream') {
      return E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual: 'noStream' });
    }
    const number = known ?? streams.give(stream);
    const actual = log.revisionOf(number);
    if (actual !== expected) return repeatOrConflict(number, stream, expected, actual, events);

    const first = expected === 'noStream' ? 0 : expected + 1;
    addRows(rows, each, { stream: number, revision: first, position: log.head() + 1, recordedAt }, types);
    const revision = first + events.length - 1;
    for (let one = first; one <= revision; one += 1) log.appended(number, one);
    if (each.largest > largest) largest = each.largest;
    return E.right({ revision, position: positionOf(log.head()), recordedAt: at, repeated: false });
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
      written += writeInChunks(database, rows);
      const there = reader.at(log.positions(number, first, last));
      const newest = there.at(-1);
      if (newest !== undefined && there.every(({ id }, index) => id === events[index]?.id)) {
        const { revision, position, recordedAt: then } = newest;
        return E.right({ revision, position, recordedAt: then, repeated: true });
      }
    }
    return E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual });
  };

  const answers = waiting.map(append);
  if (rows.linked !== '') {
    const hash = chainHash(log.hash(), rows.linked);
    if (rows.values.length > 0) seal(rows, hash);
    else database.sql('UPDATE events SET hash = ? WHERE position = ?').run([hash, log.head()]);
    written += writeInChunks(database, rows);
    if (largest > log.largest()) database.sql('UPDATE log SET largest = ?').run([largest]);
    log.committed(hash, recordedAt, largest);
  }
  return { answers, written };
};

/** One transaction for all these appends. */
const commitTogether = (dependencies: TurnDependencies, waiting: readonly Waiting[]): Turn => {
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

/** Writes what waits, all of it or nothing. */
export const commitTurn = (dependencies: TurnDependencies, waiting: readonly Waiting[]): Turn => {
  const [first, ...others] = waiting;
  const alone = first !== undefined && others.length === 0 ? appendAlone(dependencies, first) : undefined;
  return alone ?? commitTogether(dependencies, waiting);
};
