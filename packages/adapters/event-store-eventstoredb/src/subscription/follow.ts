import { START } from '@eventstore/db-client';
import type { Position, StoreError, SubscriptionItem } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

import { asStoreError, classify } from '../calls/failures.ts';
import { backoff, CallTimedOut, pause, politely } from '../calls/patience.ts';
import { openRead } from '../calls/read-call.ts';
import type { Timing } from '../options.ts';
import type { Reading } from '../reading.ts';
import { serverPositionOf } from '../stored/position.ts';
import type { SubscriptionConnections } from './connections.ts';
import { patternFor, WINDOW } from './filter.ts';
import { OrderedChannel } from './ordered-channel.ts';
import { watch } from './watchdog.ts';

/** What following the log needs. */
export interface Following {
  readonly connections: SubscriptionConnections;
  readonly reading: Reading;
  readonly timing: Timing;
}

/** From where to follow, and what. */
export interface FollowOptions {
  readonly after: Position | undefined;
  readonly types: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

export type Followed = E.Either<StoreError, SubscriptionItem>;

const FAREWELL_MS = 1_000;
/** So many exceptions in a row say that a position is none of the log. */
const SURE_OF_POSITION = 4;

/**
 * Follows the log for ever: when a subscription is lost, by whatever way, it says so and opens another one after the last
 * thing it gave out. Ends when it is aborted, or with a Left when the server will never allow it.
 */
export async function* follow(following: Following, options: FollowOptions): AsyncGenerator<Followed, void, undefined> {
  const { timing } = following;
  const { signal } = options;
  const goesOn = (): boolean => !signal.aborted;
  let after = options.after;
  let failures = 0;
  let exceptions = 0;
  while (goesOn()) {
    const opened = await open(following, { ...options, after });
    let cause: unknown;
    let isNew = true;
    try {
      for (;;) {
        const item = await opened.channel.next();
        if (!goesOn()) return;
        if (item.is === 'ended') {
          cause = item.cause;
          break;
        }
        isNew = false;
        failures = 0;
        if (item.is === 'events') {
          after = item.events.at(-1)?.position ?? after;
          yield E.right({ _tag: 'Events', events: item.events });
        } else if (item.is === 'checkpoint') {
          after = item.position;
          yield E.right({ _tag: 'Checkpoint', position: item.position });
        } else yield E.right({ _tag: 'CaughtUp' });
      }
    } finally {
      await opened.close();
    }
    const classified = classify(cause);
    exceptions = classified.failure.is === 'threw' && isNew ? exceptions + 1 : 0;
    // An exception before anything came is the server's answer to a position that it does not have. It may also be another
    // one's, so it is asked again; and what it gave out itself is no such position.
    if (exceptions >= SURE_OF_POSITION && after !== undefined && after === options.after) {
      return yield E.left({
        _tag: 'StoreRefused',
        reason: 'invalid',
        problem: 'after: expected a position of this log',
      });
    }
    if (classified.failure.is === 'refused') return yield E.left(asStoreError(classified));
    failures += 1;
    yield E.right({ _tag: 'Reconnecting', attempt: failures, cause: classified.cause });
    await pause(backoff(failures, timing.firstRetryMs, timing.longestRetryMs), signal);
  }
}

interface Opened {
  readonly channel: OrderedChannel;
  readonly close: () => Promise<void>;
}

async function open({ connections, reading, timing }: Following, options: FollowOptions): Promise<Opened> {
  const { after, types, signal } = options;
  const lease = await connections.lease();
  const from = after === undefined ? START : (serverPositionOf(after) ?? START);
  const channel = new OrderedChannel(after);
  const request = { of: 'subscription', from, types: patternFor(types), window: WINDOW } as const;
  const read = openRead(lease.client, request, channel);
  channel.fedBy(read);

  const stopWatching = watch(reading, channel, types === undefined ? undefined : new Set(types));
  const confirmation = setTimeout(() => {
    if (channel.confirmed) return;
    lease.suspect();
    channel.end(new CallTimedOut('subscription', timing.confirmMs));
  }, timing.confirmMs);
  const abort = (): void => channel.end(new Error('aborted'));
  signal.addEventListener('abort', abort);
  // It may have come while a place was waited for.
  if (signal.aborted) abort();
  return {
    channel,
    close: async () => {
      if (channel.confirmed) lease.trust();
      stopWatching();
      clearTimeout(confirmation);
      signal.removeEventListener('abort', abort);
      await politely(FAREWELL_MS, read.close());
      lease.release();
    },
  };
}
