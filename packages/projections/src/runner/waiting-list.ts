import type { Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { FollowerState } from './progress.ts';

/** The follower has stopped before this position (`halted`, `superseded`, `stopped`), or the caller gave up waiting. */
export interface NotReached {
  readonly _tag: 'NotReached';
  readonly name: string;
  readonly state: FollowerState | 'aborted';
}

interface Waiter {
  readonly position: Position;
  readonly settle: (result: E.Either<NotReached, void>) => void;
}

/** Those who wait for their own write to show. */
export const waitingList = () => {
  const waiters = new Set<Waiter>();
  return {
    reached: (position: Position): void => {
      for (const waiter of waiters) {
        if (waiter.position > position) continue;
        waiters.delete(waiter);
        waiter.settle(E.right(undefined));
      }
    },
    /** The furthest position that anybody waits for. */
    furthest: (): Position | null =>
      [...waiters].reduce<Position | null>(
        (furthest, { position }) => (furthest === null || position > furthest ? position : furthest),
        null,
      ),
    endAll: (why: NotReached): void => {
      for (const waiter of waiters) waiter.settle(E.left(why));
      waiters.clear();
    },
    until: (position: Position, signal?: AbortSignal): Promise<E.Either<NotReached, void>> =>
      new Promise((resolve) => {
        const aborted = (): void => {
          waiters.delete(waiter);
          settle(E.left({ _tag: 'NotReached', name: '', state: 'aborted' }));
        };
        const settle = (result: E.Either<NotReached, void>): void => {
          signal?.removeEventListener('abort', aborted);
          resolve(result);
        };
        const waiter: Waiter = { position, settle };
        waiters.add(waiter);
        if (signal?.aborted === true) aborted();
        else signal?.addEventListener('abort', aborted, { once: true });
      }),
  };
};
