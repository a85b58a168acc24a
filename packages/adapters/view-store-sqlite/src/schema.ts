import type { Migration } from '@mailroom/sqlite';

/** The tables of the view store; each build of a view has a table of rows besides. Steps are never edited once released. */
export const schema: readonly Migration[] = [
  (database) =>
    database.exec(`
      CREATE TABLE view (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        definition INTEGER,
        position TEXT,
        fence INTEGER NOT NULL DEFAULT 0,
        indexes TEXT NOT NULL DEFAULT '[]',
        UNIQUE (name, version)
      ) STRICT;
      CREATE TABLE view_active (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE view_lease (
        name TEXT PRIMARY KEY,
        holder TEXT NOT NULL,
        until INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `),
];
