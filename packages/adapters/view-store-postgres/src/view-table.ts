import type { JsonObject, Rows } from '@mailroom/domain';
import type { ClientBase } from 'pg';

/** The table that holds the rows of one build of a view: a column for each index beside the row itself. */
export interface ViewTable {
  readonly id: number;
  readonly name: string;
  readonly indexes: readonly string[];
}

export const viewTable = (id: number, indexes: readonly string[]): ViewTable => ({
  id,
  name: `mailroom.view_rows_${id}`,
  indexes,
});

/** Field names go into SQL: only what can do no harm there. */
export const isField = (name: string): boolean => /^[A-Za-z][A-Za-z0-9]{0,40}$/.test(name);

/** PostgreSQL's text cannot hold U+0000. */
const textAt = (row: JsonObject, field: string): string | null => {
  const value = row[field];
  return typeof value === 'string' && !value.includes('\u0000') ? value : null;
};

/** Creates the table, or what it lacks. In the transaction of the caller. */
export const buildTable = async (
  client: ClientBase,
  { id, name, indexes }: ViewTable,
  built: readonly string[] | null,
): Promise<void> => {
  if (built === null) await client.query(`CREATE TABLE ${name} (key text COLLATE "C" PRIMARY KEY, row text NOT NULL)`);
  for (const field of indexes) {
    if (built?.includes(field) === true) continue;
    await client.query(`ALTER TABLE ${name} ADD COLUMN "${field}" text COLLATE "C"`);
    await client.query(`UPDATE ${name} SET "${field}" = row::json ->> '${field}'
      WHERE json_typeof(row::json -> '${field}') = 'string'
        AND position('\\u0000' in (row::json -> '${field}')::text) = 0`);
    await client.query(`CREATE INDEX "view_rows_${id}_${field}" ON ${name} ("${field}") WHERE "${field}" IS NOT NULL`);
  }
};

/**
 * Checkpoint and rows in one statement, which is one transaction and one round trip: moved only from the expected
 * position under the expected fence, and no row is written unless it was.
 */
export const commitInto = ({ name, indexes }: ViewTable): string => {
  const columns = ['key', 'row', ...indexes.map((field) => `"${field}"`)];
  const arrays = columns.map((_, place) => `$${place + 6}::text[]`);
  const set = columns.slice(1).map((column) => `${column} = excluded.${column}`);
  return `WITH moved AS (
      UPDATE mailroom.view SET position = $4
      WHERE id = $1 AND definition IS NOT NULL AND fence = $2 AND position IS NOT DISTINCT FROM $3
      RETURNING id
    ), gone AS (
      DELETE FROM ${name} WHERE key = ANY($5::text[]) AND EXISTS (SELECT FROM moved)
    ), put AS (
      INSERT INTO ${name} (${columns.join(', ')})
      SELECT * FROM unnest(${arrays.join(', ')}) WHERE EXISTS (SELECT FROM moved)
      ON CONFLICT (key) DO UPDATE SET ${set.join(', ')}
    )
    SELECT id FROM moved`;
};

/** The columns of the rows to write, and the keys of those to delete. */
export const columnsOf = (
  { indexes }: ViewTable,
  rows: Rows,
): { readonly gone: readonly string[]; readonly put: readonly (readonly (string | null)[])[] } => {
  const gone: string[] = [];
  const put: (string | null)[][] = [[], [], ...indexes.map(() => [])];
  for (const [key, row] of rows) {
    if (row === null) {
      gone.push(key);
      continue;
    }
    put[0]?.push(key);
    put[1]?.push(JSON.stringify(row));
    for (const [place, field] of indexes.entries()) put[place + 2]?.push(textAt(row, field));
  }
  return { gone, put };
};
