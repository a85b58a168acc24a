import type { Migration } from '@mailroom/sqlite';

/** The tables of the view store. Steps are never edited once released. */
export const schema: readonly Migration[] = [
  (database) =>
    database.exec(`
      CREATE TABLE view (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        position TEXT,
        fence INTEGER NOT NULL DEFAULT 0,
        UNIQUE (name, version)
      ) STRICT;
      CREATE TABLE view_row (
        view INTEGER NOT NULL,
        key TEXT NOT NULL,
        row TEXT NOT NULL,
        PRIMARY KEY (view, key)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE view_active (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `),
];
