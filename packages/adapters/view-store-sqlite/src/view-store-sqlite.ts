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
import { schema } from './schema.ts';

/** `durability` is `normal` unless asked for otherwise: what a power cut takes from a view is folded again. */
export type SqliteViewStoreOptions = Pick<DatabaseOptions, 'file' | 'durability' | 'busyTimeout' | 'create' | 'driver'>;

interface ViewState extends ViewCheckpoint {
  readonly id: number;
}

const scanBatch = 1000;
const fenced: E.Either<ViewError, never> = E.left({ _tag: 'Fenced' });

/**
 * Views in a SQLite file, which may be the file of the events. Throws when the file cannot be opened or was written by
 * a newer version. Rows hold what they are given: seal personal fields before they come here.
 */
export const sqliteViewStore = (options: SqliteViewStoreOptions): ViewStore => {
  const database: Database = openDatabase({ durability: 'normal', ...options });
  try {
    migrate(database, 'view-store', schema);
  } catch (error) {
    database.close();
    throw error;
  }
  const { sql, exec } = database;

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

  const attempt =
    <Failure, Result>(work: () => E.Either<Failure, Result>): TaskEither<Failure | ViewUnavailable, Result> =>
    async () => {
      try {
        return work();
      } catch (cause) {
        return E.left({ _tag: 'ViewUnavailable', cause });
      }
    };

  const stateOf = ({ name, version }: ViewName): ViewState | null => {
    const row = sql('SELECT id, position, fence FROM view WHERE name = ? AND version = ?').get([name, version]);
    if (row === undefined) return null;
    const [id, position, fence] = row;
    return { id: Number(id), position: position as Position | null, fence: Number(fence) };
  };

  return {
    open: (view) =>
      attempt(() =>
        E.right(
          write(() => {
            sql(
              'INSERT INTO view (name, version, fence) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET fence = fence + 1',
            ).run([view.name, view.version]);
            const { position, fence } = stateOf(view) ?? { position: null, fence: 1 };
            return { position, fence };
          }),
        ),
      ),

    checkpoint: (view) =>
      attempt(() => {
        const state = stateOf(view);
        return E.right(state === null ? null : { position: state.position, fence: state.fence });
      }),

    load: (view, keys) =>
      attempt(() => {
        const found = new Map<string, JsonObject>();
        const id = stateOf(view)?.id;
        if (id === undefined) return E.right(found);
        const select = sql('SELECT row FROM view_row WHERE view = ? AND key = ?');
        for (const key of keys) {
          const row = select.get([id, key]);
          if (row !== undefined) found.set(key, JSON.parse(String(row[0])) as JsonObject);
        }
        return E.right(found);
      }),

    commit: (view, from, to, rows) =>
      attempt(() => {
        // Outside of the transaction: the shorter it is, the less others wait.
        const changes = [...rows].map(([key, row]) => [key, row === null ? null : JSON.stringify(row)] as const);
        return write(() => {
          const state = stateOf(view);
          if (state === null || state.fence !== from.fence || state.position !== from.position) return fenced;
          const put = sql('INSERT INTO view_row VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET row = excluded.row');
          const remove = sql('DELETE FROM view_row WHERE view = ? AND key = ?');
          for (const [key, row] of changes) {
            if (row === null) remove.run([state.id, key]);
            else put.run([state.id, key, row]);
          }
          sql('UPDATE view SET position = ? WHERE id = ?').run([to, state.id]);
          return E.right<ViewError, ViewCheckpoint>({ position: to, fence: state.fence });
        });
      }),

    scan: async function* (view) {
      const id = stateOf(view)?.id;
      if (id === undefined) return;
      const first = sql('SELECT key, row FROM view_row WHERE view = ? ORDER BY key LIMIT ?');
      const next = sql('SELECT key, row FROM view_row WHERE view = ? AND key > ? ORDER BY key LIMIT ?');
      let last: string | null = null;
      for (;;) {
        const batch: readonly (readonly [string, JsonObject])[] = (
          last === null ? first.all([id, scanBatch]) : next.all([id, last, scanBatch])
        ).map(([key, row]) => [String(key), JSON.parse(String(row)) as JsonObject]);
        const end = batch.at(-1);
        if (end === undefined) return;
        yield batch;
        last = end[0];
      }
    },

    activate: ({ name, version }) =>
      attempt(() => {
        sql('INSERT INTO view_active VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version').run([
          name,
          version,
        ]);
        return E.right(undefined);
      }),

    active: (name) =>
      attempt(() => {
        const row = sql('SELECT version FROM view_active WHERE name = ?').get([name]);
        return E.right(row === undefined ? null : Number(row[0]));
      }),

    drop: (view) =>
      attempt(() =>
        write(() => {
          const state = stateOf(view);
          if (state === null) return E.right(undefined);
          sql('DELETE FROM view_row WHERE view = ?').run([state.id]);
          // The fence stays: a holder from before must not write the view that is built anew.
          sql('UPDATE view SET position = NULL, fence = fence + 1 WHERE id = ?').run([state.id]);
          sql('DELETE FROM view_active WHERE name = ? AND version = ?').run([view.name, view.version]);
          return E.right(undefined);
        }),
      ),

    close: async () => database.close(),
  };
};
