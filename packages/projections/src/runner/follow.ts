import type { EventStore, Position, RecordedEvent, StoreError, SubscriptionItem } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

/** What a follower does with what comes, one after the other, in order. A handler that answers `stop` ends the following. */
export interface FollowHandlers {
  readonly events: (events: readonly RecordedEvent[]) => Promise<'go' | 'stop'>;
  readonly checkpoint: (position: Position) => void;
  /** Nothing more is there just now: what was put off until several came together is due. */
  readonly settle: () => Promise<'go' | 'stop'>;
  readonly caughtUp: () => Promise<'go' | 'stop'>;
  readonly reconnecting: (cause: unknown) => void;
}

export interface FollowOptions {
  readonly after: Position | null;
  readonly types: readonly string[];
  readonly signal: AbortSignal;
}

/** Why one attempt of following ended. `dropped`: the subscription ended by itself; subscribe again. */
export type FollowEnd =
  | { readonly _tag: 'Stopped' }
  | { readonly _tag: 'Dropped'; readonly error: StoreError | null; readonly thrown: unknown };

type Pulled = IteratorResult<E.Either<StoreError, SubscriptionItem>>;

/** One attempt of following the store: pulled, one item after the other. Never rejects. */
export const follow = async (
  store: Pick<EventStore, 'subscribe'>,
  { after, types, signal }: FollowOptions,
  on: FollowHandlers,
): Promise<FollowEnd> => {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();

  try {
    const items = store.subscribe({ after: after ?? 'start', types, signal: ending.signal })[Symbol.asyncIterator]();
    const pull = (): Promise<Pulled> => {
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
      const step = await take(item, on);
      if (step === 'stop' || signal.aborted) return { _tag: 'Stopped' };
      // Only now: two batches at hand would live long enough to burden the heap.
      next = pull();
      if (!(await isReady(next)) && (await on.settle()) === 'stop') return { _tag: 'Stopped' };
    }
  } catch (thrown) {
    return signal.aborted ? { _tag: 'Stopped' } : { _tag: 'Dropped', error: null, thrown };
  } finally {
    signal.removeEventListener('abort', end);
    ending.abort();
  }
};

const take = async (item: SubscriptionItem, on: FollowHandlers): Promise<'go' | 'stop'> => {
  switch (item._tag) {
    case 'Events':
      return on.events(item.events);
    case 'Checkpoint':
      on.checkpoint(item.position);
      return 'go';
    case 'CaughtUp':
      return on.caughtUp();
    case 'Reconnecting':
      on.reconnecting(item.cause);
      return 'go';
  }
};

/**
 * Another item of the history is there already, or within a turn: neither an end, nor a lost connection. A turn that
 * nobody waits for any more is taken back: in a history that is all at hand none begins, and with each that waits for
 * it a batch would stay in memory.
 */
const isReady = (next: Promise<Pulled>): Promise<boolean> =>
  new Promise((resolve) => {
    const turn = setImmediate(resolve, false);
    const answer = (isThere: boolean): void => {
      clearImmediate(turn);
      resolve(isThere);
    };
    next.then(
      ({ done, value }) => answer(done !== true && E.isRight(value) && value.right._tag !== 'Reconnecting'),
      () => answer(false),
    );
  });

const dropped = (error: StoreError | null): FollowEnd => ({ _tag: 'Dropped', error, thrown: null });
