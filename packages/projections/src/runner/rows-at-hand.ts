import type { DomainEvent, JsonObject, PersonId, RecordedEvent, ScannedRows } from '@mailroom/domain';
import { type Fold, fromJson } from './definition.ts';
import type { DecodedBatch } from './fold-batch.ts';
import { isParkingKey } from './parking.ts';
import { nothingPending, type Pending } from './pending.ts';
import { rowCache } from './row-cache.ts';

/**
 * Rows kept at hand: those of hot mailboxes need not be read, and opened, for every batch. Few, for in a rebuild every
 * row passes through, and what stays for long outlives the young generation of the heap.
 */
const kept = 100;

export interface RowsAtHandOptions<Row> {
  /** The view has no rows yet: nothing has to be looked up. */
  readonly isEmpty: boolean;
  /** Every row as of the last commit, where somebody keeps them all: then none is kept or read here. */
  readonly all: ReadonlyMap<string, Row> | undefined;
  /** Reads rows of the view; null: they cannot be had any more. */
  readonly load: (keys: readonly string[]) => Promise<ReadonlyMap<string, JsonObject> | null>;
  /** Reads all rows of the view. */
  readonly scan: () => AsyncIterable<ScannedRows>;
}

/** The newest rows of a view without a look into its store: those not committed yet, and those touched lately. */
export const rowsAtHand = <Row, Event extends DomainEvent>(
  fold: Fold<Row, Event>,
  { isEmpty, all, load, scan }: RowsAtHandOptions<Row>,
) => {
  const cache = rowCache<Row>(kept, isEmpty);
  let pending = nothingPending<Row>();

  /** The rows of these keys as of the last commit; null: they cannot be had any more. */
  const committedRows = async (keys: Iterable<string>): Promise<Map<string, Row> | null> => {
    if (all !== undefined) {
      const known = new Map<string, Row>();
      for (const key of keys) {
        const row = all.get(key);
        if (row !== undefined) known.set(key, row);
      }
      return known;
    }
    const { rows, unknown } = cache.get(keys);
    if (unknown.length === 0) return rows;
    const loaded = await load(unknown);
    if (loaded === null) return null;
    for (const key of unknown) {
      const found = loaded.get(key);
      const row = found === undefined ? undefined : fromJson<Row>(found);
      if (row !== undefined) rows.set(key, row);
      cache.put(key, row);
    }
    return rows;
  };

  /** Every row of these persons. Somebody is erased so rarely that all rows may be looked at. */
  const addRowsOf = async (persons: ReadonlySet<PersonId>, rows: Map<string, Row>) => {
    for await (const batch of scan()) {
      for (const [key, found] of batch.rows) {
        if (isParkingKey(key) || rows.has(key)) continue;
        const row = fromJson<Row>(found);
        const person = fold.personal?.personId(row) ?? null;
        if (person !== null && persons.has(person)) rows.set(key, row);
      }
    }
  };

  return {
    pending: (): Readonly<Pending<Row>> => pending,
    /** The rows that a batch needs, read where they are not at hand; null: they cannot be had any more. */
    rowsFor: async ({ keys, persons }: DecodedBatch<Event>): Promise<ReadonlyMap<string, Row> | null> => {
      const settled = pending.changes.size === 0 ? keys : [...keys].filter((key) => !pending.changes.has(key));
      const rows = await committedRows(settled);
      if (rows === null) return null;
      for (const key of keys) {
        const row = pending.changes.get(key);
        if (row !== undefined) rows.set(key, row);
      }
      if (persons.size > 0) await addRowsOf(persons, rows);
      return rows;
    },
    /** What was folded, to be committed with whatever else is pending. */
    add: (
      changes: ReadonlyMap<string, Row | undefined>,
      writes: ReadonlyMap<string, JsonObject | null>,
      events: number,
      last: RecordedEvent | undefined,
    ): void => {
      for (const [key, row] of changes) pending.changes.set(key, row);
      for (const [key, row] of writes) pending.writes.set(key, row);
      pending.last = last ?? pending.last;
      pending.events += events;
    },
    /** What was pending is in the store. */
    committed: (): void => {
      if (all === undefined) for (const [key, row] of pending.changes) cache.put(key, row);
      pending = nothingPending();
    },
  };
};
