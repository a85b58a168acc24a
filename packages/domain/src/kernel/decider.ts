import type { Either } from 'fp-ts/lib/Either.js';

/** What a command leads to: the events it caused, in order, or the reason it was turned down. */
export type Decision<Event, Rejection> = Either<Rejection, readonly Event[]>;

/** The decision that these events happened, in this order. */
export const happened = <Event>(...events: readonly Event[]): Decision<Event, never> => ({
  _tag: 'Right',
  right: events,
});

/** A command that changes nothing succeeds, so that a caller may repeat it. */
export const nothingHappened: Decision<never, never> = { _tag: 'Right', right: [] };

/** The decision that the domain says no. */
export const rejected = <Rejection>(rejection: Rejection): Decision<never, Rejection> => ({
  _tag: 'Left',
  left: rejection,
});

/**
 * The whole behaviour of one aggregate: no I/O, no clock, no randomness.
 *
 * `decide` answers a command; time, ids and the actor come in with it. `evolve` folds one event into the state and
 * cannot fail: what is stored has happened.
 */
export interface Decider<Command, Event, State, Rejection> {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => Decision<Event, Rejection>;
  readonly evolve: (state: State, event: Event) => State;
}

/** The state after these events, in order, from the start or from a state already known. */
export const replay = <Event, State>(
  decider: { readonly initialState: State; readonly evolve: (state: State, event: Event) => State },
  events: Iterable<Event>,
  from: State = decider.initialState,
): State => {
  let state = from;
  for (const event of events) state = decider.evolve(state, event);
  return state;
};
