import type { JsonObject, Metadata, Position, RecordedEvent, StreamName } from '@mailroom/domain';
import type { Database, SqliteRow, SqliteValue } from '@mailroom/sqlite';
import type { KnownNames } from './known-names.ts';
import { batchMetadata, FileEvent } from './recorded-event.ts';

/** Where a batch ended: what lies up to there has been looked at, whether it matched or not. */
interface Batch {
  readonly events: readonly RecordedEvent[];
  readonly upTo: number;
}

export interface Reader {
  /** Position of the newest event that anybody has committed. */
  readonly head: () => number;
  /** Events after a position, up to another, of these types; at most one batch of them, looking at one window. */
  readonly batch: (after: number, upTo: number, types: readonly string[] | undefined) => Batch;
  /** The events at these positions, in that order. */
  readonly at: (positions: readonly number[]) => readonly RecordedEvent[];
  readonly numberOfStream: (stream: StreamName) => number | undefined;
}

/** Texts of so many events stay below the size from which on the engine takes pages for each string. */
const batchSize = 250;
/** How many events are looked at in one go where few match: the thread is shared with commands. */
const windowSize = 10_000;
/** Rows are joined to one text: it must stay far below what a string can hold. */
const mostBytes = 33_554_432;

// One text for each column of a batch: joined in C, parsed once. That is several times faster than row by row. Asked
// for as bytes, which Node turns into strings in half the time that a driver takes, and metadata only if somebody looks.
const column = (name: string): string => `CAST(group_concat(${name}, ',') AS BLOB)`;
const columns = `SELECT ${column('head')}, ${column('data')}, ${column('metadata')}`;
const joined = (from: string): string => `${columns} FROM (SELECT e.head, e.data, e.metadata FROM ${from})`;

// A range of the key is read in its order; positions have no gaps, so it needs no limit.
const between = `${columns} FROM events WHERE position > ? AND position <= ?`;
const betweenOfTypes = joined(
  `events e WHERE e.position > ? AND e.position <= ? AND e.type IN (SELECT value FROM json_each(?))
   ORDER BY e.position LIMIT ?`,
);
const atPositions = joined('events e WHERE e.position IN (SELECT value FROM json_each(?)) ORDER BY e.position');

/** Where brackets are put around a batch: around a string they would cost a copy of it on the heap. */
const scratch = Buffer.allocUnsafe(1_048_576);
const [opening, closing]: readonly [number, number] = [0x5b, 0x5d];

/** The JSON values that were joined by commas. */
const listOf = (bytes: SqliteValue | undefined): readonly unknown[] => {
  if (!(bytes instanceof Uint8Array)) throw new Error('an event without its text: the file is damaged');
  const length = bytes.length + 2;
  const buffer = length <= scratch.length ? scratch : Buffer.allocUnsafe(length);
  buffer[0] = opening;
  buffer.set(bytes, 1);
  buffer[length - 1] = closing;
  return JSON.parse(buffer.toString('utf8', 0, length)) as readonly unknown[];
};

/** The values of `head` of one event, as they follow each other in the parsed array. */
const headLength = 7;

export const reader = (database: Database, streams: KnownNames, types: KnownNames): Reader => {
  const eventsOf = (row: SqliteRow | undefined): readonly RecordedEvent[] => {
    const [heads, data, metadata] = row ?? [];
    if (!(heads instanceof Uint8Array)) return [];
    const head = listOf(heads);
    const items = listOf(data) as readonly JsonObject[];
    const all = batchMetadata(() => listOf(metadata) as readonly Metadata[]);
    const events = new Array<RecordedEvent>(items.length);
    for (let index = 0, at = 0; index < items.length; index++, at += headLength) {
      events[index] = new FileEvent(
        head[at + 6] as string,
        types.nameOf(head[at + 3] as number),
        head[at + 4] as number,
        items[index] as JsonObject,
        head[at + 1] as StreamName,
        head[at + 2] as number,
        head[at] as Position,
        new Date(head[at + 5] as number),
        all,
        index,
      );
    }
    return events;
  };

  /** So many rows that even if all were as large as the largest, they fit. */
  const mostRows = (): number => {
    const largest = Number(database.sql('SELECT largest FROM log').get([])?.[0] ?? 0);
    return Math.max(1, Math.min(batchSize, Math.floor(mostBytes / Math.max(1, largest))));
  };

  return {
    head: () => Number(database.sql('SELECT max(position) FROM events').get([])?.[0] ?? 0),

    batch: (after, upTo, wanted) => {
      const rows = mostRows();
      if (wanted === undefined) {
        const end = Math.min(upTo, after + rows);
        return { events: eventsOf(database.sql(between).get([after, end])), upTo: end };
      }
      const end = Math.min(upTo, after + windowSize);
      const numbers = types.findAll(wanted);
      if (numbers.length === 0) return { events: [], upTo: end };
      const parameters: SqliteValue[] = [after, end, JSON.stringify(numbers), rows];
      const events = eventsOf(database.sql(betweenOfTypes).get(parameters));
      const last = events.at(-1);
      return { events, upTo: last !== undefined && events.length === rows ? Number(last.position) : end };
    },

    at: (positions) => {
      const events: RecordedEvent[] = [];
      const rows = mostRows();
      for (let from = 0; from < positions.length; from += rows) {
        const part = positions.slice(from, from + rows);
        events.push(...eventsOf(database.sql(atPositions).get([JSON.stringify(part)])));
      }
      return events;
    },

    numberOfStream: (stream) => streams.find(stream),
  };
};
