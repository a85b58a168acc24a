import type { ExpectedRevision } from '@mailroom/domain';
import type { Database } from '@mailroom/sqlite';

/**
 * What this process knows of the log: how far it goes, the last revision of streams, and where the events lie that the
 * index does not cover yet. It is exact whenever `catchUp` has just been called within a transaction that holds the
 * write lock, because positions have no gaps: whoever has seen the newest has seen all. Should that ever fail, the
 * append does too, since its position is taken.
 */
export interface KnownLog {
  /** Takes in what other processes have written since. */
  readonly catchUp: () => void;
  /** Position of the newest event; 0 when there is none. */
  readonly head: () => number;
  /** Hash of the newest commit. */
  readonly hash: () => Uint8Array;
  /** When the newest event was recorded, in milliseconds. */
  readonly recordedAt: () => number;
  readonly indexedTo: () => number;
  /** Bytes of the largest event of the log. */
  readonly largest: () => number;
  readonly revisionOf: (stream: number) => ExpectedRevision;
  /** Positions of the events of a stream with these revisions (both inclusive), in order. */
  readonly positions: (stream: number, from: number, to: number) => readonly number[];
  /** This process appends an event; the caller's transaction has not ended yet. */
  readonly appended: (stream: number, revision: number) => number;
  readonly committed: (hash: Uint8Array, recordedAt: number, largest: number) => void;
  /** The index covers everything up to here. */
  readonly indexed: (upTo: number) => void;
  /** Forgets everything: a transaction was taken back, or its outcome is not known. */
  readonly forget: () => void;
}

interface Tail {
  /** Revision of the first of these events. */
  readonly first: number;
  readonly positions: number[];
}

/** Before the first commit there is nothing to chain to. */
const noHash = new Uint8Array(32);
const mostRevisionsKept = 200_000;

export const knownLog = (database: Database): KnownLog => {
  let head = 0;
  let hash: Uint8Array = noHash;
  let recordedAt = 0;
  let indexedTo = 0;
  let largest = 0;
  let revisions = new Map<number, number>();
  let tail = new Map<number, Tail>();

  const appended = (stream: number, revision: number): number => {
    head += 1;
    const known = tail.get(stream);
    if (known === undefined) tail.set(stream, { first: revision, positions: [head] });
    else known.positions.push(head);
    revisions.set(stream, revision);
    return head;
  };

  const forget = (): void => {
    head = 0;
    hash = noHash;
    recordedAt = 0;
    indexedTo = 0;
    largest = 0;
    revisions = new Map();
    tail = new Map();
  };

  /** Another process has indexed up to here: those events need not be remembered. */
  const trim = (upTo: number): void => {
    for (const [stream, { first, positions }] of tail) {
      const indexed = positions.filter((position) => position <= upTo).length;
      if (indexed === positions.length) tail.delete(stream);
      else if (indexed > 0) tail.set(stream, { first: first + indexed, positions: positions.slice(indexed) });
    }
  };

  /** What the index covers can be looked up again. */
  const keepTailOnly = (): void => {
    revisions = new Map();
    for (const [stream, { first, positions }] of tail) revisions.set(stream, first + positions.length - 1);
  };

  const readTail = (): void => {
    const log = database.sql('SELECT indexed_to, largest FROM log').get([]);
    const upTo = Number(log?.[0]);
    largest = Number(log?.[1]);
    if (upTo > head) {
      // Others have written and indexed more than was known: what is known of streams is too old.
      revisions = new Map();
      tail = new Map();
      head = upTo;
    } else if (upTo > indexedTo) trim(upTo);
    indexedTo = upTo;
    const rows = database.sql('SELECT stream, revision FROM events WHERE position > ? ORDER BY position').all([head]);
    for (const [stream, revision] of rows) appended(Number(stream), Number(revision));
    const last = database.sql('SELECT hash, head FROM events WHERE position = ?').get([head]);
    if (last === undefined) return;
    if (!(last[0] instanceof Uint8Array)) throw new Error('the newest event ends no commit: the file is damaged');
    hash = last[0];
    recordedAt = Number((JSON.parse(`[${String(last[1])}]`) as readonly unknown[])[5]);
  };

  return {
    catchUp: () => {
      const newest = Number(database.sql('SELECT max(position) FROM events').get([])?.[0] ?? 0);
      if (newest !== head) readTail();
    },
    head: () => head,
    hash: () => hash,
    recordedAt: () => recordedAt,
    indexedTo: () => indexedTo,
    largest: () => largest,
    revisionOf: (stream) => {
      const known = revisions.get(stream);
      if (known !== undefined) return known;
      const row = database.sql('SELECT max(revision) FROM stream_index WHERE stream = ?').get([stream]);
      if (typeof row?.[0] !== 'number') return 'noStream';
      revisions.set(stream, row[0]);
      return row[0];
    },
    positions: (stream, from, to) => {
      const known = tail.get(stream);
      const lastIndexed = known === undefined ? to : Math.min(to, known.first - 1);
      const found: number[] = [];
      if (from <= lastIndexed) {
        const rows = database
          .sql('SELECT position FROM stream_index WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision')
          .all([stream, from, lastIndexed]);
        for (const [position] of rows) found.push(Number(position));
      }
      if (known !== undefined && to >= known.first) {
        found.push(...known.positions.slice(Math.max(0, from - known.first), to - known.first + 1));
      }
      return found;
    },
    appended,
    committed: (newHash, at, most) => {
      hash = newHash;
      recordedAt = at;
      largest = Math.max(largest, most);
      if (revisions.size > mostRevisionsKept) keepTailOnly();
    },
    indexed: (upTo) => {
      indexedTo = upTo;
      if (upTo === head) tail = new Map();
    },
    forget,
  };
};
