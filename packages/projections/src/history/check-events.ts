import {
  type DomainEvent,
  eventFamilies,
  eventFamily,
  type EventStore,
  type Position,
  type StoreError,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

const everything = eventFamily(eventFamilies.flatMap(({ definitions }) => definitions));

/** An event that today's code cannot read. Names no value of it. */
interface Unreadable {
  readonly position: Position;
  readonly stream: string;
  readonly type: string;
  readonly problem: string;
}

export interface Readability {
  readonly events: number;
  /** Of a type that Mailroom does not know: somebody else's. */
  readonly unknown: number;
  readonly unreadable: number;
  /** The first of them. */
  readonly examples: readonly Unreadable[];
}

const mostExamples = 20;

/** Decodes every event of a history with the codec and upcasts of its type. */
export const checkEvents =
  (
    store: Pick<EventStore, 'readAll'>,
    { onProgress, signal }: { readonly onProgress?: (events: number) => void; readonly signal?: AbortSignal } = {},
  ): TaskEither<StoreError, Readability> =>
  async () => {
    let events = 0;
    let unknown = 0;
    let unreadable = 0;
    const examples: Unreadable[] = [];
    for await (const batch of store.readAll(signal === undefined ? {} : { signal })) {
      if (E.isLeft(batch)) return batch;
      for (const recorded of batch.right) {
        events += 1;
        const decoded: E.Either<{ readonly reason: string; readonly problems: readonly string[] }, DomainEvent> =
          everything.decode(recorded);
        if (E.isRight(decoded)) continue;
        const { reason, problems } = decoded.left;
        if (reason === 'unknown') {
          unknown += 1;
          continue;
        }
        unreadable += 1;
        const { position, stream, type } = recorded;
        if (examples.length < mostExamples) {
          examples.push({ position, stream, type, problem: `${reason}: ${problems.join('; ')}` });
        }
      }
      onProgress?.(events);
    }
    return E.right({ events, unknown, unreadable, examples });
  };
