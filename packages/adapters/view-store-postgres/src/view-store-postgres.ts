import type {
  JsonObject,
  Position,
  ViewCheckpoint,
  ViewError,
  ViewName,
  ViewStore,
  ViewUnavailable,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { activeBuilds } from './active.ts';
import { openPostgres, type PostgresOptions } from './database.ts';
import { leases } from './leases.ts';
import { scanRows } from './scan.ts';
import { type KeyedRow, parsed, selectView, type ViewRow } from './view-row.ts';
import { buildTable, columnsOf, commitInto, isField, type ViewTable, viewTable } from './view-table.ts';

/** Which database to use, and how. */
export type PostgresViewStoreOptions = PostgresOptions;

const fenced: E.Either<ViewError, never> = E.left({ _tag: 'Fenced' });
/** The table was dropped by somebody else. */
const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42P01';

/**
 * Views in the schema `mailroom` of a PostgreSQL database, for processes on several machines. Connects when first
 * asked; what cannot be reached is `ViewUnavailable`. Rows hold what they are given: seal personal fields before.
 */
export const postgresViewStore = (options: PostgresViewStoreOptions): ViewStore => {
  const database = openPostgres(options);
  const active = activeBuilds(database);
  const lease = leases(database);
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

    scan: (view, { prefix = '' } = {}) => scanRows(database, view, prefix),

    activate: (view) =>
      attempt(async () => {
        await active.set(view);
        return E.right(undefined);
      }),
    takeOver: (view) => attempt(async () => E.right(await active.takeOver(view))),
    active: (name) => attempt(async () => E.right(await active.of(name))),

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

    lease: (names, holder, ttlMs) => attempt(async () => E.right(await lease.take(names, holder, ttlMs))),
    release: (names, holder) =>
      attempt(async () => {
        await lease.giveBack(names, holder);
        return E.right(undefined);
      }),

    close: database.close,
  };
};
