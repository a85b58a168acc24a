import type { ScannedRows, ViewName } from '@mailroom/domain';
import type { PostgresDatabase } from './database.ts';
import { type KeyedRow, parsed, selectView, type ViewRow } from './view-row.ts';
import { viewTable } from './view-table.ts';

const scanBatch = 1000;

/** Reads on a connection of its own, in one transaction for all batches: what others commit meanwhile does not show. */
export const scanRows = async function* (
  database: PostgresDatabase,
  view: ViewName,
  prefix: string,
): AsyncIterable<ScannedRows> {
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
};
