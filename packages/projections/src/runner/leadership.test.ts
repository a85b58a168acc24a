import type { EventStore, ViewStore } from '@mailroom/domain';
import { inMemoryEventStore } from '@mailroom/domain/testing';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { defaultBackoff } from './backoff.ts';
import { follower } from './follower.ts';
import type { FollowerOptions } from './follower-types.ts';
import { leadership } from './leadership.ts';
import { memoryViewStore } from './memory-view-store.ts';
import { type CounterRow, counters, Raised, writer } from './test-support/counters.ts';
import { settled, virtualTimers } from './test-support/virtual-timers.ts';

const raise = (counter: string, by: number) => Raised({ counter, by });

/** A world with one clock, one history and one view store, in which processes come and go. */
const world = () => {
  const { timers, advance } = virtualTimers();
  const store = inMemoryEventStore(timers.now);
  const views = memoryViewStore({ now: () => timers.now().getTime() });
  const writers: string[] = [];

  const enter = async (holder: string, options: Partial<FollowerOptions<CounterRow>> = {}, over: ViewStore = views) => {
    let isDead = false;
    const never = (): Promise<never> => new Promise(() => undefined);
    // What a dead process asks of the store never gets there.
    const mortal = new Proxy(over, {
      get: (target, name: keyof ViewStore) => {
        const call = target[name] as (...given: readonly unknown[]) => unknown;
        return (...given: readonly unknown[]) => {
          if (isDead) return never;
          if (name === 'commit') writers.push(holder);
          return call(...given);
        };
      },
    });
    const leads = leadership({ views: mortal, timers, holder, names: ['counters'] });
    const stop = new AbortController();
    await leads.begin();
    const env = { store: store as EventStore, views: mortal, leadership: leads, timers, backoff: defaultBackoff };
    const loop = follower<CounterRow, never>({ ...env, distance: () => null }, counters as never, {
      kind: 'view',
      onPoison: 'halt',
      batch: 100,
      ...options,
    });
    const running = [loop.run(stop.signal), leads.run(stop.signal)];
    await settled();
    return {
      ...loop,
      die: () => {
        isDead = true;
      },
      stop: async () => {
        stop.abort();
        await Promise.all(running);
        await leads.end();
      },
    };
  };
  return { store, views, advance, enter, writers, write: writer(store) };
};

const sums = async (views: ViewStore): Promise<Record<string, number>> => {
  const found: Record<string, number> = {};
  for await (const { rows } of views.scan({ name: 'counters', version: 1 })) {
    for (const [key, row] of rows) found[key] = row['sum'] as number;
  }
  return found;
};

test('one leads, the other stands by and writes nothing', async () => {
  const { enter, write, views, advance, writers } = world();
  const one = await enter('one');
  const two = await enter('two');
  await write(raise('a', 1));
  await advance(20_000);
  expect(one.progress()).toMatchObject({ state: 'live', isLeading: true });
  expect(two.progress()).toMatchObject({ state: 'standby', isLeading: false });
  expect(new Set(writers)).toEqual(new Set(['one']));
  expect(await sums(views)).toEqual({ a: 1 });
});

test('ten seconds after the death of the leader another one leads, where it stopped', async () => {
  const { enter, write, views, advance } = world();
  const one = await enter('one');
  const two = await enter('two');
  await write(raise('a', 1));
  await advance(3000);
  one.die();
  await write(raise('a', 2));
  await advance(10_000);
  expect(two.progress()).toMatchObject({ state: 'live', isLeading: true });
  expect(await sums(views)).toEqual({ a: 3 });
});

test('a leader that stops gives way at once', async () => {
  const { enter, advance } = world();
  const one = await enter('one');
  const two = await enter('two');
  await one.stop();
  await advance(2000);
  expect(two.progress()).toMatchObject({ state: 'live', isLeading: true });
});

test('a leader that was out of the world for long comes back as a standby, and never writes in between', async () => {
  const { enter, write, views, advance, writers } = world();
  let isCutOff = false;
  const gone = async () => E.left({ _tag: 'ViewUnavailable', cause: 'cut off' } as const);
  const shaky: ViewStore = {
    ...views,
    commit: (...given) => (isCutOff ? gone : views.commit(...given)),
    lease: (...given) => (isCutOff ? gone : views.lease(...given)),
  };
  const one = await enter('one', {}, shaky);
  const two = await enter('two');
  isCutOff = true;
  await write(raise('a', 1));
  await advance(12_000);
  expect(two.progress().isLeading).toBe(true);
  isCutOff = false;
  const before = writers.length;
  await write(raise('a', 2));
  await advance(12_000);
  expect(one.progress()).toMatchObject({ state: 'standby', isLeading: false });
  expect(writers.slice(before).every((writer) => writer === 'two')).toBe(true);
  expect(await sums(views)).toEqual({ a: 3 });
});

test('a standby that observes answers from its own memory, goes on from the rows of the leader, and takes over', async () => {
  const { enter, write, views, advance } = world();
  await write(raise('a', 1));
  const one = await enter('one');
  await advance(100);
  const rows = new Map<string, CounterRow>();
  const keep = {
    observes: true,
    onRestored: (restored: ReadonlyMap<string, CounterRow>) => {
      rows.clear();
      for (const [key, row] of restored) rows.set(key, row);
    },
    onCommitted: (changes: ReadonlyMap<string, CounterRow | undefined>) => {
      for (const [key, row] of changes) if (row !== undefined) rows.set(key, row);
    },
  };
  const two = await enter('two', keep);
  const position = await write(raise('a', 2), raise('b', 1));
  await advance(100);
  expect(await two.whenReached(position)()).toEqual(E.right(undefined));
  expect(two.progress()).toMatchObject({ state: 'live', isLeading: false });
  expect([...rows].map(([key, { sum }]) => [key, sum])).toEqual([
    ['a', 3],
    ['b', 1],
  ]);
  expect(await sums(views)).toEqual({ a: 3, b: 1 });
  one.die();
  await write(raise('b', 1));
  await advance(10_000);
  expect(two.progress()).toMatchObject({ state: 'live', isLeading: true });
  expect(await sums(views)).toEqual({ a: 3, b: 2 });
  expect(rows.get('b')?.sum).toBe(2);
});

test('whoever takes the fence for a moment, to mend something, does not end the leader', async () => {
  const { enter, write, views, advance } = world();
  const one = await enter('one');
  expect(E.isRight(await views.open({ name: 'counters', version: 1 })())).toBe(true);
  await write(raise('a', 1));
  await advance(5000);
  expect(one.progress()).toMatchObject({ state: 'live', isLeading: true });
  expect(await sums(views)).toEqual({ a: 1 });
});
