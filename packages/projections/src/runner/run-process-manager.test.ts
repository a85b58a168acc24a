import { type EventStore, type ProcessManager, StreamName, type ViewStore } from '@mailroom/domain';
import { inMemoryEventStore, runsOf } from '@mailroom/domain/testing';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, test } from 'vitest';
import type { Assignment, CarriedOut } from './owed.ts';
import { memoryViewStore } from './memory-view-store.ts';
import { runProcessManager } from './run-process-manager.ts';
import { type CounterEvent, counterEvents, Raised, writer } from './test-support/counters.ts';
import { settled, virtualTimers } from './test-support/virtual-timers.ts';

interface Debt {
  readonly asked: readonly string[];
  readonly answered: number;
}
type Instruction = { readonly counter: string; readonly nth: string };

/** Owes one answer (`by: -1`) for each question (`by: 1`); a question by 2 may be answered only after a minute. */
const answering: ProcessManager<Debt, CounterEvent, Instruction> = {
  name: 'answering',
  version: 1,
  events: counterEvents,
  keys: (event) => [event.data.counter],
  evolve: (row, event, _key, { recordedAt }) => {
    if (event.type === 'Burst') return undefined;
    const { asked, answered } = row ?? { asked: [], answered: 0 };
    if (event.data.by < 0) return { asked, answered: answered + 1 };
    const wait = event.data.by === 2 ? 60_000 : 0;
    return { asked: [...asked, new Date(recordedAt.getTime() + wait).toISOString()], answered };
  },
  intents: ({ asked, answered }, counter) =>
    asked.slice(answered).map((due, index) => ({
      key: String(answered + index),
      due: new Date(due),
      instruction: { counter, nth: String(answered + index) },
    })),
};

const ask = (counter: string, by = 1) => Raised({ counter, by });
const answer = (counter: string) => Raised({ counter, by: -1 });
const done: CarriedOut = { _tag: 'Done' };
const again: CarriedOut = { _tag: 'Again', tag: 'StoreUnavailable', problem: 'scripted' };

const running: AbortController[] = [];
afterEach(() => {
  for (const controller of running.splice(0)) controller.abort();
});

const start = (
  store: EventStore,
  carryOut: (assignment: Assignment<Instruction>) => Promise<CarriedOut>,
  {
    views = memoryViewStore(),
    clock = virtualTimers(),
    concurrency = 10,
    perLane = concurrency,
  }: { views?: ViewStore; clock?: ReturnType<typeof virtualTimers>; concurrency?: number; perLane?: number } = {},
) => {
  const stop = new AbortController();
  running.push(stop);
  const process = runProcessManager(
    { store, views, timers: clock.timers, backoff: { firstMs: 1000, maxMs: 8000 }, distance: () => null },
    answering,
    {
      carryOut,
      concurrency,
      perLane,
      lane: ({ counter }) => ({ lane: counter[0] ?? '', urgent: counter.endsWith('!') }),
    },
  );
  const ended = process.run(stop.signal);
  return {
    ...process,
    clock,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};

const store0 = () => {
  const clock = virtualTimers();
  return { clock, store: inMemoryEventStore(clock.timers.now) };
};

test('carries out what the history still owes, and only that, after all of the history', async () => {
  const { clock, store } = store0();
  const write = writer(store);
  await write(ask('a'), answer('a'), ask('a'), ask('b'));
  const told: string[] = [];
  let reachedWhenFirst: unknown = 'never';
  const process = start(
    store,
    async ({ key, intentKey }) => {
      if (told.length === 0) reachedWhenFirst = process.reached();
      told.push(`${key}${intentKey}`);
      return done;
    },
    { clock },
  );
  await settled();
  expect(told).toEqual(['a1', 'b0']);
  expect(E.right(reachedWhenFirst)).toEqual(await store.head());
});

test('carries out live intents once, although the answer is slow to arrive', async () => {
  const { clock, store } = store0();
  const write = writer(store);
  const told: string[] = [];
  start(store, async ({ intentKey }) => (told.push(intentKey), done), { clock });
  await write(ask('a'));
  await settled();
  await write(ask('a'));
  await settled();
  expect(told).toEqual(['0', '1']);
});

test('a timer is durable: due after a restart, at its time, once', async () => {
  const { clock, store } = store0();
  const views = memoryViewStore();
  const told: string[] = [];
  const carryOut = async ({ intentKey }: Assignment<Instruction>) => (told.push(intentKey), done);
  const write = writer(store);
  const first = start(store, carryOut, { views, clock });
  await write(ask('a', 2));
  await settled();
  await clock.advance(59_000);
  expect(told).toEqual([]);
  expect(first.owed()).toMatchObject([{ state: 'scheduled' }]);
  await first.stop();
  expect(clock.pending()).toBe(0);

  start(store, carryOut, { views, clock });
  await settled();
  expect(told).toEqual([]);
  await clock.advance(1000);
  expect(told).toEqual(['0']);
  await clock.advance(600_000);
  expect(told).toEqual(['0']);
});

test('what fails in passing is tried again, later each time, for ever', async () => {
  const { clock, store } = store0();
  const at: number[] = [];
  const begin = clock.timers.now().getTime();
  const process = start(
    store,
    async () => {
      at.push((clock.timers.now().getTime() - begin) / 1000);
      if (at.length === 3) throw new Error('a mistake in the instruction');
      return at.length < 6 ? again : done;
    },
    { clock },
  );
  await writer(store)(ask('a'));
  await settled();
  expect(process.owed()).toMatchObject([{ state: 'retrying', failures: 1, problem: 'StoreUnavailable: scripted' }]);
  expect(process.isQuiet()).toBe(true);
  for (let second = 0; second < 60; second += 1) await clock.advance(1000);
  const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  expect(waits).toHaveLength(5);
  expect([...waits].sort((a, b) => a - b)).toEqual(waits);
  expect(process.owed()).toMatchObject([{ state: 'done', problem: null }]);
});

test('an intent that is gone is stopped while under way, and not told of when it waits', async () => {
  const { clock, store } = store0();
  const write = writer(store);
  const aborted: string[] = [];
  const process = start(
    store,
    ({ key, signal }) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          aborted.push(key);
          resolve(again);
        }),
      ),
    { clock, concurrency: 1 },
  );
  await write(ask('a'), ask('b'));
  await settled();
  expect(process.owed().map(({ state }) => state)).toEqual(['running', 'queued']);
  await write(answer('b'));
  await settled();
  expect(aborted).toEqual([]);
  expect(process.owed()).toMatchObject([{ key: 'a', state: 'running' }]);
  await write(answer('a'));
  await settled();
  expect(aborted).toEqual(['a']);
  expect(process.owed()).toEqual([]);
  expect(process.isQuiet()).toBe(true);
});

describe('when many are owed', () => {
  test('no more than the bound are under way; lanes take turns; the urgent go first', async () => {
    const { clock, store } = store0();
    const write = writer(store);
    await write(ask('a1'), ask('a2'), ask('a3'), ask('b1'), ask('c!'));
    const begun: string[] = [];
    let most = 0;
    const release: (() => void)[] = [];
    start(
      store,
      ({ key }) => {
        begun.push(key);
        most = Math.max(most, release.length + 1);
        return new Promise((resolve) => release.push(() => resolve(done)));
      },
      { clock, concurrency: 2 },
    );
    await settled();
    expect(begun).toHaveLength(2);
    while (release.length > 0) {
      release.shift()?.();
      await settled();
    }
    expect(most).toBe(2);
    expect(begun[0]).toBe('c!');
    expect(begun.indexOf('b1')).toBeLessThan(begun.indexOf('a2'));
    expect([...begun].sort()).toEqual(['a1', 'a2', 'a3', 'b1', 'c!']);
  });
});

test('one lane may not take all places, urgent ones aside', async () => {
  const { clock, store } = store0();
  const write = writer(store);
  await write(ask('a1'), ask('a2'), ask('a3'), ask('a!'), ask('b1'));
  const begun: string[] = [];
  start(
    store,
    ({ key }) => {
      begun.push(key);
      return new Promise(() => undefined);
    },
    { clock, concurrency: 10, perLane: 1 },
  );
  await settled();
  expect(begun.sort()).toEqual(['a!', 'a1', 'b1']);
});

test('however often it is stopped, every question is answered exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 5 }),
      fc.array(fc.boolean(), { maxLength: 10 }),
      async (questions, stops, failures) => {
        const { clock, store } = store0();
        const views = memoryViewStore();
        const write = writer(store);
        let turn = 0;
        // The answer names itself after the intent: a repeat is recognised, as a command's id would be.
        const carryOut = async ({ key, intentKey }: Assignment<Instruction>): Promise<CarriedOut> => {
          if (failures[turn++] === true) return again;
          const id = `11111111-1111-4111-8111-${key.charCodeAt(0)}${intentKey.padStart(9, '0')}`.padEnd(36, '0');
          const stream = StreamName.orThrow(`answers-${key}`);
          const expected = intentKey === '0' ? 'noStream' : Number(intentKey) - 1;
          const appended = await store.append(stream, expected, [
            {
              ...counterEvents.encode(answer(key)),
              id,
              metadata: {
                commandId: id,
                correlationId: id,
                causationId: id,
                actorId: 'answering',
                actorKind: 'system',
                organizationId: 'org',
                command: 'Answer',
              },
            },
          ])();
          return E.isRight(appended) ? done : again;
        };
        for (const [index, question] of questions.entries()) {
          await write(ask(question));
          const turns = stops[index];
          if (turns === undefined) continue;
          const cut = start(store, carryOut, { views, clock });
          for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setImmediate(resolve));
          await cut.stop();
        }
        const last = start(store, carryOut, { views, clock });
        await settled();
        for (let tries = 0; tries < 12 && last.owed().length > 0; tries += 1) await clock.advance(10_000);
        expect(last.owed()).toEqual([]);
        await last.stop();
        const answers: string[] = [];
        for await (const batch of store.readAll()) {
          if (E.isLeft(batch)) throw new Error(batch.left._tag);
          for (const { data, stream } of batch.right)
            if (stream.startsWith('answers')) answers.push(data['counter'] as string);
        }
        expect(answers.sort()).toEqual([...questions].sort());
      },
    ),
    { numRuns: runsOf({ small: 40, ci: 150, full: 1000 }) },
  );
});
