import type { DomainEvent, EventFamily } from './events.ts';
import type { RecordedEvent } from './event-store.ts';

/**
 * A read model: rows by key, each a pure fold of the events that concern it. One definition serves the live run, a
 * rebuild, an answer as of a time, a test and the comparison of two versions. Rows are plain JSON-safe values.
 */
export interface Projection<Row, Event extends DomainEvent> {
  readonly name: string;
  /** Raise it when the meaning of a row changes; the new version is built beside the old one. */
  readonly version: number;
  readonly events: EventFamily<Event>;
  /** Fields at the top of a row by whose text rows are looked up. Never personal ones. */
  readonly indexes?: readonly string[];
  /** The rows an event concerns. `recorded` serves views with a row per event. */
  readonly keys: (event: Event, recorded: RecordedEvent) => readonly string[];
  /** `undefined` in: no row yet. `undefined` out: the row goes. */
  readonly evolve: (row: Row | undefined, event: Event, key: string, recorded: RecordedEvent) => Row | undefined;
}
