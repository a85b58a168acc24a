import { getEventListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it, test } from 'vitest';
import type { FoundFailure } from '../../../mailbox/index.ts';
import { limitsBench, refusedLogin, request, unreachable } from '../../../testing/limits-bench.ts';
import { failureFound } from '../../../testing/sample-mailbox.ts';
import { limitsFor } from './check-limits.ts';
import { createCircuits } from './circuits.ts';
import { createCircuit } from './circuit.ts';
import { createFairQueue, type Place } from './fair-queue.ts';
import { createTally } from './tally.ts';

describe('a circuit', () => {
  const other = failureFound({ kind: 'MailboxInUse' });
  const passing = failureFound({ kind: 'LocalResources' });
  const bench = (threshold = 2) => {
    let now = 1_000;
    const circuit = createCircuit({
      threshold,
      openMs: 100,
      now: () => now,
      counts: ({ kind }: FoundFailure) => kind === unreachable.kind,
      leavesOpen: ({ kind }: FoundFailure) => kind === passing.kind,
    });
    return { ...circuit, at: (time: number) => (now = time) };
  };

  it('opens at the threshold, not one before', () => {
    const { learn, known } = bench();
    expect(known()).toBeNull();
    learn(unreachable);
    expect(known()).toBeNull();
    learn(unreachable);
    expect(known()).toBe(unreachable);
  });

  it('stays open until the very end of its time, and not beyond', () => {
    const { learn, known, at } = bench(1);
    learn(unreachable);
    at(1_099);
    expect(known()).toBe(unreachable);
    at(1_100);
    expect(known()).toBeNull();
  });

  it('lets one check try once the time is over, and waits for what it finds', () => {
    const { learn, known, at, begin } = bench(1);
    learn(unreachable);
    at(1_100);
    begin();
    expect(known()).toBe(unreachable);
    learn('nothing');
    expect(known()).toBeNull();
    begin();
    learn(unreachable);
    at(1_199);
    expect(known()).toBe(unreachable);
    at(1_200);
    expect(known()).toBeNull();
  });

  it('is not tried ahead of the others while it is closed', () => {
    const { learn, known, begin } = bench();
    learn(unreachable);
    begin();
    expect(known()).toBeNull();
  });

  it('learns nothing from what leaves open whether it was reached', () => {
    const { learn, known, isProven } = bench();
    for (const lesson of ['nothing', passing] as const) {
      learn(unreachable);
      learn(lesson);
      expect(isProven()).toBe(false);
    }
    expect(known()).toBe(unreachable);
  });

  it.each([['passed'], [other]] as const)('is proven, and counts anew, by what shows that it was reached', (lesson) => {
    const { learn, known, isProven } = bench();
    expect(isProven()).toBe(false);
    learn(unreachable);
    learn(lesson);
    expect(isProven()).toBe(true);
    learn(unreachable);
    expect([isProven(), known()]).toEqual([false, null]);
    learn(unreachable);
    expect(known()).toBe(unreachable);
    learn(lesson);
    expect([isProven(), known()]).toEqual([true, null]);
  });

  it('tells of the failure that was found last', () => {
    const { learn, known } = bench();
    const later = { ...unreachable, retryAfterSeconds: 7 };
    learn(unreachable);
    learn(later);
    expect(known()).toBe(later);
  });
});

test('a tally forgets a name at zero, and counts each on its own', () => {
  const { of, add } = createTally();
  expect(of('a')).toBe(0);
  add('a', 1);
  add('a', 1);
  add('b', 1);
  expect([of('a'), of('b')]).toEqual([2, 1]);
  add('a', -1);
  expect([of('a'), of('b')]).toEqual([1, 1]);
  add('a', -1);
  add('a', 1);
  expect(of('a')).toBe(1);
});

test.each([
  [1, { total: 1, reservedForPeople: 0, perOrganization: 1, perEndpoint: 1 }],
  [7, { total: 7, reservedForPeople: 0, perOrganization: 6, perEndpoint: 4 }],
  [8, { total: 8, reservedForPeople: 1, perOrganization: 6, perEndpoint: 4 }],
  [64, { total: 64, reservedForPeople: 8, perOrganization: 48, perEndpoint: 32 }],
])('of %i checks at once an eighth is kept for people, and nobody gets them all', (total, expected) => {
  expect(limitsFor(total)).toEqual({ ...expected, maxWaiting: 10_000 });
});

describe('at the limit', () => {
  it('one more for a person than an organization or a server otherwise gets, and no more than that', () => {
    for (const options of [{ perOrganization: 2 }, { perEndpoint: 2 }]) {
      const { ask, started } = limitsBench({ total: 10, ...options });
      for (let count = 0; count < 3; count += 1) void ask(request());
      expect(started).toHaveLength(2);
      for (let count = 0; count < 3; count += 1) void ask(request({ urgent: true }));
      expect(started).toHaveLength(3);
    }
  });

  it('what is kept for people is theirs alone, to the last', () => {
    const { ask, started } = limitsBench({ total: 4, reservedForPeople: 2 });
    for (let count = 0; count < 4; count += 1) void ask(request());
    expect(started).toHaveLength(2);
    for (let count = 0; count < 4; count += 1) void ask(request({ urgent: true }));
    expect(started).toHaveLength(4);
  });

  it('the last that may wait waits; the next is turned away, unless a person waits for it', async () => {
    const { ask, limits, started, settled } = limitsBench({ total: 1, maxWaiting: 2 });
    for (let count = 0; count < 3; count += 1) void ask(request());
    expect(limits.state()).toEqual({ running: 1, waiting: 2 });
    expect(await ask(request())).toEqual(E.left({ _tag: 'TooMany' }));
    started[0]?.finish('passed');
    await settled();
    void ask(request());
    expect(limits.state()).toEqual({ running: 1, waiting: 2 });
  });

  it('a check that is known to be in vain is answered before it is told that too many wait', async () => {
    const { ask, started, settled } = limitsBench({ total: 1, maxWaiting: 1, failuresToOpen: 1 });
    void ask(request());
    started[0]?.finish(unreachable);
    await settled();
    for (let count = 0; count < 2; count += 1) void ask(request({ insists: true }));
    expect(await ask(request({ insists: true }))).toEqual(E.left({ _tag: 'TooMany' }));
    expect(await ask(request())).toEqual(E.left({ _tag: 'Known', failure: unreachable }));
    expect(await ask(request({ signal: AbortSignal.abort() }))).toEqual(E.left({ _tag: 'Cancelled' }));
  });

  it('organizations, and the accounts of one profile, are counted apart though they are named alike', () => {
    const { ask, started } = limitsBench({ perOrganization: 5 });
    const alike = { identity: 'profile', identityLimit: 1, exclusive: 'ada', endpoint: 'imap mail:993' };
    void ask(request({ ...alike, organizationId: 'one' }));
    void ask(request({ ...alike, organizationId: 'two' }));
    void ask(request({ ...alike, organizationId: 'one', exclusive: 'bob' }));
    void ask(request({ ...alike, organizationId: 'one', identity: 'other' }));
    expect(started.map(({ request: { organizationId } }) => organizationId)).toEqual(['one', 'two']);
  });

  it('cancelling a check that runs already, or has ended, takes nothing from those that wait', async () => {
    const { ask, started, limits, settled } = limitsBench({ total: 1 });
    const cancelling = new AbortController();
    const result = ask(request({ signal: cancelling.signal }));
    void ask(request());
    cancelling.abort();
    await settled();
    expect(limits.state()).toEqual({ running: 1, waiting: 1 });
    started[0]?.finish(refusedLogin);
    expect(await result).toEqual(E.right(refusedLogin));
    expect(limits.state()).toEqual({ running: 1, waiting: 0 });
  });
});

test('a check that has ended, however it did, listens to its signal no longer', async () => {
  const { ask, started, settled } = limitsBench({ total: 1, failuresToOpen: 1 });
  const { signal } = new AbortController();
  const results = [ask(request({ signal })), ask(request({ signal }))];
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  started[0]?.finish(unreachable);
  await settled();
  expect(await Promise.all(results)).toHaveLength(2);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('of very many circuits those are forgotten that nobody has asked for in the longest time', () => {
  const circuits = createCircuits({ failuresToOpen: 1, openMs: 1000, now: () => 0 });
  const names = ['oldest', 'asked for again', 'newest'];
  for (const name of names) circuits.server(name).learn(unreachable);
  const isKnown = (name: string) => circuits.server(name).known() !== null;
  expect(names.map(isKnown)).toEqual([true, true, true]);
  for (let count = 0; count < 9_997; count += 1) circuits.runOnServer(`many ${count}`);
  expect(isKnown('asked for again')).toBe(true);
  circuits.runOfAccount('one more');
  expect([...names].reverse().map(isKnown)).toEqual([true, true, false]);
});

describe('a fair queue', () => {
  const place = (organizationId: string, endpoint: string, identity: string, urgent = false): Place => ({
    organizationId,
    endpoint,
    identity,
    urgent,
  });
  const open = { organization: () => true, endpoint: () => true, identity: () => true, entry: () => true };
  const taken = (places: readonly Place[], admission = {}) => {
    const queue = createFairQueue<Place>({ ...open, ...admission });
    for (const each of places) queue.add(each);
    const order: Place[] = [];
    for (let next = queue.take(); next !== null; next = queue.take()) order.push(next);
    return { order: order.map((each) => places.indexOf(each)), size: queue.size };
  };

  it('takes turns among organizations, then endpoints, then identities; first in, first out within one', () => {
    const places = [
      place('a', 'x', '1'),
      place('a', 'x', '1'),
      place('a', 'x', '2'),
      place('a', 'y', '1'),
      place('b', 'x', '1'),
      place('b', 'x', '1'),
    ];
    expect(taken(places)).toEqual({ order: [0, 4, 3, 5, 2, 1], size: 0 });
  });

  it('takes every urgent one before any other', () => {
    const places = [place('a', 'x', '1'), place('b', 'x', '1', true), place('a', 'y', '1', true)];
    expect(taken(places)).toEqual({ order: [1, 2, 0], size: 0 });
  });

  it('passes over whom it may not take now, and keeps them', () => {
    const places = [place('a', 'x', '1'), place('b', 'y', '2'), place('c', 'z', '3')];
    expect(taken(places, { organization: (id: string) => id !== 'a' })).toEqual({ order: [1, 2], size: 1 });
    expect(taken(places, { endpoint: ({ endpoint }: Place) => endpoint !== 'y' })).toEqual({ order: [0, 2], size: 1 });
    expect(taken(places, { identity: ({ identity }: Place) => identity !== '3' })).toEqual({ order: [0, 1], size: 1 });
    expect(taken(places, { entry: (each: Place) => each === places[2] })).toEqual({ order: [2], size: 2 });
  });

  it('lets go of one that is taken out, once, and of no other', () => {
    const queue = createFairQueue<Place>(open);
    const [first, second, third] = [place('a', 'x', '1'), place('a', 'x', '1'), place('a', 'y', '2')];
    expect(queue.remove(first)).toBe(false);
    for (const each of [first, second, third]) queue.add(each);
    expect([queue.remove(second), queue.remove(second), queue.size]).toEqual([true, false, 2]);
    expect([queue.remove(third), queue.size]).toEqual([true, 1]);
    expect([queue.take(), queue.take(), queue.size]).toEqual([first, null, 0]);
    expect(queue.remove(first)).toBe(false);
  });
});
