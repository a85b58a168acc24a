import type { JsonObject, Position, ScannedRows, ViewName } from '@mailroom/domain';
import type { Database } from '@mailroom/sqlite';
import { stateOf } from './state.ts';

const scanBatch = 1000;

/** Greater than every text that begins with the prefix, in the order of bytes. */
const endOf = (prefix: string): string => `${prefix}\u{10ffff}`;

/**
 * Reads on a connection of its own, in one transaction for all batches: what others commit meanwhile does not show.
 * The transaction ends when the loop is left.
 */
export const scanRows = async function* (
  { sql, exec }: Database,
  view: ViewName,
  prefix: string,
): AsyncIterable<ScannedRows> {
  exec('BEGIN');
  try {
    const state = stateOf(sql, view);
    if (state === null) return;
    const { position, table } = state;
    const first = sql(`SELECT key, row FROM ${table.name} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`);
    const next = sql(`SELECT key, row FROM ${table.name} WHERE key > ? AND key < ? ORDER BY key LIMIT ?`);
    let from = prefix;
    for (let batch = 0; ; batch += 1) {
      const found = (batch === 0 ? first : next).all([from, endOf(prefix), scanBatch]);
      if (found.length > 0 || batch === 0) yield scanned(position, found as readonly (readonly [string, string])[]);
      if (found.length < scanBatch) return;
      from = String(found.at(-1)?.[0]);
    }
  } finally {
    exec('COMMIT');
  }
};

const scanned = (position: Position | null, rows: readonly (readonly [string, string])[]): ScannedRows => ({
  position,
  rows: rows.map(([key, row]) => [key, JSON.parse(row) as JsonObject]),
});
