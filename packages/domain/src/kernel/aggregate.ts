import type { CommandContext } from './command.ts';
import type { Decider } from './decider.ts';
import type { EventUndecodable, DomainEvent, EventFamily } from './events.ts';
import type { AppendError, ExpectedRevision, Position, StoreError, StreamName } from './event-store.ts';

/** What every command carries besides its own data. `type` is its name in the audit trail. */
export interface AnyCommand {
  readonly type: string;
  readonly context: CommandContext;
}

/** An aggregate, ready to run: its behaviour, its codecs, and how its streams are named. */
export interface Aggregate<Command extends AnyCommand, Event extends DomainEvent, State, Rejection> {
  readonly name: string;
  readonly decider: Decider<Command, Event, State, Rejection>;
  readonly events: EventFamily<Event>;
  readonly streamOf: (command: Command) => StreamName;
}

/** What reading an aggregate needs: any `Aggregate` will do. */
export interface Readable<Event extends DomainEvent, State> {
  readonly name: string;
  readonly decider: { readonly initialState: State; readonly evolve: (state: State, event: Event) => State };
  readonly events: EventFamily<Event>;
}

/** The state of one stream, as of a revision of the store. */
export interface Loaded<State> {
  readonly stream: StreamName;
  readonly state: State;
  /** 'noStream' when nothing has happened there yet. */
  readonly revision: ExpectedRevision;
}

/** What a command led to. */
export interface Committed<Event extends DomainEvent = DomainEvent> {
  readonly stream: StreamName;
  /** Revision of the last of these events; of the stream when there are none ('noStream': still nothing there). */
  readonly revision: ExpectedRevision;
  /** Position of the last of these events, to wait for in a view; null when the command changed nothing. */
  readonly position: Position | null;
  readonly events: readonly Event[];
  /** True when this command had been accepted before: these are the events of then, and nothing was written now. */
  readonly duplicate: boolean;
}

/** The world says no. Everything that passes by itself has been retried with patience before this is returned. */
export type CommandFailure = AppendError | EventUndecodable;
/** Why an aggregate could not be loaded: the store, or an event that cannot be read. */
export type LoadFailure = StoreError | EventUndecodable;
