import type {
  JsonObject,
  Position,
  ScannedRows,
  ViewCheckpoint,
  ViewError,
  ViewName,
  ViewStore,
  ViewUnavailable,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openPostgres, type PostgresOptions } from './database.ts';
import { buildTable, columnsOf, commitInto, isField, type ViewTable, viewTable } from './view-table.ts';

/** Which database to use, and how. */
export type PostgresViewStoreOptions = PostgresOptions;

interface ViewRow {
  readonly id: number;
  readonly position: Position | null;
  readonly fence: string;
  readonly indexes: string[];
}
interface KeyedRow {
  readonly key: string;
  readonly row: string;
}

const scanBatch = 1000;
const fenced: E.Either<ViewError, never> = E.left({ _tag: 'Fenced' });
const activateView = `INSERT INTO mailroom.view_active VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET version = excluded.version`;
const selectView = `SELECT id, position, fence::text, indexes FROM mailroom.view
  WHERE name = $1 AND version = $2 AND definition IS NOT NULL`;
const parsed = (rows: readonly KeyedRow[]): Map<string, JsonObject> =>
  new Map(rows.map(({ key, row }) => [key, JSON.parse(row) as JsonObject]));

/** The table was dropped by somebody else. */
const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42P01';

/**
 * Views in the schema `mailroom` of a PostgreSQL database, for processes on several machines. Connects when first
 * asked; what cannot be reached is `ViewUnavailable`. Rows hold what they are given: seal personal fields before.
 */
export const postgresViewStore = (options: PostgresViewStoreOptions): ViewStore => {
  const database = openPostgres(options);
  const tables = new Map<string, ViewTable>();
  const keyOf = ({ name, version }: ViewName): string => `${version}/${name}`;

  const attempt =
    <Failure, Result>(work: () => Promise<E.Either<Failure, Result>>): TaskEither<Failure | ViewUnavailable, Result> =>
    async () => {
      try {
        return await work();
      } catch (cause) {
        return E.left({ _tag: 'ViewUnavailable', cause });
      }
    };

  const viewRow = async ({ name, version }: ViewName): Promise<ViewRow | undefined> =>
    (await database.rows<ViewRow>({ name: 'view', text: selectView, values: [name, version] }))[0];

  /** Where its rows are; undefined: there is no such build. What an index needs is looked up again when it is not known. */
  const tableOf = async (view: ViewName, field?: string): Promise<ViewTable | undefined> => {
    const known = tables.get(keyOf(view));
    if (known !== undefined && (field === undefined || known.indexes.includes(field))) return known;
    const row = await viewRow(view);
    if (row === undefined) return undefined;
    const table = viewTable(row.id, row.indexes);
    tables.set(keyOf(view), table);
    return table;
  };

  /** Rows of a table that may have gone since it was looked up. */
  const select = async (
    view: ViewName,
    { name, indexes }: ViewTable,
    where: string,
    values: readonly string[],
  ): Promise<Map<string, JsonObject>> => {
    try {
      const text = `SELECT key, row FROM ${name} WHERE ${where} = ANY($1::text[])`;
      const found = await database.rows<KeyedRow>({
        name: `${name}/${where}/${indexes.length}`,
        text,
        values: [values],
      });
      return parsed(found);
    } catch (error) {
      if (!isGone(error)) throw error;
      tables.delete(keyOf(view));
      return new Map();
    }
  };

  return {
    open: (view, { definition = view.version, indexes = [] } = {}) =>
      attempt(async () => {
        if (!indexes.every(isField)) throw new TypeError('indexes: expected field names of letters and digits');
        const checkpoint = await database.transaction(async (client): Promise<ViewCheckpoint> => {
          const named = [view.name, view.version];
          await client.query('INSERT INTO mailroom.view (name, version) VALUES ($1, $2) ON CONFLICT DO NOTHING', named);
          const locked = await client.query<ViewRow & { readonly definition: number | null }>(
            `SELECT id, position, fence::text, indexes, definition FROM mailroom.view
             WHERE name = $1 AND version = $2 FOR UPDATE`,
            named,
          );
          const row = locked.rows[0];
          if (row === undefined) throw new Error('the view was not stored');
          const all = [...new Set([...row.indexes, ...indexes])];
          const table = viewTable(row.id, all);
          await buildTable(client, table, row.definition === null ? null : row.indexes);
          await client.query(
            'UPDATE mailroom.view SET definition = $2, indexes = $3, fence = fence + 1 WHERE id = $1',
            [row.id, definition, all],
          );
          tables.set(keyOf(view), table);
          return { position: row.position, fence: Number(row.fence) + 1 };
        });
        return E.right(checkpoint);
      }),

    checkpoint: (view) =>
      attempt(async () => {
        const row = await viewRow(view);
        return E.right(row === undefined ? null : { position: row.position, fence: Number(row.fence) });
      }),

    versions: (name) =>
      attempt(async () => {
        const text = `SELECT version, definition, position FROM mailroom.view
          WHERE name = $1 AND definition IS NOT NULL ORDER BY version`;
        const values = [name];
        return E.right(
          await database.rows<{ version: number; definition: number; position: Position | null }>({ text, values }),
        );
      }),

    load: (view, keys) =>
      attempt(async () => {
        const table = keys.length === 0 ? undefined : await tableOf(view);
        return E.right(table === undefined ? new Map<string, JsonObject>() : await select(view, table, 'key', keys));
      }),

    find: (view, field, texts) =>
      attempt(async () => {
        const table = await tableOf(view, field);
        if (table?.indexes.includes(field) !== true) return E.right(new Map<string, JsonObject>());
        const wanted = texts.filter((text) => !text.includes('\u0000'));
        return E.right(await select(view, table, `"${field}"`, wanted));
      }),

    commit: (view, from, to, rows) =>
      attempt(async () => {
        const table = await tableOf(view);
        if (table === undefined) return fenced;
        const { gone, put } = columnsOf(table, rows);
        const text = commitInto(table);
        const name = `${table.name}/commit/${table.indexes.length}`;
        const values = [table.id, from.fence, from.position, to, gone, ...put];
        try {
          const moved = await database.rows({ name, text, values });
          return moved.length === 0 ? fenced : E.right<ViewError, ViewCheckpoint>({ position: to, fence: from.fence });
        } catch (error) {
          if (!isGone(error)) throw error;
          tables.delete(keyOf(view));
          return fenced;
        }
      }),

    scan: async function* (view, { prefix = '' } = {}): AsyncIterable<ScannedRows> {
      const client = await database.connect();
      try {
        // One snapshot for all batches.
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        const state = (await client.query<ViewRow>(selectView, [view.name, view.version])).rows[0];
        if (state === undefined) return;
        const { position } = state;
        const { name } = viewTable(state.id, state.indexes);
        let last: string | null = null;
        for (;;) {
          const text = `SELECT key, row FROM ${name} WHERE starts_with(key, $1) AND key >= $1
            AND ($2::text IS NULL OR key > $2) ORDER BY key LIMIT ${scanBatch}`;
          const { rows }: { readonly rows: readonly KeyedRow[] } = await client.query<KeyedRow>(text, [prefix, last]);
          if (rows.length > 0 || last === null) yield { position, rows: [...parsed(rows)] };
          if (rows.length < scanBatch) return;
          last = rows.at(-1)?.key ?? null;
        }
      } finally {
        const ended = await client.query('COMMIT').then(
          () => true,
          () => false,
        );
        client.release(!ended);
      }
    },

    activate: ({ name, version }) =>
      attempt(async () => {
        await database.rows({ text: activateView, values: [name, version] });
        return E.right(undefined);
      }),

    takeOver: ({ name, version }) =>
      attempt(async () => {
        const isTaken = await database.transaction(async (client) => {
          // Neither of the two moves until it is decided.
          const text = `SELECT view.version, position, view.version = active.version AS seen
            FROM mailroom.view LEFT JOIN mailroom.view_active active USING (name)
            WHERE name = $1 AND view.version IN ($2, active.version) ORDER BY id FOR UPDATE OF view`;
          const { rows } = await client.query<{ version: number; position: Position | null; seen: boolean | null }>(
            text,
            [name, version],
          );
          const place = rows.find((row) => row.version === version)?.position ?? '';
          if (place < (rows.find(({ seen }) => seen === true)?.position ?? '')) return false;
          await client.query(activateView, [name, version]);
          return true;
        });
        return E.right(isTaken);
      }),

    active: (name) =>
      attempt(async () => {
        const text = 'SELECT version FROM mailroom.view_active WHERE name = $1';
        const found = await database.rows<{ version: number }>({ name: 'active', text, values: [name] });
        return E.right(found[0]?.version ?? null);
      }),

    drop: (view) =>
      attempt(async () => {
        await database.transaction(async (client) => {
          const text = `${selectView} FOR UPDATE`;
          const row = (await client.query<ViewRow>(text, [view.name, view.version])).rows[0];
          if (row === undefined) return;
          await client.query(`DROP TABLE ${viewTable(row.id, row.indexes).name}`);
          // The fence stays: a holder from before must not write the view that is built anew.
          await client.query(
            `UPDATE mailroom.view SET position = NULL, definition = NULL, indexes = '{}', fence = fence + 1 WHERE id = $1`,
            [row.id],
          );
          await client.query('DELETE FROM mailroom.view_active WHERE name = $1 AND version = $2', [
            view.name,
            view.version,
          ]);
        });
        tables.delete(keyOf(view));
        return E.right(undefined);
      }),

    lease: (names, holder, ttlMs) =>
      attempt(async () => {
        // By the clock of the server, the same for all; in one order, so that no two wait for each other.
        const text = `INSERT INTO mailroom.view_lease (name, holder, until)
          SELECT name, $2, clock_timestamp() + $3 * interval '1 millisecond' FROM unnest($1::text[]) AS name ORDER BY name
          ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
          WHERE view_lease.holder = excluded.holder OR view_lease.until <= clock_timestamp()
          RETURNING name`;
        const values = [names, holder, ttlMs];
        const taken = await database.rows<{ name: string }>({ name: 'lease', text, values });
        return E.right(new Set(taken.map(({ name }) => name)));
      }),

    release: (names, holder) =>
      attempt(async () => {
        const text = 'DELETE FROM mailroom.view_lease WHERE name = ANY($1::text[]) AND holder = $2';
        await database.rows({ text, values: [names, holder] });
        return E.right(undefined);
      }),

    close: database.close,
  };
};
