import { type Database, migrate, type Migration } from '@mailroom/sqlite';

/**
 * `events` grows at its end only, and nothing else is written for an event: that is what makes an append cheap.
 * `head` holds the event's place and identity as a run of JSON values, so that many rows can be joined and parsed at
 * once; the whole numbers before it repeat what queries select by. `hash` stands on the last event of each commit.
 *
 * `stream_index` finds the events of a stream. It is written in large sorted batches (kept for each event it would cost
 * several times the event itself); what lies beyond `indexed_to` is found through memory (see known-log.ts).
 */
const first: Migration = (database) => {
  database.exec(`
    CREATE TABLE events (
      position INTEGER PRIMARY KEY,
      stream INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      type INTEGER NOT NULL,
      head TEXT NOT NULL,
      data TEXT NOT NULL,
      metadata TEXT NOT NULL,
      hash BLOB
    ) STRICT;
    CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE stream_index (
      stream INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (stream, revision)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log (id INTEGER PRIMARY KEY CHECK (id = 1), indexed_to INTEGER NOT NULL, largest INTEGER NOT NULL) STRICT;
    INSERT INTO log VALUES (1, 0, 0);
  `);
};

/** Creates the tables, or brings those of an earlier version up to date. */
export const prepareSchema = (database: Database): void => migrate(database, 'events', [first]);
