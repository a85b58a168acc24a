import { isBusy } from '@mailroom/sqlite';
import { startAfresh, type TurnDependencies } from './turn.ts';

/** So many events are remembered before they are put into the index: sorted and at once, that costs little. */
export const indexEvery = 16_384;

/** Brings the index up to the newest event. Best effort: what is not indexed is remembered, and read when opening. */
export const indexStreams = (dependencies: TurnDependencies): void => {
  const { database, log } = dependencies;
  try {
    database.sql('BEGIN IMMEDIATE').run([]);
  } catch (error) {
    if (!isBusy(error)) startAfresh(dependencies);
    return;
  }
  try {
    log.catchUp();
    const head = log.head();
    // Another process may have done part of it.
    const from = Number(database.sql('SELECT indexed_to FROM log').get([])?.[0]);
    database
      .sql(
        `INSERT INTO stream_index (stream, revision, position)
         SELECT stream, revision, position FROM events WHERE position > ? AND position <= ? ORDER BY stream, revision`,
      )
      .run([from, head]);
    database.sql('UPDATE log SET indexed_to = ?').run([head]);
    database.sql('COMMIT').run([]);
    log.indexed(head);
  } catch {
    startAfresh(dependencies);
  }
};
