import type { JsonObject } from '@mailroom/domain';
import type { Database } from '@mailroom/sqlite';

/** The table that holds the rows of one build of a view: a column for each index beside the row itself. */
export interface ViewTable {
  readonly name: string;
  readonly indexes: readonly string[];
}

export const viewTable = (id: number, indexes: readonly string[]): ViewTable => ({ name: `view_rows_${id}`, indexes });

/** Field names go into SQL: only what can do no harm there. */
export const isField = (name: string): boolean => /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name);

/** The text of a row's field, as its index has it. */
const textAt = (row: JsonObject, field: string): string | null => {
  const value = row[field];
  // A text in SQLite ends at U+0000.
  return typeof value === 'string' && !value.includes('\u0000') ? value : null;
};

/** What `put` is run with. */
export const valuesOf = ({ indexes }: ViewTable, key: string, row: JsonObject): (string | null)[] => [
  key,
  JSON.stringify(row),
  ...indexes.map((field) => textAt(row, field)),
];

/** Creates the table, or what it lacks. In the transaction of the caller. */
export const buildTable = ({ exec }: Database, { name, indexes }: ViewTable, built: readonly string[] | null): void => {
  // With a rowid: rows are large, and in a tree by key every split would move them.
  if (built === null) exec(`CREATE TABLE ${name} (key TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT`);
  for (const field of indexes) {
    if (built?.includes(field) === true) continue;
    exec(`ALTER TABLE ${name} ADD COLUMN "${field}" TEXT`);
    // JSON's own escapes keep U+0000 out of `row`; a field that is no text has no entry.
    exec(
      `UPDATE ${name} SET "${field}" = row ->> '$."${field}"' WHERE json_type(row, '$."${field}"') = 'text' AND instr(row ->> '$."${field}"', char(0)) = 0`,
    );
    exec(`CREATE INDEX ${name}_${field} ON ${name} ("${field}") WHERE "${field}" IS NOT NULL`);
  }
};

/** Inserts or replaces a row with its indexed texts. */
export const putInto = ({ name, indexes }: ViewTable): string => {
  const columns = ['key', 'row', ...indexes.map((field) => `"${field}"`)];
  const set = columns.slice(1).map((column) => `${column} = excluded.${column}`);
  const places = columns.map(() => '?').join(', ');
  return `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${places}) ON CONFLICT (key) DO UPDATE SET ${set.join(', ')}`;
};
