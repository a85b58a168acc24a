import type { EventStore, JsonObject, Position, ViewStore } from '@mailroom/domain';
import { inMemoryEventStore, runsOf } from '@mailroom/domain/testing';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, test } from 'vitest';
import { defaultBackoff } from './backoff.ts';
import { follower } from './follower.ts';
import type { FollowerEnv, FollowerOptions } from './follower-types.ts';
import { memoryViewStore } from './memory-view-store.ts';
import { isParkingKey } from './parking.ts';
import { Burst, type CounterRow, counters, Raised, writer } from './test-support/counters.ts';
import { impatientTimers } from './test-support/virtual-timers.ts';

const env = (store: EventStore, views: ViewStore): FollowerEnv => ({
  store,
  views,
  timers: impatientTimers,
  backoff: defaultBackoff,
  distance: (from, to) => ({ unit: 'events', count: Number(to) - Number(from ?? 0) }),
});

const running: AbortController[] = [];
afterEach(() => {
  for (const controller of running.splice(0)) controller.abort();
});

const start = (store: EventStore, views: ViewStore, options: Partial<FollowerOptions<CounterRow>> = {}) => {
  const stop = new AbortController();
  running.push(stop);
  const loop = follower(env(store, views), counters, { kind: 'view', onPoison: 'halt', batch: 100, ...options });
  const ended = loop.run(stop.signal);
  return {
    ...loop,
    ended,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};

const arrived = async (waiting: ReturnType<ReturnType<typeof follower>['whenReached']>): Promise<void> => {
  expect(await waiting()).toEqual(E.right(undefined));
};

const rowsOf = async (views: ViewStore): Promise<Record<string, unknown>> => {
  const rows: Record<string, unknown> = {};
  for await (const batch of views.scan({ name: 'counters', version: 1 })) {
    for (const [key, row] of batch.rows) if (!isParkingKey(key)) rows[key] = row;
  }
  return rows;
};

const replayed = async (store: EventStore): Promise<Record<string, unknown>> => {
  const rows = new Map<string, CounterRow>();
  for await (const batch of store.readAll()) {
    if (E.isLeft(batch)) throw new Error(batch.left._tag);
    for (const recorded of batch.right) {
      const event = counters.events.decode(recorded);
      if (E.isLeft(event)) throw new Error('undecodable');
      for (const key of counters.keys(event.right, recorded)) {
        const next = counters.evolve(rows.get(key), event.right, key, recorded);
        if (next === undefined) rows.delete(key);
        else rows.set(key, next);
      }
    }
  }
  return Object.fromEntries(rows);
};

const raise = (counter: string, by: number) => Raised({ counter, by });

test('while it catches up, others on the thread get on between two commits', async () => {
  const store = inMemoryEventStore();
  const write = writer(store);
  let head: Position | undefined;
  for (let n = 0; n < 1000; n += 1) head = await write(Raised({ counter: 'a', by: 1 }));
  if (head === undefined) throw new Error('nothing written');
  let commits = 0;
  let commitsWhenOthersRan: number | undefined;
  const loop = start(store, memoryViewStore(), {
    onCommitted: () => {
      commits += 1;
      if (commits === 1) setImmediate(() => (commitsWhenOthersRan = commits));
    },
  });
  await arrived(loop.whenReached(head));
  expect(commits).toBeGreaterThan(2);
  expect(commitsWhenOthersRan).toBe(1);
  await loop.stop();
});

test('history first, then live: a writer finds its own write in the rows', async () => {
  const store = inMemoryEventStore();
  const write = writer(store);
  await write(raise('a', 1), raise('b', 2), raise('a', 3));
  const views = memoryViewStore();
  const { whenReached } = start(store, views);
  const position = await write(raise('b', 5));
  expect(await whenReached(position)()).toEqual(E.right(undefined));
  expect(await rowsOf(views)).toMatchObject({ a: { sum: 4 }, b: { sum: 7 } });
});

test('a batch is one commit, with only the rows that changed', async () => {
  const store = inMemoryEventStore();
  const position = await writer(store)(raise('a', 1), raise('b', 1), raise('a', 1), raise('b', 0));
  const inner = memoryViewStore();
  const commits: (readonly [Position, readonly string[]])[] = [];
  const views: ViewStore = {
    ...inner,
    commit: (view, from, to, rows) => {
      commits.push([to, [...rows.keys()]]);
      return inner.commit(view, from, to, rows);
    },
  };
  const { whenReached } = start(store, views);
  await arrived(whenReached(position));
  expect(commits).toEqual([[position, ['a', 'b']]]);
  expect(await rowsOf(views)).toMatchObject({ a: { sum: 2 } });
});

test('what comes live in one turn after the other shares a commit', async () => {
  const store = inMemoryEventStore();
  const write = writer(store);
  let commits = 0;
  const { whenReached } = start(store, memoryViewStore(), { onCommitted: () => (commits += 1) });
  await arrived(whenReached(await write(raise('a', 1))));
  commits = 0;
  let position = await write(raise('a', 1));
  for (let n = 0; n < 5; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    position = await write(raise('a', 1));
  }
  await arrived(whenReached(position));
  expect(commits).toBeLessThanOrEqual(2);
});

test('an event that changes no row is no commit of its own, and nobody waits for one', async () => {
  const store = inMemoryEventStore();
  const write = writer(store);
  const inner = memoryViewStore();
  const written: string[][] = [];
  const views: ViewStore = {
    ...inner,
    commit: (view, from, to, rows) => {
      written.push([...rows.keys()]);
      return inner.commit(view, from, to, rows);
    },
  };
  const { whenReached, stop } = start(store, views);
  await arrived(whenReached(await write(raise('a', 1))));
  written.splice(0);
  const unchanged = await write(raise('b', 0));
  await arrived(whenReached(unchanged));
  expect(written).toEqual([]);
  await arrived(whenReached(await write(raise('a', 1))));
  const last = await write(raise('b', 0));
  await arrived(whenReached(last));
  await stop();
  // The last checkpoint is written with the stop.
  expect(written).toEqual([['a'], []]);
  expect(await inner.checkpoint({ name: 'counters', version: 1 })()).toMatchObject(E.right({ position: last }));
});

test('where somebody keeps all rows, none is read', async () => {
  const store = inMemoryEventStore();
  const write = writer(store);
  const views = memoryViewStore();
  await write(raise('a', 1), raise('b', 2));
  const first = start(store, views);
  await arrived(first.whenReached(await write(raise('b', 5))));
  await first.stop();

  const rows = new Map<string, CounterRow>();
  const keep = (changes: ReadonlyMap<string, CounterRow | undefined>): void => {
    for (const [key, row] of changes) {
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
  };
  const unread: ViewStore = {
    ...views,
    load: () => {
      throw new Error('a row was read');
    },
  };
  const { whenReached, progress } = start(store, unread, { allRows: rows, onRestored: keep, onCommitted: keep });
  await arrived(whenReached(await write(raise('a', 1), raise('b', 0), raise('c', 1), raise('c', 1))));
  expect(progress().lastError).toBeNull();
  expect(await rowsOf(views)).toEqual(await replayed(store));
  expect(Object.fromEntries(rows)).toEqual(await replayed(store));
});

describe('an event of a newer schema', () => {
  test('halts, says so, and keeps everything before it', async () => {
    const store = inMemoryEventStore();
    const write = writer(store);
    const before = await write(raise('a', 1));
    const newer = await write({ ...raise('a', 1), schemaVersion: 2 });
    const views = memoryViewStore();
    const { whenReached, progress, ended } = start(store, views, { onPoison: 'park' });
    await ended;
    expect(progress()).toMatchObject({ state: 'halted', position: before, lastError: { final: true } });
    expect(await whenReached(newer)()).toMatchObject(E.left({ _tag: 'NotReached', state: 'halted' }));
    expect(await rowsOf(views)).toMatchObject({ a: { sum: 1 } });
  });
});

describe.each([
  ['that does not decode', { ...raise('a', 1), raw: { counter: 7, password: 'hunter2' } }],
  ['that the fold cannot take', Burst({ counter: 'a' })],
])('an event %s', (_, poison) => {
  const history = async () => {
    const store = inMemoryEventStore();
    const write = writer(store);
    const before = await write(raise('a', 1), raise('b', 1));
    await write(poison);
    const last = await write(raise('a', 10), raise('b', 10));
    return { store, before, last };
  };

  test('halts by default, right before it', async () => {
    const { store, before } = await history();
    const views = memoryViewStore();
    const { progress, ended } = start(store, views);
    await ended;
    expect(progress()).toMatchObject({ state: 'halted', position: before });
    expect(JSON.stringify(progress())).not.toContain('hunter2');
    expect(await rowsOf(views)).toMatchObject({ a: { sum: 1 }, b: { sum: 1 } });
  });

  test('can be parked: its key waits with what follows, the others go on, and a restart remembers', async () => {
    const { store, last } = await history();
    const views = memoryViewStore();
    const first = start(store, views, { onPoison: 'park' });
    await arrived(first.whenReached(last));
    expect(await rowsOf(views)).toMatchObject({ a: { sum: 1 }, b: { sum: 11 } });
    const parked = first.progress().parked;
    expect(parked.map(({ events }) => events.length)).toEqual([2]);
    await first.stop();

    const second = start(store, views, { onPoison: 'park' });
    await arrived(second.whenReached(last));
    expect(second.progress().parked).toEqual(parked);
  });
});

test('types that it does not know pass by, and the checkpoint passes them too', async () => {
  const store = inMemoryEventStore();
  const write = writer(store);
  await write(raise('a', 1));
  const views = memoryViewStore();
  const loop = follower(
    env(store, views),
    { ...counters, events: { ...counters.events, types: ['Burst'] } },
    {
      kind: 'view',
      onPoison: 'halt',
      batch: 10,
    },
  );
  const stop = new AbortController();
  running.push(stop);
  void loop.run(stop.signal);
  const position = await write(raise('a', 1));
  expect(await loop.whenReached(position)()).toEqual(E.right(undefined));
  expect(await rowsOf(views)).toEqual({});
});

test('a runner that was superseded never writes again', async () => {
  const store = inMemoryEventStore();
  const write = writer(store);
  const views = memoryViewStore();
  const old = start(store, views);
  await arrived(old.whenReached(await write(raise('a', 1))));
  const young = start(store, views);
  await arrived(young.whenReached(await write(raise('a', 1))));
  await old.ended;
  expect(old.progress().state).toBe('superseded');
  expect(await rowsOf(views)).toMatchObject({ a: { sum: 2 } });
});

/** A store and views that fail, end and break off as the schedule says, then work. */
const flaky = (inner: EventStore, innerViews: ViewStore, schedule: readonly number[]) => {
  let turn = 0;
  const fails = (): boolean => {
    const fault = (schedule[turn] ?? 1) === 0;
    turn += 1;
    return fault;
  };
  const unavailable = { _tag: 'StoreUnavailable', cause: 'scripted' } as const;
  const store: EventStore = {
    ...inner,
    subscribe: async function* (options) {
      for await (const item of inner.subscribe(options)) {
        if (fails()) {
          if (turn % 3 === 0) throw new Error('scripted');
          if (turn % 3 === 1) yield E.left(unavailable);
          return;
        }
        yield item;
      }
    },
  };
  const gone = { _tag: 'ViewUnavailable', cause: 'scripted' } as const;
  const views: ViewStore = {
    ...innerViews,
    open: (view) => async () => (fails() ? E.left(gone) : await innerViews.open(view)()),
    load: (view, keys) => async () => (fails() ? E.left(gone) : await innerViews.load(view, keys)()),
    commit: (view, from, to, rows) => async () => {
      if (!fails()) return await innerViews.commit(view, from, to, rows)();
      // Half of these faults are answers that got lost after the write.
      const lost = turn % 2 === 0 ? await innerViews.commit(view, from, to, rows)() : null;
      return lost !== null && E.isLeft(lost) ? lost : E.left(gone);
    },
  };
  return { store, views };
};

test('whatever fails and whenever it is stopped, the rows equal a replay', async () => {
  const counter = fc.constantFrom('a', 'b', 'c');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(counter, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 30 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 7 }),
      async (raises, schedule, stops, batch) => {
        const inner = inMemoryEventStore();
        const innerViews = memoryViewStore();
        const { store, views } = flaky(inner, innerViews, schedule);
        const write = writer(inner);
        const half = Math.floor(raises.length / 2);
        for (const [key, by] of raises.slice(0, half)) await write(raise(key, by));
        for (const turns of stops) {
          const cut = start(store, views, { batch });
          for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          await cut.stop();
        }
        const last = start(store, views, { batch });
        let position: Position | null = null;
        for (const [key, by] of raises.slice(half)) position = await write(raise(key, by));
        if (position !== null) expect(await last.whenReached(position)()).toEqual(E.right(undefined));
        await last.stop();
        expect(await rowsOf(innerViews)).toEqual(await replayed(inner));
      },
    ),
    { numRuns: runsOf({ small: 100, ci: 300, full: 1000 }) },
  );
});

test('progress is data: where it stands, how far behind, at what rate', async () => {
  const store = inMemoryEventStore();
  const write = writer(store);
  const position = await write(raise('a', 1), raise('b', 1));
  const { whenReached, progress } = start(store, memoryViewStore());
  expect(progress()).toMatchObject({ state: 'starting', position: null, events: 0 });
  await arrived(whenReached(position));
  const next = await write(raise('a', 1));
  await arrived(whenReached(next));
  expect(progress()).toMatchObject({
    state: 'live',
    position: next,
    head: next,
    events: 3,
    lagMs: 0,
    lagEvents: 0,
    etaSeconds: 0,
  });
});

test('stopping is prompt, and leaves the checkpoint where the rows are', async () => {
  const store = inMemoryEventStore();
  const position = await writer(store)(raise('a', 1));
  const views = memoryViewStore();
  const loop = start(store, views);
  await arrived(loop.whenReached(position));
  await loop.stop();
  expect(loop.progress().state).toBe('stopped');
  const opened = await views.open({ name: 'counters', version: 1 })();
  expect(opened).toMatchObject(E.right({ position }));
  const loaded = await views.load({ name: 'counters', version: 1 }, ['a'])();
  expect(E.isRight(loaded) ? ([...loaded.right.values()][0] as JsonObject) : null).toMatchObject({ sum: 1 });
});
