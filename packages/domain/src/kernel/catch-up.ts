import * as E from 'fp-ts/lib/Either.js';
import type { LoadFailure, Readable } from './aggregate.ts';
import type { DecidedState } from './decided-states.ts';
import type { EventStore, Revision, StreamName } from './event-store.ts';
import type { DomainEvent } from './events.ts';
import type { Pause } from './patience.ts';
import { waitForStore } from './wait-for-store.ts';

export interface Reader {
  readonly store: EventStore;
  readonly pause: Pause;
}

/** Reads what happened in the stream since `known` (from the start without it), and folds just that. */
export const catchUp = async <Event extends DomainEvent, State>(
  { store, pause }: Reader,
  { decider, events }: Readable<Event, State>,
  stream: StreamName,
  known: DecidedState<State> | undefined,
): Promise<E.Either<LoadFailure, DecidedState<State>>> => {
  const from = known === undefined || known.revision === 'noStream' ? 0 : known.revision + 1;
  const read = await waitForStore(store.readStream(stream, { from }), stream, pause)();
  if (E.isLeft(read)) return read;

  const start = known ?? { owner: decider, state: decider.initialState, revision: 'noStream', commands: new Map() };
  if (read.right.length === 0) return E.right(start);

  let { state, revision } = start;
  const commands: (readonly [commandId: string, first: Revision])[] = [];
  for (const recorded of read.right) {
    const decoded = events.decode(recorded);
    if (E.isLeft(decoded)) return decoded;
    state = decider.evolve(state, decoded.right);
    revision = recorded.revision;
    if (commands.at(-1)?.[0] !== recorded.metadata.commandId) commands.push([recorded.metadata.commandId, revision]);
  }
  // Only now, when all of it is known to be readable: the map is shared with the state that was known before.
  for (const [commandId, first] of commands) start.commands.set(commandId, first);
  return E.right({ ...start, state, revision });
};
