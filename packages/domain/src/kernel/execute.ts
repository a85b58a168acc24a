import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Aggregate, AnyCommand, CommandFailure, Committed, Loaded, LoadFailure, Readable } from './aggregate.ts';
import { appendPatiently } from './append.ts';
import { catchUp, type Reader } from './catch-up.ts';
import { type DecidedState, decidedStates } from './decided-states.ts';
import { replay } from './decider.ts';
import { eventIdOf } from './derived-id.ts';
import type { EventStore, ExpectedRevision, Metadata, StreamName } from './event-store.ts';
import type { DomainEvent } from './events.ts';
import { firstOutcome } from './first-outcome.ts';
import { inOrder } from './in-order.ts';
import { delayAfter, ordinaryPause, type Patience, type Pause } from './patience.ts';

/** What a repository stands on. */
export interface RepositoryOptions {
  readonly store: EventStore;
  /** How many streams' states are kept in memory; default 10,000. */
  readonly cacheSize?: number;
  readonly pause?: Pause;
}

/** Runs the commands of aggregates on a store. One for each store and process: it keeps the states it decided last. */
export interface Repository {
  /** The state as of now: what is in memory, and whatever was written since, by whomever. */
  readonly load: <Event extends DomainEvent, State>(
    aggregate: Readable<Event, State>,
    stream: StreamName,
  ) => TaskEither<LoadFailure, Loaded<State>>;
  /**
   * Decides and appends. Commands on one stream are decided one after the other, each against the newest state; a
   * warm one reads nothing, since the revision is checked when its events are appended. An answer without events is
   * checked against the store first. A repeat of an accepted command gives the first outcome (`duplicate`).
   */
  readonly execute: <Command extends AnyCommand, Event extends DomainEvent, State, Rejection>(
    aggregate: Aggregate<Command, Event, State, Rejection>,
    command: Command,
  ) => TaskEither<Rejection | CommandFailure, Committed<Event>>;
  /** Drops every state from memory; needed when personal data in them was erased. */
  readonly forget: () => void;
}

/** Somebody else wrote first, again and again. Each round, one of the writers got through. */
const patienceWithWriters: Patience = { attempts: 25, firstDelay: 1, longestDelay: 100 };

const metadataOf = ({ type, context }: AnyCommand): Metadata => ({
  commandId: context.commandId,
  correlationId: context.correlationId,
  causationId: context.causationId,
  actorId: context.actor.id,
  actorKind: context.actor.kind,
  organizationId: context.actor.organizationId,
  command: type,
  ...(context.traceparent === null ? {} : { traceparent: context.traceparent }),
});

/** Answers the commands of aggregates from this store. */
export const repository = ({ store, cacheSize = 10_000, pause = ordinaryPause }: RepositoryOptions): Repository => {
  const reader: Reader = { store, pause };
  const states = decidedStates(cacheSize);
  const ordered = inOrder();

  const refresh = async <Event extends DomainEvent, State>(
    aggregate: Readable<Event, State>,
    stream: StreamName,
    known: DecidedState<State> | undefined,
  ): Promise<E.Either<LoadFailure, DecidedState<State>>> => {
    const era = states.era();
    const caughtUp = await catchUp(reader, aggregate, stream, known);
    if (E.isRight(caughtUp)) states.put(stream, caughtUp.right, era);
    else states.forget(stream);
    return caughtUp;
  };

  const run = async <Command extends AnyCommand, Event extends DomainEvent, State, Rejection>(
    aggregate: Aggregate<Command, Event, State, Rejection>,
    command: Command,
    stream: StreamName,
  ): Promise<E.Either<Rejection | CommandFailure, Committed<Event>>> => {
    const { decider, events: family } = aggregate;
    const { commandId } = command.context;
    let known = states.get<State>(decider, stream);
    // Read from the store for this command; a state from memory may be older than what other processes wrote.
    let isCurrent = false;
    let ownWriteIsUncertain = false;

    for (let conflicts = 0; ;) {
      if (known === undefined) {
        const loaded = await refresh(aggregate, stream, undefined);
        if (E.isLeft(loaded)) return loaded;
        known = loaded.right;
        isCurrent = true;
      }

      const accepted = known.commands.get(commandId);
      if (accepted !== undefined) {
        return await firstOutcome(reader, family, stream, commandId, accepted, !ownWriteIsUncertain);
      }

      const decision = decider.decide(command, known.state);
      if (E.isLeft(decision) || decision.right.length === 0) {
        // No append will check the revision, so ask before giving an answer that may be out of date.
        if (!isCurrent) {
          const caughtUp = await refresh(aggregate, stream, known);
          if (E.isLeft(caughtUp)) return caughtUp;
          known = caughtUp.right;
          isCurrent = true;
          continue;
        }
        if (E.isLeft(decision)) return decision;
        return E.right({ stream, revision: known.revision, position: null, events: [], duplicate: false });
      }

      const era = states.era();
      const events = decision.right;
      const metadata = metadataOf(command);
      const newEvents = events.map((event, index) => ({
        ...family.encode(event),
        id: eventIdOf(commandId, stream, index),
        metadata,
      }));
      const { result, uncertain } = await appendPatiently(reader, stream, known.revision, newEvents);
      ownWriteIsUncertain ||= uncertain;

      if (E.isRight(result) && !result.right.repeated) {
        const { revision, position } = result.right;
        known.commands.set(commandId, revision - events.length + 1);
        states.put(stream, { ...known, state: replay(decider, events, known.state), revision }, era);
        return E.right({ stream, revision, position, events, duplicate: false });
      }
      if (E.isLeft(result) && result.left._tag !== 'WrongExpectedRevision') {
        states.forget(stream);
        return result;
      }

      // Somebody wrote first, perhaps this very command (in another process, or in a try that seemed to fail).
      conflicts += 1;
      if (conflicts > patienceWithWriters.attempts) {
        states.forget(stream);
        return E.isLeft(result) ? result : E.left({ _tag: 'OutcomeUnknown', cause: 'repeated, but not found' });
      }
      const before: ExpectedRevision = known.revision;
      const caughtUp = await refresh(aggregate, stream, known);
      if (E.isLeft(caughtUp)) return caughtUp;
      known = caughtUp.right;
      isCurrent = true;
      if (known.revision === before) {
        // What is in the way cannot be read yet, or what is in memory no longer exists: start from nothing.
        known = undefined;
        await pause(delayAfter(conflicts, patienceWithWriters, commandId));
      }
    }
  };

  return {
    load: (aggregate, stream) => () =>
      ordered(stream, async () => {
        const loaded = await refresh(aggregate, stream, states.get(aggregate.decider, stream));
        return E.isLeft(loaded)
          ? loaded
          : E.right({ stream, state: loaded.right.state, revision: loaded.right.revision });
      }),
    execute: (aggregate, command) => () => {
      const stream = aggregate.streamOf(command);
      return ordered(stream, () => run(aggregate, command, stream));
    },
    forget: states.forgetAll,
  };
};
