import type { Comparable, Query } from './query.ts';

/** The part of a page that does not depend on where rows come from. */
export interface Cut<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly total: number;
}

/** How the rows of one view are told apart, read through and put in order when the caller does not say. */
export interface Shape<Row> {
  /** Unique, and stable between two pages. */
  readonly key: (row: Row) => string;
  /** What people would search. */
  readonly texts: (row: Row) => readonly (string | null)[];
  readonly sort: { readonly by: string; readonly descending?: boolean };
}

/** The query is wrong, whatever the rows are. Names the part, never a value. */
export interface InvalidQuery {
  readonly _tag: 'InvalidQuery';
  readonly problem: string;
}

const defaultLimit = 100;
const largestLimit = 1000;

/** A value inside a row by its path (`channels.incoming.status`); null when a part of the path is null or missing. */
const valueAt = (row: unknown, path: string): Comparable => {
  let value: unknown = row;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
};

const rank = (value: Comparable): number =>
  value === null ? 0 : typeof value === 'boolean' ? 1 : typeof value === 'number' ? 2 : 3;

/** A total order over every value: null, booleans, numbers, texts (by code point, the same on every machine). */
const compareValues = (a: Comparable, b: Comparable): number => {
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : 1;
};

const words = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => word !== '');

const fits = (row: unknown, where: NonNullable<Query['where']>): boolean =>
  Object.entries(where).every(([path, wanted]) => {
    const value = valueAt(row, path);
    return Array.isArray(wanted) ? wanted.includes(value) : value === wanted;
  });

interface Cursor {
  readonly value: Comparable;
  readonly key: string;
}

const readCursor = (after: string): Cursor | null => {
  try {
    const parsed: unknown = JSON.parse(after);
    if (!Array.isArray(parsed) || parsed.length !== 2) return null;
    const [value, key] = parsed as readonly unknown[];
    if (typeof key !== 'string' || (typeof value === 'object' && value !== null)) return null;
    return { value: value as Comparable, key };
  } catch {
    return null;
  }
};

/** Filters, searches, sorts and cuts rows. Pages follow each other by value, so rows that come and go shift nothing. */
export const pageOf = <Row>(
  rows: Iterable<Row>,
  query: Pick<Query, 'where' | 'text' | 'sort' | 'after' | 'limit'>,
  shape: Shape<Row>,
): Cut<Row> | InvalidQuery => {
  const limit = query.limit ?? defaultLimit;
  if (!Number.isInteger(limit) || limit < 1 || limit > largestLimit) {
    return { _tag: 'InvalidQuery', problem: `limit: expected a whole number from 1 to ${largestLimit}` };
  }
  const cursor = query.after === undefined ? undefined : readCursor(query.after);
  if (cursor === null) return { _tag: 'InvalidQuery', problem: 'after: expected `next` of an earlier page' };

  const { by, descending = false } = query.sort ?? shape.sort;
  const wanted = words(query.text ?? '');
  const sign = descending ? -1 : 1;
  const order = (a: Cursor, b: Cursor): number => {
    const byValue = sign * compareValues(a.value, b.value);
    return byValue !== 0 ? byValue : compareValues(a.key, b.key);
  };

  const found: (Cursor & { readonly row: Row })[] = [];
  for (const row of rows) {
    if (query.where !== undefined && !fits(row, query.where)) continue;
    if (wanted.length > 0) {
      const text = shape.texts(row).join('\n').toLowerCase().normalize('NFC');
      if (!wanted.every((word) => text.includes(word))) continue;
    }
    found.push({ row, value: valueAt(row, by), key: shape.key(row) });
  }
  found.sort(order);
  const rest = cursor === undefined ? found : found.filter((entry) => order(entry, cursor) > 0);
  const cut = rest.slice(0, limit);
  const last = cut.at(-1);
  const next = last === undefined || rest.length <= limit ? null : JSON.stringify([last.value, last.key]);
  return { rows: cut.map(({ row }) => row), next, total: found.length };
};
