import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventStore, ReadStreamOptions } from '../../kernel/event-store.ts';
import {
  appendEach,
  anEvent,
  drain,
  idsOf,
  isAscending,
  type Names,
  names,
  numbersOf,
  right,
  someEvents,
  type Subject,
} from './support.ts';

/** Twelve events of two types in three streams, written one after the other. */
const aHistory = async (store: EventStore, { stream, type }: Names) =>
  await appendEach(
    store,
    Array.from(
      { length: 12 },
      (_, n) => [stream(`${n % 3}`), anEvent(type(n % 2 === 0 ? 'Even' : 'Odd'), { number: n })] as const,
    ),
  );

const bothTypes = ({ type }: Names): readonly string[] => [type('Even'), type('Odd')];

export const readingLaws = (subject: () => Subject): void => {
  it('reads a stream that does not exist as no events', async () => {
    const { store } = subject();
    const { stream } = names();
    expect(await right(store.readStream(stream()))).toEqual([]);
    expect(await right(store.readStream(stream(), { from: 3 }))).toEqual([]);
    expect(await right(store.readStream(stream(), { backwards: true, limit: 1 }))).toEqual([]);
  });

  it('reads any part of a stream, in both directions', async () => {
    const { store } = subject();
    const { stream, type } = names();
    await right(store.append(stream(), 'noStream', someEvents(20, type())));
    const bound = fc.option(fc.integer({ min: 0, max: 25 }), { nil: undefined });
    const limits = fc.option(fc.integer({ min: 1, max: 25 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(bound, bound, fc.boolean(), limits, async (from, to, backwards, limit) => {
        const options: ReadStreamOptions = {
          backwards,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(limit === undefined ? {} : { limit }),
        };
        const all = Array.from({ length: 20 }, (_, n) => n);
        const expected = backwards
          ? all.filter((n) => n <= (from ?? 19) && n >= (to ?? 0)).reverse()
          : all.filter((n) => n >= (from ?? 0) && n <= (to ?? 19));
        expect(numbersOf(await right(store.readStream(stream(), options)))).toEqual(expected.slice(0, limit));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps one order for all streams: that of the commits', async () => {
    const { store } = subject();
    const one = names();
    const history = await aHistory(store, one);
    const read = await drain(store, { types: bothTypes(one) });
    expect(idsOf(read)).toEqual(idsOf(history));
    expect(read.map(({ position }) => position)).toEqual(history.map(({ position }) => position));
    expect(isAscending(read.map(({ position }) => position))).toBe(true);
    const ofStream = await right(store.readStream(one.stream('1')));
    expect(ofStream).toEqual(read.filter(({ stream }) => stream === one.stream('1')));
  });

  it('gives positions that rise within an append, and that of its last event as the result', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const { position } = await right(store.append(stream(), 'noStream', someEvents(10, type())));
    const positions = (await right(store.readStream(stream()))).map((event) => event.position);
    expect(isAscending(positions)).toBe(true);
    expect(positions.at(-1)).toBe(position);
  });

  it('reads on after any event, without it', async () => {
    const { store } = subject();
    const one = names();
    const history = await aHistory(store, one);
    for (const [index, { position }] of history.entries()) {
      expect(numbersOf(await drain(store, { after: position, types: bothTypes(one) }))).toEqual(
        numbersOf(history.slice(index + 1)),
      );
    }
  });

  it('reads up to any event, with it', async () => {
    const { store } = subject();
    const one = names();
    const history = await aHistory(store, one);
    for (const [index, { position }] of history.entries()) {
      const upTo = await drain(store, { upTo: position, types: bothTypes(one) });
      expect(numbersOf(upTo)).toEqual(numbersOf(history.slice(0, index + 1)));
    }
  });

  it('leaves out the types that were not asked for', async () => {
    const { store } = subject();
    const one = names();
    const history = await aHistory(store, one);
    expect(numbersOf(await drain(store, { types: [one.type('Odd')] }))).toEqual([1, 3, 5, 7, 9, 11]);
    expect(await drain(store, { types: [one.type('Never')] })).toEqual([]);
    expect(await drain(store, { types: [] })).toEqual([]);
    // Without types everything comes, whoever wrote it.
    const all = await drain(store, { after: history[0]!.position });
    const ours = new Set(idsOf(history));
    expect(numbersOf(all.filter(({ id }) => ours.has(id)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('ends at the head as of its start', async () => {
    const { store } = subject();
    const { stream, type } = names();
    await right(store.append(stream(), 'noStream', someEvents(1000, type())));
    let seen = 0;
    let wroteMore = false;
    for await (const batch of store.readAll({ types: [type()] })) {
      if (E.isLeft(batch)) throw new Error(batch.left._tag);
      seen += batch.right.length;
      if (!wroteMore) await right(store.append(stream('later'), 'noStream', [anEvent(type())]));
      wroteMore = true;
    }
    expect(seen).toBe(1000);
  });

  it('has the newest event at its head', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const { position } = await right(store.append(stream(), 'noStream', someEvents(2, type())));
    const head = await right(store.head);
    expect(head !== null && head >= position).toBe(true);
    const { position: later } = await right(store.append(stream(), 1, [anEvent(type())]));
    expect(head !== null && later > head).toBe(true);
  });

  it('can be left early, again and again, and stops when it is told to', async () => {
    const { store } = subject();
    const { stream, type } = names();
    // A store that is shared may hold millions of events, and looking through them 120 times is not what is asked.
    const before = await right(store.head);
    const from = { types: [type()], ...(before === null ? {} : { after: before }) };
    await right(store.append(stream(), 'noStream', someEvents(1000, type())));
    for (let round = 0; round < 120; round++) {
      for await (const batch of store.readAll(from)) {
        expect(E.isRight(batch)).toBe(true);
        break;
      }
    }
    const stop = new AbortController();
    stop.abort();
    expect(await drain(store, { ...from, signal: stop.signal })).toEqual([]);
    expect(await drain(store, from)).toHaveLength(1000);
  });
};
