import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SqliteEventStore, sqliteEventStore } from '@mailroom/event-store-sqlite';
import { StreamName } from '@mailroom/domain';
import Database from 'libsql';
import { mailboxIds, newEvents } from './workload.ts';

export type Durability = 'full' | 'normal';

/** A folder on the disk of the checkout (a temporary folder may lie in memory), gone when the work is done. */
export const withFolder = async <Result>(work: (folder: string) => Promise<Result>): Promise<Result> => {
  const base = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.mailroom', 'bench');
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, 'events-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** A store with so many streams of so many events, and the ids of the mailboxes. */
export const filledStore = async (
  file: string,
  durability: Durability,
  streams = 10_000,
  each = 10,
): Promise<{ readonly store: SqliteEventStore; readonly ids: readonly string[] }> => {
  const store = sqliteEventStore({ file, durability });
  const ids = mailboxIds(streams);
  for (let from = 0; from < streams; from += 500) {
    await Promise.all(
      ids.slice(from, from + 500).map(async (id, index) => {
        const stream = StreamName.orThrow(`mailbox-${id}`);
        const result = await store.append(stream, 'noStream', newEvents(id, (from + index) * each, each))();
        if (result._tag === 'Left') throw new Error(result.left._tag);
      }),
    );
  }
  return { store, ids };
};

interface RawStatement {
  readonly run: (parameters: readonly unknown[]) => unknown;
  readonly get: (parameters: readonly unknown[]) => readonly unknown[] | undefined;
  readonly all: (parameters: readonly unknown[]) => readonly (readonly unknown[])[];
}

/** libsql as one would use it by hand, with the settings of the store. */
export const rawDatabase = (file: string, durability: Durability) => {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(`PRAGMA synchronous = ${durability}`);
  database.exec('PRAGMA cache_size = -8192');
  database.exec('PRAGMA wal_autocheckpoint = 4000');
  database.exec('PRAGMA temp_store = MEMORY');
  return {
    exec: (sql: string) => database.exec(sql),
    prepare: (sql: string) => database.prepare(sql) as unknown as RawStatement,
    rows: (sql: string) => (database.prepare(sql) as unknown as { raw: () => RawStatement }).raw(),
    close: () => database.close(),
  };
};

/** The store's columns, alone. */
export const eventsTable = `CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER NOT NULL,
  revision INTEGER NOT NULL, type INTEGER NOT NULL, head TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL,
  hash BLOB) STRICT`;

/** The table as somebody would write it by hand who wants to find the events of a stream. */
export const streamIndex = 'CREATE UNIQUE INDEX events_by_stream ON events (stream, revision)';

/** The texts of rows as the store would write them, made before the clock starts. */
export const rawRows = (howMany: number, streams = 10_000): readonly (readonly unknown[])[] => {
  const ids = mailboxIds(howMany);
  const revisions = new Map<number, number>();
  return ids.map((id, index) => {
    const [event] = newEvents(id, index, 1);
    if (event === undefined) throw new Error('no event');
    const stream = 1 + Math.floor(Math.random() * streams);
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const position = String(index + 1).padStart(16, '0');
    const head = `"${position}","mailbox-${id}",${revision},1,1,${Date.now()},"${event.id}"`;
    return [index + 1, stream, revision, 1, head, JSON.stringify(event.data), JSON.stringify(event.metadata), null];
  });
};
