import type { Position, ReadAllOptions, RecordedEvent, StoreError, SubscribeOptions } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

import { head } from './reading.ts';
import { serverPositionOf } from './stored/position.ts';
import { follow, type Followed, type Following } from './subscription/follow.ts';

/** How often a read of the log is taken up again, without anything new in between, before it gives up. */
const READ_ATTEMPTS = 5;

const notAPosition = (name: string): E.Either<StoreError, never> =>
  E.left({ _tag: 'StoreRefused', reason: 'invalid', problem: `${name}: expected a position of this store` });

const isPosition = (position: Position | undefined): boolean =>
  position === undefined || serverPositionOf(position) !== undefined;

/** A subscription to the log. To start at the end is to start after the newest event as of now: nothing is lost later. */
export async function* subscribe(
  following: Following,
  { after, types, signal }: SubscribeOptions,
): AsyncGenerator<Followed, void, undefined> {
  if (after === 'start') return yield* follow(following, { after: undefined, types, signal });
  if (after !== 'end') {
    if (!isPosition(after)) return yield notAPosition('after');
    return yield* follow(following, { after, types, signal });
  }
  if (signal.aborted) return;
  const newest = await head(following.reading);
  if (E.isLeft(newest)) return yield newest;
  yield* follow(following, { after: newest.right ?? undefined, types, signal });
}

/**
 * Reads the log up to its head as of now. The client's own read of the log has no filter and includes its starting point,
 * so this is a subscription that ends.
 */
export async function* readAll(
  following: Following,
  { after, types, upTo }: ReadAllOptions,
  signal: AbortSignal,
): AsyncGenerator<E.Either<StoreError, readonly RecordedEvent[]>, void, undefined> {
  if (signal.aborted) return;
  if (!isPosition(after)) return yield notAPosition('after');
  if (!isPosition(upTo)) return yield notAPosition('upTo');
  const newest = await head(following.reading);
  if (E.isLeft(newest)) return yield newest;
  if (newest.right === null) return;
  const end = upTo !== undefined && upTo < newest.right ? upTo : newest.right;
  if (after !== undefined && after >= end) return;

  for await (const item of follow(following, { after, types, signal })) {
    if (E.isLeft(item)) return yield item;
    const { right } = item;
    switch (right._tag) {
      case 'Events': {
        const events = right.events.filter(({ position }) => position <= end);
        if (events.length > 0) yield E.right(events);
        if (events.length < right.events.length || events.at(-1)?.position === end) return;
        break;
      }
      case 'Checkpoint':
        if (right.position >= end) return;
        break;
      case 'CaughtUp':
        return;
      case 'Reconnecting':
        if (right.attempt >= READ_ATTEMPTS) return yield E.left({ _tag: 'StoreUnavailable', cause: right.cause });
        break;
    }
  }
}
