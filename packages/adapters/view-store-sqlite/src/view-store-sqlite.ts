import type {
  JsonObject,
  Position,
  ViewCheckpoint,
  ViewError,
  ViewName,
  ViewStore,
  ViewUnavailable,
} from '@mailroom/domain';
import { type Database, type DatabaseOptions, migrate, openDatabase } from '@mailroom/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { leases } from './leases.ts';
import { scanRows } from './scan.ts';
import { schema } from './schema.ts';
import { stateOf } from './state.ts';
import { buildTable, isField, putInto, valuesOf, viewTable } from './view-table.ts';

/** `durability` is `normal` unless asked for otherwise: what a power cut takes from a view is folded again. */
export interface SqliteViewStoreOptions extends Pick<
  DatabaseOptions,
  'file' | 'durability' | 'busyTimeout' | 'create' | 'driver' | 'cacheSize'
> {
  /** Milliseconds since 1970, the same for every process that shares the file: what leases are measured by. */
  readonly now?: () => number;
}

const fenced: E.Either<ViewError, never> = E.left({ _tag: 'Fenced' });
const parsed = (text: unknown): JsonObject => JSON.parse(String(text)) as JsonObject;

/**
 * Views in a SQLite file, which may be the file of the events. Throws when the file cannot be opened or was written by
 * a newer version. Rows hold what they are given: seal personal fields before they come here.
 */
export const sqliteViewStore = ({ now = Date.now, ...options }: SqliteViewStoreOptions): ViewStore => {
  const database: Database = openDatabase({ durability: 'normal', cacheSize: 16_384, ...options });
  try {
    migrate(database, 'view-store', schema);
  } catch (error) {
    database.close();
    throw error;
  }
  const { sql, exec } = database;
  const readers: Database[] = [];
  let isClosed = false;

  /** One transaction, from beginning to end without a turn of the event loop. */
  const write = <Result>(work: () => Result): Result => {
    exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      exec('COMMIT');
      return result;
    } catch (error) {
      exec('ROLLBACK');
      throw error;
    }
  };
  const activate = ({ name, version }: ViewName): void =>
    sql('INSERT INTO view_active VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version').run([
      name,
      version,
    ]);
  const lease = leases(database, write, now);

  const attempt =
    <Failure, Result>(work: () => E.Either<Failure, Result>): TaskEither<Failure | ViewUnavailable, Result> =>
    async () => {
      try {
        return work();
      } catch (cause) {
        return E.left({ _tag: 'ViewUnavailable', cause });
      }
    };

  return {
    open: (view, { definition = view.version, indexes = [] } = {}) =>
      attempt(() => {
        if (!indexes.every(isField)) throw new TypeError('indexes: expected field names of letters and digits');
        return E.right(
          write(() => {
            const before = stateOf(sql, view);
            const all = [...new Set([...(before?.table.indexes ?? []), ...indexes])];
            sql(
              `INSERT INTO view (name, version, definition, fence, indexes) VALUES (?, ?, ?, 1, ?)
               ON CONFLICT DO UPDATE SET fence = fence + 1, definition = excluded.definition, indexes = excluded.indexes`,
            ).run([view.name, view.version, definition, JSON.stringify(all)]);
            const state = stateOf(sql, view);
            if (state === null) throw new Error('the view was not stored');
            buildTable(database, viewTable(state.id, all), before?.table.indexes ?? null);
            return { position: state.position, fence: state.fence };
          }),
        );
      }),

    checkpoint: (view) =>
      attempt(() => {
        const state = stateOf(sql, view);
        return E.right(state === null ? null : { position: state.position, fence: state.fence });
      }),

    versions: (name) =>
      attempt(() => {
        const select = 'SELECT version, definition, position FROM view WHERE name = ? AND definition IS NOT NULL';
        const found = sql(`${select} ORDER BY version`).all([name]);
        return E.right(
          found.map(([version, definition, position]) => ({
            version: Number(version),
            definition: Number(definition),
            position: position as Position | null,
          })),
        );
      }),

    load: (view, keys) =>
      attempt(() => {
        const found = new Map<string, JsonObject>();
        const table = stateOf(sql, view)?.table;
        if (table === undefined) return E.right(found);
        // Joined to one statement: a call for each key costs more than the row.
        const select = `SELECT key, row FROM ${table.name} WHERE key IN (SELECT value FROM json_each(?))`;
        for (const [key, row] of sql(select).all([JSON.stringify(keys)])) found.set(String(key), parsed(row));
        return E.right(found);
      }),

    find: (view, field, texts) =>
      attempt(() => {
        const found = new Map<string, JsonObject>();
        const table = stateOf(sql, view)?.table;
        if (table?.indexes.includes(field) !== true) return E.right(found);
        const select = sql(`SELECT key, row FROM ${table.name} WHERE "${field}" = ?`);
        for (const text of texts) {
          if (text.includes('\u0000')) continue;
          for (const [key, row] of select.all([text])) found.set(String(key), parsed(row));
        }
        return E.right(found);
      }),

    commit: (view, from, to, rows) =>
      attempt(() =>
        write(() => {
          const state = stateOf(sql, view);
          if (state === null || state.fence !== from.fence || state.position !== from.position) return fenced;
          const put = sql(putInto(state.table));
          const remove = sql(`DELETE FROM ${state.table.name} WHERE key = ?`);
          for (const [key, row] of rows) {
            if (row === null) remove.run([key]);
            else put.run(valuesOf(state.table, key, row));
          }
          sql('UPDATE view SET position = ? WHERE id = ?').run([to, state.id]);
          return E.right<ViewError, ViewCheckpoint>({ position: to, fence: state.fence });
        }),
      ),

    scan: async function* (view, { prefix = '' } = {}) {
      const reader =
        readers.pop() ?? openDatabase({ ...options, create: false, durability: 'normal', cacheSize: 2048 });
      try {
        yield* scanRows(reader, view, prefix);
      } finally {
        if (isClosed) reader.close();
        else readers.push(reader);
      }
    },

    activate: (view) =>
      attempt(() => {
        activate(view);
        return E.right(undefined);
      }),

    takeOver: (view) =>
      attempt(() =>
        E.right(
          write(() => {
            const seen = sql('SELECT version FROM view_active WHERE name = ?').get([view.name]);
            const before = seen === undefined ? null : stateOf(sql, { name: view.name, version: Number(seen[0]) });
            if ((stateOf(sql, view)?.position ?? '') < (before?.position ?? '')) return false;
            activate(view);
            return true;
          }),
        ),
      ),

    active: (name) =>
      attempt(() => {
        const row = sql('SELECT version FROM view_active WHERE name = ?').get([name]);
        return E.right(row === undefined ? null : Number(row[0]));
      }),

    drop: (view) =>
      attempt(() =>
        write(() => {
          const state = stateOf(sql, view);
          if (state === null) return E.right(undefined);
          exec(`DROP TABLE ${state.table.name}`);
          // The fence stays: a holder from before must not write the view that is built anew.
          sql(`UPDATE view SET position = NULL, definition = NULL, indexes = '[]', fence = fence + 1 WHERE id = ?`).run(
            [state.id],
          );
          sql('DELETE FROM view_active WHERE name = ? AND version = ?').run([view.name, view.version]);
          return E.right(undefined);
        }),
      ),

    lease: (names, holder, ttlMs) => attempt(() => E.right(lease.take(names, holder, ttlMs))),
    release: (names, holder) =>
      attempt(() => {
        lease.giveBack(names, holder);
        return E.right(undefined);
      }),

    close: async () => {
      isClosed = true;
      for (const reader of readers.splice(0)) reader.close();
      database.close();
    },
  };
};
