import type { Database, SqliteValue } from '@mailroom/sqlite';
import { linkText } from './chain.ts';
import type { Waiting } from './encode.ts';
import type { KnownNames } from './known-names.ts';
import { positionOf } from './positions.ts';

/** The columns of `events`. */
const columns = 8;
const row = `(${'?, '.repeat(columns - 1)}?)`;

/** Rows are written many at a time: each call into SQLite costs as much as the row itself. */
const chunks = [64, 16, 4, 1] as const;
const statements = new Map<number, string>();

/** The statement that writes so many rows. */
const insertOf = (rows: number): string => {
  const known = statements.get(rows);
  if (known !== undefined) return known;
  const text = `INSERT INTO events VALUES ${new Array<string>(rows).fill(row).join(', ')}`;
  statements.set(rows, text);
  return text;
};

/** Where an append goes in the log. */
export interface Place {
  readonly stream: number;
  /** Revision of its first event. */
  readonly revision: number;
  /** Position of its first event. */
  readonly position: number;
  readonly recordedAt: number;
}

/** Rows on their way into the file, one value after the other, and the text of what goes into their hash. */
export interface EventRows {
  readonly values: SqliteValue[];
  linked: string;
}

export const noRows = (): EventRows => ({ values: [], linked: '' });

export const addRows = (rows: EventRows, { stream, events }: Waiting, place: Place, types: KnownNames): void => {
  const name = JSON.stringify(stream);
  let { revision, position } = place;
  for (const { id, type, schemaVersion, data, metadata } of events) {
    const typeNumber = types.give(type);
    const where = `"${positionOf(position)}",${name},${revision},${typeNumber},${schemaVersion},${place.recordedAt}`;
    const head = `${where},"${id}"`;
    rows.values.push(position, place.stream, revision, typeNumber, head, data, metadata, null);
    rows.linked += linkText({ head, type, data, metadata });
    revision += 1;
    position += 1;
  }
};

/** The last row ends a commit. */
export const seal = ({ values }: EventRows, hash: Uint8Array): void => {
  values[values.length - 1] = hash;
};

/** Writes the rows by one statement, however many they are. */
export const writeAtOnce = (database: Database, { values }: EventRows): void =>
  database.sql(insertOf(values.length / columns)).run(values);

/** Writes the rows by as few statements as there are prepared ones for; gives how many rows there were. */
export const writeInChunks = (database: Database, { values }: EventRows): number => {
  let from = 0;
  for (const size of chunks) {
    for (; values.length - from >= size * columns; from += size * columns) {
      database.sql(insertOf(size)).run(values.slice(from, from + size * columns));
    }
  }
  const written = values.length / columns;
  values.length = 0;
  return written;
};
