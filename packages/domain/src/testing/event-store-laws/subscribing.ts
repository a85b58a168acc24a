import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import type { Position, SubscriptionItem } from '../../kernel/event-store.ts';
import {
  anEvent,
  drain,
  eventsIn,
  follow,
  isCaughtUp,
  names,
  numbersOf,
  right,
  someEvents,
  type Subject,
} from './support.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

export const subscribingLaws = (subject: () => Subject): void => {
  it('gives what was there, says that it has caught up, and goes on with what comes', async () => {
    const { store } = subject();
    const { stream, type } = names();
    await right(store.append(stream(), 'noStream', someEvents(5, type())));
    let isLive = false;
    const items = await follow(store, { after: 'start', types: [type()] }, async (soFar) => {
      if (!isLive && isCaughtUp(soFar)) {
        isLive = true;
        expect(numbersOf(eventsIn(soFar))).toEqual(upTo(5));
        await right(store.append(stream(), 4, someEvents(3, type(), 5)));
      }
      return eventsIn(soFar).length >= 8;
    });
    expect(numbersOf(eventsIn(items))).toEqual(upTo(8));
  });

  it('gives the events as reading gives them', async () => {
    const { store } = subject();
    const { stream, type } = names();
    await right(store.append(stream(), 'noStream', someEvents(5, type())));
    const items = await follow(store, { after: 'start', types: [type()] }, (soFar) => eventsIn(soFar).length >= 5);
    expect(eventsIn(items)).toEqual(await drain(store, { types: [type()] }));
  });

  it('starts after any event, without it', async () => {
    const { store } = subject();
    const { stream, type } = names();
    await right(store.append(stream(), 'noStream', someEvents(8, type())));
    for (const { position, revision } of await right(store.readStream(stream()))) {
      const items = await follow(store, { after: position, types: [type()] }, isCaughtUp);
      expect(numbersOf(eventsIn(items))).toEqual(upTo(8).slice(revision + 1));
    }
  });

  it('starts at the end with what comes from then on', async () => {
    const { store } = subject();
    const { stream, type } = names();
    await right(store.append(stream(), 'noStream', someEvents(5, type())));
    let isLive = false;
    const items = await follow(store, { after: 'end', types: [type()] }, async (soFar) => {
      if (!isLive && isCaughtUp(soFar)) {
        isLive = true;
        await right(store.append(stream(), 4, someEvents(2, type(), 5)));
      }
      return eventsIn(soFar).length >= 2;
    });
    expect(numbersOf(eventsIn(items))).toEqual([5, 6]);
  });

  it('catches up also where there is nothing to catch up with', async () => {
    const { store } = subject();
    const { type } = names();
    for (const after of ['start', 'end'] as const) {
      expect(eventsIn(await follow(store, { after, types: [type()] }, isCaughtUp))).toEqual([]);
    }
  });

  it('never lets a checkpoint overtake an event, and goes on from every checkpoint without loss', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const total = 300;
    await right(store.append(stream(), 'noStream', someEvents(100, type())));
    const writing = (async () => {
      for (let n = 100; n < total; n += 20) {
        await right(store.append(stream(), n - 1, someEvents(20, type(), n)));
        await right(store.append(stream(`${n}`), 'noStream', [anEvent(type('Other'))]));
      }
    })();
    const items = await follow(store, { after: 'start', types: [type()] }, (soFar) => eventsIn(soFar).length >= total);
    await writing;

    const events = eventsIn(items);
    expect(numbersOf(events)).toEqual(upTo(total));
    let newest: Position | undefined;
    for (const item of items) {
      const place = placeOf(item);
      if (place === undefined) continue;
      // Events lie beyond every earlier checkpoint; a checkpoint never lies before what was delivered.
      if (newest !== undefined)
        expect(item._tag === 'Checkpoint' ? place.first >= newest : place.first > newest).toBe(true);
      newest = place.last;
    }
    const checkpoints = items.flatMap((item) => (item._tag === 'Checkpoint' ? [item.position] : []));
    for (const position of checkpoints.filter((_, index) => index % Math.ceil(checkpoints.length / 5) === 0)) {
      const rest = await follow(store, { after: position, types: [type()] }, isCaughtUp);
      expect(numbersOf(eventsIn(rest))).toEqual(numbersOf(events.filter((event) => event.position > position)));
    }
  });

  it('waits for a slow consumer, who misses nothing', async () => {
    const { store } = subject();
    const { stream, type } = names();
    let written = 0;
    const write = async () => {
      for (; written < 3000; written += 100) {
        await right(store.append(stream(), written === 0 ? 'noStream' : written - 1, someEvents(100, type(), written)));
      }
    };
    // The consumer does nothing at all while 3,000 events are written.
    const items = await follow(store, { after: 'end', types: [type()] }, async (soFar) => {
      if (isCaughtUp(soFar) && written === 0) await write();
      return eventsIn(soFar).length >= 3000;
    });
    expect(numbersOf(eventsIn(items))).toEqual(upTo(3000));
  });

  it('serves several subscribers, each with everything', async () => {
    const { store } = subject();
    const { stream, type } = names();
    let live = 0;
    const subscribers = upTo(5).map(async () => {
      let counted = false;
      return await follow(store, { after: 'start', types: [type()] }, async (soFar) => {
        if (!counted && isCaughtUp(soFar)) {
          counted = true;
          live += 1;
          if (live === 5) await right(store.append(stream(), 'noStream', someEvents(10, type())));
        }
        return eventsIn(soFar).length >= 10;
      });
    });
    for (const items of await Promise.all(subscribers)) expect(numbersOf(eventsIn(items))).toEqual(upTo(10));
  });

  it('tells what another process wrote', async () => {
    const { store, reopen } = subject();
    const { stream, type } = names();
    const other = await reopen();
    let isLive = false;
    const items = await follow(store, { after: 'start', types: [type()] }, async (soFar) => {
      if (!isLive && isCaughtUp(soFar)) {
        isLive = true;
        await right(other.append(stream(), 'noStream', someEvents(3, type())));
      }
      return eventsIn(soFar).length >= 3;
    });
    expect(numbersOf(eventsIn(items))).toEqual(upTo(3));
  });

  it('ends when it is cancelled: before it began, while it waits, and with events at hand', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const aborted = new AbortController();
    aborted.abort();
    for await (const item of store.subscribe({ after: 'start', types: [type()], signal: aborted.signal })) {
      throw new Error(`unexpected ${item._tag}`);
    }

    const waiting = new AbortController();
    const seen: SubscriptionItem['_tag'][] = [];
    for await (const item of store.subscribe({ after: 'end', types: [type()], signal: waiting.signal })) {
      if (E.isLeft(item)) throw new Error(item.left._tag);
      seen.push(item.right._tag);
      // Comes while the loop below already waits for an item that never will.
      if (item.right._tag === 'CaughtUp') setImmediate(() => waiting.abort());
    }
    expect(seen).toContain('CaughtUp');

    await right(store.append(stream(), 'noStream', someEvents(500, type())));
    const first = await follow(store, { after: 'start', types: [type()] }, (soFar) => eventsIn(soFar).length > 0);
    expect(first.at(-1)?._tag).toBe('Events');
  });

  it('leaves nothing behind, however many come and go', async () => {
    const { store } = subject();
    const { stream, type } = names();
    await right(store.append(stream(), 'noStream', someEvents(500, type())));
    for (let round = 0; round < 120; round++) {
      const stop = new AbortController();
      for await (const item of store.subscribe({ after: 'start', types: [type()], signal: stop.signal })) {
        expect(E.isRight(item)).toBe(true);
        // Half of them are left by the loop, without a word to the signal.
        if (round % 2 === 0) break;
        stop.abort();
      }
    }
    await right(store.append(stream(), 499, [anEvent(type())]));
    expect(await drain(store, { types: [type()] })).toHaveLength(501);
  }, 60_000);
};

const placeOf = (item: SubscriptionItem): { readonly first: Position; readonly last: Position } | undefined => {
  if (item._tag === 'Checkpoint') return { first: item.position, last: item.position };
  if (item._tag !== 'Events') return undefined;
  return { first: item.events[0].position, last: item.events.at(-1)?.position ?? item.events[0].position };
};
