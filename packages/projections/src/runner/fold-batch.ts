import type { DomainEvent, EventUndecodable, PersonId, RecordedEvent } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Fold } from './definition.ts';
import { erasedBy, eraseRow } from './erasure.ts';

/** An event that could not be applied, and the key it was to be applied to. */
export interface Poison {
  readonly key: string;
  readonly recorded: RecordedEvent;
  readonly tag: 'EventUndecodable' | 'FoldFailed';
  readonly reason: string;
  /** Written by newer code: never to be parked, whatever the policy. */
  readonly newer: boolean;
}

interface Decoded<Event> {
  readonly recorded: RecordedEvent;
  readonly event: Event;
  readonly keys: readonly string[];
}

interface Erasure {
  readonly recorded: RecordedEvent;
  readonly person: PersonId;
}

type Entry<Event> = Decoded<Event> | Erasure | Poison;

/** A batch, decoded, with the keys of the rows that it needs. Unknown types are left out. */
export interface DecodedBatch<Event> {
  readonly entries: readonly Entry<Event>[];
  readonly keys: ReadonlySet<string>;
  /** Persons who were erased: all of their rows are needed too. */
  readonly persons: ReadonlySet<PersonId>;
}

const isPoison = <Event>(entry: Entry<Event>): entry is Poison => 'tag' in entry;
const isErasure = <Event>(entry: Entry<Event>): entry is Erasure => 'person' in entry;

export const undecodable = (recorded: RecordedEvent, { reason, problems }: EventUndecodable): Poison => ({
  // Nobody can say which rows it concerns: its whole stream waits.
  key: `stream:${recorded.stream}`,
  recorded,
  tag: 'EventUndecodable',
  reason: `${recorded.type} (${reason}): ${problems.join('; ')}`,
  newer: reason === 'newer',
});

export const foldFailed = (key: string, recorded: RecordedEvent, error: unknown): Poison => ({
  key,
  recorded,
  tag: 'FoldFailed',
  reason: `${recorded.type}: ${error instanceof Error ? error.name : 'thrown value'} while folding`,
  newer: false,
});

export const decodeBatch = <Row, Event extends DomainEvent>(
  fold: Fold<Row, Event>,
  events: readonly RecordedEvent[],
): DecodedBatch<Event> => {
  const entries: Entry<Event>[] = [];
  const keys = new Set<string>();
  const persons = new Set<PersonId>();
  for (const recorded of events) {
    const person = erasedBy(fold, recorded);
    if (person !== null) {
      persons.add(person);
      entries.push({ recorded, person });
      continue;
    }
    const decoded = fold.events.decode(recorded);
    if (E.isLeft(decoded)) {
      if (decoded.left.reason !== 'unknown') entries.push(undecodable(recorded, decoded.left));
      continue;
    }
    const concerned = fold.keys(decoded.right, recorded);
    for (const key of concerned) keys.add(key);
    entries.push({ recorded, event: decoded.right, keys: concerned });
  }
  return { entries, keys, persons };
};

/** The keys that wait already. */
export interface ParkedKeys {
  readonly has: (key: string) => boolean;
  readonly size: number;
}

export interface FoldedBatch<Row> {
  /** Rows that changed; undefined: the row goes. */
  readonly changes: ReadonlyMap<string, Row | undefined>;
  /** In order; with the policy `halt` at most one, and nothing after it was applied. */
  readonly poison: readonly Poison[];
  /** Events that wait behind a parked key. */
  readonly held: readonly { readonly key: string; readonly recorded: RecordedEvent }[];
}

/**
 * Applies a decoded batch to rows. Pure. `rows` are those of its keys and of its persons, `parked` the keys that already wait; a poisonous event parks its key
 * for the rest of the batch when `onPoison` says so, else it ends the batch before itself.
 */
export const foldBatch = <Row, Event extends DomainEvent>(
  fold: Fold<Row, Event>,
  batch: DecodedBatch<Event>,
  rows: ReadonlyMap<string, Row>,
  onPoison: 'halt' | 'park',
  parked: ParkedKeys,
): FoldedBatch<Row> => {
  const changes = new Map<string, Row | undefined>();
  const poison: Poison[] = [];
  const held: { key: string; recorded: RecordedEvent }[] = [];
  const parkedHere = new Set<string>();
  const waits = (key: string): boolean => parkedHere.has(key) || parked.has(key);
  let isAnythingParked = parked.size > 0;

  const erase = (person: PersonId): void => {
    const { personal } = fold;
    if (personal === undefined) return;
    for (const [key, row] of new Map<string, Row | undefined>([...rows, ...changes])) {
      // Also where it reads as erased already, its key being gone: what was read before is still in memory.
      if (row !== undefined && personal.personId(row) === person) changes.set(key, eraseRow(personal, row));
    }
  };

  for (const entry of batch.entries) {
    if (isErasure(entry)) {
      erase(entry.person);
      continue;
    }
    if (isAnythingParked) {
      const stream = `stream:${entry.recorded.stream}`;
      if (waits(stream)) {
        held.push({ key: stream, recorded: entry.recorded });
        continue;
      }
    }
    if (isPoison(entry)) {
      poison.push(entry);
      if (onPoison === 'halt' || entry.newer) return { changes, poison, held };
      parkedHere.add(entry.key);
      isAnythingParked = true;
      continue;
    }
    // With `halt`, all keys of an event or none: the event comes again after the repair, to every key.
    const applied: (readonly [string, Row | undefined])[] = [];
    for (const key of entry.keys) {
      if (isAnythingParked && waits(key)) {
        held.push({ key, recorded: entry.recorded });
        continue;
      }
      const row = changes.has(key) ? changes.get(key) : rows.get(key);
      try {
        const next = fold.evolve(row, entry.event, key, entry.recorded);
        if (next !== row) applied.push([key, next]);
      } catch (error) {
        poison.push(foldFailed(key, entry.recorded, error));
        if (onPoison === 'halt') return { changes, poison, held };
        parkedHere.add(key);
        isAnythingParked = true;
      }
    }
    for (const [key, next] of applied) changes.set(key, next);
  }
  return { changes, poison, held };
};
