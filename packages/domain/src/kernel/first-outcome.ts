import * as E from 'fp-ts/lib/Either.js';
import type { Committed, LoadFailure } from './aggregate.ts';
import type { Reader } from './catch-up.ts';
import type { Position, Revision, StreamName } from './event-store.ts';
import type { DomainEvent, EventFamily } from './events.ts';
import { waitForStore } from './wait-for-store.ts';

/** What a command led to when it was accepted, read back from the stream. `first` is the revision of its first event. */
export const firstOutcome = async <Event extends DomainEvent>(
  { store, pause }: Reader,
  family: EventFamily<Event>,
  stream: StreamName,
  commandId: string,
  first: Revision,
  duplicate: boolean,
): Promise<E.Either<LoadFailure, Committed<Event>>> => {
  const read = await waitForStore(
    store.readStream(stream, { from: first, limit: store.limits.maxAppendEvents }),
    stream,
    pause,
  )();
  if (E.isLeft(read)) return read;

  const events: Event[] = [];
  let revision = first;
  let position: Position | null = null;
  for (const recorded of read.right) {
    if (recorded.metadata.commandId !== commandId) break;
    const decoded = family.decode(recorded);
    if (E.isLeft(decoded)) return decoded;
    events.push(decoded.right);
    revision = recorded.revision;
    position = recorded.position;
  }
  return E.right({ stream, revision, position, events, duplicate });
};
