import { setMaxListeners } from 'node:events';

import type { EventStore, StoreError } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

import { Appender } from './appending.ts';
import { Connection } from './calls/connection.ts';
import { connectionTarget } from './connection-string.ts';
import { readAll, subscribe } from './following.ts';
import { ordinaryTiming, type EventStoreDbOptions, type Timing } from './options.ts';
import { head, readStream, type Reading } from './reading.ts';
import { limitsOf } from './stored/limits.ts';
import { Newest } from './stored/position.ts';
import { SubscriptionConnections } from './subscription/connections.ts';
import type { Following } from './subscription/follow.ts';

/** The `MaxAppendSize` of servers before 25.1, unless somebody changed it. */
const ORDINARY_APPEND_SIZE = 1_048_576;

const closed: E.Either<StoreError, never> = E.left({ _tag: 'StoreUnavailable', cause: 'the store is closed' });

/**
 * EventStoreDB (23.10 or newer) as an event store. It connects when it is first used, stays usable through restarts and
 * elections of the server, and never lets an error of the client reach the process.
 *
 * Throws `InvalidConnectionString`, or a RangeError for an append size that leaves no room, and nothing later.
 */
export function eventStoreDb(options: EventStoreDbOptions): EventStore {
  const { appendBy = 'ownCall' } = options;
  const target = connectionTarget(options.connectionString, appendBy);
  const limits = limitsOf(options.maxAppendSize ?? ORDINARY_APPEND_SIZE);
  const timing: Timing = { ...ordinaryTiming, ...options.timing };

  const connection = new Connection(target);
  const connections = new SubscriptionConnections(target);
  const reading: Reading = { connection, timing, newest: new Newest() };
  const following: Following = { connections, reading, timing };
  const credentials = appendBy === 'ownCall' ? target.credentials : undefined;
  const appender = new Appender({ connection, reading, timing, limits, credentials });

  const closing = new AbortController();
  // As many as there are subscriptions.
  setMaxListeners(0, closing.signal);
  const appends = new Set<Promise<unknown>>();
  const isClosed = (): boolean => closing.signal.aborted;

  /** Follows both the caller's signal and the end of the store. */
  async function* whileOpen<Item>(
    signal: AbortSignal | undefined,
    items: (signal: AbortSignal) => AsyncGenerator<Item, void, undefined>,
  ): AsyncGenerator<Item | E.Either<StoreError, never>, void, undefined> {
    if (isClosed()) return yield closed;
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
    closing.signal.addEventListener('abort', abort);
    try {
      yield* items(stop.signal);
    } finally {
      signal?.removeEventListener('abort', abort);
      closing.signal.removeEventListener('abort', abort);
    }
    if (isClosed() && signal?.aborted !== true) yield closed;
  }

  return {
    limits,
    append: (stream, expected, events) => async () => {
      if (isClosed()) return closed;
      const appending = appender.append(stream, expected, events);
      appends.add(appending);
      try {
        return await appending;
      } finally {
        appends.delete(appending);
      }
    },
    readStream:
      (stream, readOptions = {}) =>
      async () =>
        isClosed() ? closed : await readStream(reading, stream, readOptions),
    readAll: (readOptions = {}) => whileOpen(readOptions.signal, (signal) => readAll(following, readOptions, signal)),
    subscribe: (subscribeOptions) =>
      whileOpen(subscribeOptions.signal, (signal) => subscribe(following, { ...subscribeOptions, signal })),
    head: async () => (isClosed() ? closed : await head(reading)),
    close: async () => {
      closing.abort();
      await Promise.allSettled([...appends]);
      await connections.close();
      await connection.close();
    },
  };
}
