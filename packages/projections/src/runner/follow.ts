import type { EventStore, Position, RecordedEvent, StoreError, SubscriptionItem } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

/** What a follower does with what comes. A handler that answers `stop` ends the following. */
export interface FollowHandlers {
  /** Everything up to the last of these has been delivered, in order; the next batch waits until this has settled. */
  readonly events: (events: readonly RecordedEvent[]) => Promise<'go' | 'stop'>;
  readonly checkpoint: (position: Position) => Promise<'go' | 'stop'>;
  readonly caughtUp: () => Promise<'go' | 'stop'>;
  readonly reconnecting: (cause: unknown) => void;
}

export interface FollowOptions {
  readonly after: Position | null;
  readonly types: readonly string[];
  readonly signal: AbortSignal;
  /** Small batches that are there already are joined up to this many events. */
  readonly batch: number;
}

/** Why one attempt of following ended. `dropped`: the subscription ended by itself; subscribe again. */
export type FollowEnd =
  | { readonly _tag: 'Stopped' }
  | { readonly _tag: 'Dropped'; readonly error: StoreError | null; readonly thrown: unknown };

const notYet = Symbol('not yet');
const nextTurn = (): Promise<typeof notYet> => new Promise((resolve) => setImmediate(resolve, notYet));

/** One attempt of following the store: a single batch in flight, in order, pulled. Never rejects. */
export const follow = async (
  store: Pick<EventStore, 'subscribe'>,
  { after, types, signal, batch }: FollowOptions,
  on: FollowHandlers,
): Promise<FollowEnd> => {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();

  try {
    const items = store.subscribe({ after: after ?? 'start', types, signal: ending.signal })[Symbol.asyncIterator]();
    const pull = (): Promise<IteratorResult<E.Either<StoreError, SubscriptionItem>>> => {
      const pulled = items.next();
      // It is awaited below; until then a rejection must not count as unhandled.
      pulled.catch(() => undefined);
      return pulled;
    };
    let next = pull();
    for (;;) {
      const pulled = await next;
      if (pulled.done === true) return signal.aborted ? { _tag: 'Stopped' } : dropped(null);
      if (E.isLeft(pulled.value)) return signal.aborted ? { _tag: 'Stopped' } : dropped(pulled.value.left);
      const item = pulled.value.right;
      next = pull();

      let step: 'go' | 'stop' = 'go';
      switch (item._tag) {
        case 'Events': {
          const joined: RecordedEvent[] = [...item.events];
          while (joined.length < batch) {
            const ready = await Promise.race([next, nextTurn()]);
            if (ready === notYet || ready.done === true || E.isLeft(ready.value)) break;
            if (ready.value.right._tag !== 'Events') break;
            joined.push(...ready.value.right.events);
            next = pull();
          }
          step = await on.events(joined);
          break;
        }
        case 'Checkpoint':
          step = await on.checkpoint(item.position);
          break;
        case 'CaughtUp':
          step = await on.caughtUp();
          break;
        case 'Reconnecting':
          on.reconnecting(item.cause);
          break;
      }
      if (step === 'stop' || signal.aborted) return { _tag: 'Stopped' };
    }
  } catch (thrown) {
    return signal.aborted ? { _tag: 'Stopped' } : { _tag: 'Dropped', error: null, thrown };
  } finally {
    signal.removeEventListener('abort', end);
    ending.abort();
  }
};

const dropped = (error: StoreError | null): FollowEnd => ({ _tag: 'Dropped', error, thrown: null });
