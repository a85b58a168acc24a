import type { DomainEvent, EventFamily } from './events.ts';
import type { RecordedEvent } from './event-store.ts';

/** Something a process manager owes. `key` is stable and unique within its row, and names the child command. */
export interface Intent<Instruction> {
  readonly key: string;
  /** Not before this instant; null means now. A durable timer: it survives restarts because the row does. */
  readonly due: Date | null;
  readonly instruction: Instruction;
}

/**
 * Event in, commands and timers out; pure. What is owed is a function of the row, and the row is a fold of the
 * history: an intent disappears when the event that it causes arrives. So a replay or a rebuild carries nothing out
 * that has already happened, and a crash loses nothing.
 */
export interface ProcessManager<Row, Event extends DomainEvent, Instruction> {
  readonly name: string;
  /** Raise it when the meaning of a row changes; the runner then folds again from the first event. */
  readonly version: number;
  readonly events: EventFamily<Event>;
  /** The rows an event concerns. */
  readonly keys: (event: Event) => readonly string[];
  readonly evolve: (row: Row | undefined, event: Event, key: string, recorded: RecordedEvent) => Row | undefined;
  /** What the row owes now. Must be empty once the events that answer it have been folded. */
  readonly intents: (row: Row, key: string) => readonly Intent<Instruction>[];
}
