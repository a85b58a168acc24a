import type { EventStore, Position } from '@mailroom/domain';
import { inMemoryEventStore } from '@mailroom/domain/testing';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { defaultBackoff } from './backoff.ts';
import { follower } from './follower.ts';
import { memoryViewStore } from './memory-view-store.ts';
import { Burst, counters, Raised, writer } from './test-support/counters.ts';
import { impatientTimers } from './test-support/virtual-timers.ts';

/** A store whose subscription says nothing about events that it leaves out, as a filtered one of a server does. */
const silent = (store: EventStore): EventStore => ({
  ...store,
  subscribe: async function* (options) {
    for await (const item of store.subscribe(options)) {
      if (E.isLeft(item) || item.right._tag !== 'Checkpoint') yield item;
    }
  },
});

test('waiting for a position beyond the end loses no event that comes later', async () => {
  const store = silent(inMemoryEventStore());
  const write = writer(store);
  let looked: () => void = () => undefined;
  const watched: EventStore = {
    ...store,
    readAll: async function* (range) {
      yield* store.readAll(range);
      looked();
    },
  };
  const loop = follower(
    {
      store: watched,
      views: memoryViewStore(),
      timers: impatientTimers,
      backoff: defaultBackoff,
      distance: () => null,
    },
    { ...counters, events: { ...counters.events, types: ['Raised'] } },
    { kind: 'view', onPoison: 'halt', batch: 10 },
  );
  const stop = new AbortController();
  const ended = loop.run(stop.signal);
  const first = await write(Raised({ counter: 'a', by: 1 }));
  expect(await loop.whenReached(first)()).toEqual(E.right(undefined));

  const givenUp = new AbortController();
  const waiting = loop.whenReached('~' as Position, givenUp.signal)();
  // Looked at twice to the end: what the first look took for granted, the second starts from.
  for (const _ of [1, 2]) await new Promise<void>((resolve) => (looked = resolve));
  givenUp.abort();
  expect(E.isLeft(await waiting)).toBe(true);

  const last = await write(Raised({ counter: 'a', by: 1 }));
  expect(await loop.whenReached(last)()).toEqual(E.right(undefined));
  expect(loop.progress().events).toBe(2);
  stop.abort();
  await ended;
});

test('who waits for a position without events of the view is told that it is reached, and never too early', async () => {
  const store = silent(inMemoryEventStore());
  const write = writer(store);
  const loop = follower(
    { store, views: memoryViewStore(), timers: impatientTimers, backoff: defaultBackoff, distance: () => null },
    { ...counters, events: { ...counters.events, types: ['Raised'] } },
    { kind: 'view', onPoison: 'halt', batch: 10 },
  );
  const stop = new AbortController();
  const ended = loop.run(stop.signal);
  const first = await write(Raised({ counter: 'a', by: 1 }));
  const other = await write(Burst({ counter: 'b' }));
  expect(await loop.whenReached(other)()).toEqual(E.right(undefined));
  expect(loop.progress().events).toBe(1);
  expect(first < other).toBe(true);
  const last = await write(Raised({ counter: 'a', by: 1 }), Burst({ counter: 'b' }));
  expect(await loop.whenReached(last)()).toEqual(E.right(undefined));
  expect(loop.progress().events).toBe(2);
  stop.abort();
  await ended;
});
