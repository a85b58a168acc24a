import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import type { ExpectedRevision } from '../../kernel/event-store.ts';
import { anEvent, drain, follow, idsOf, isCaughtUp, left, names, right, someEvents, type Subject } from './support.ts';

export const closingLaws = (subject: () => Subject): void => {
  it('shows another process what was written, at once, and recognises repeats there', async () => {
    const { store, reopen } = subject();
    const { stream, type } = names();
    const events = someEvents(3, type());
    const { position } = await right(store.append(stream(), 'noStream', events));
    const other = await reopen();
    expect(await right(other.readStream(stream()))).toEqual(await right(store.readStream(stream())));
    const repeat = await right(other.append(stream(), 'noStream', events));
    expect(repeat).toMatchObject({ revision: 2, repeated: true, position });
    const more = [anEvent(type())];
    expect(await right(other.append(stream(), 2, more))).toMatchObject({ revision: 3, repeated: false });
    expect(idsOf(await right(store.readStream(stream())))).toEqual(idsOf([...events, ...more]));
    expect(await left(store.append(stream(), 2, [anEvent(type())]))).toMatchObject({ _tag: 'WrongExpectedRevision' });
  });

  it('lets several processes write one stream without loss', async () => {
    const { store, reopen } = subject();
    const { stream, type } = names();
    const stores = [store, await reopen(), await reopen()];
    const batches = Array.from({ length: 30 }, () => someEvents(2, type()));
    await Promise.all(
      batches.map(async (events, n) => {
        const mine = stores[n % stores.length]!;
        let expected: ExpectedRevision = 'noStream';
        for (;;) {
          const result = await mine.append(stream(), expected, events)();
          if (E.isRight(result)) return;
          expect(result.left._tag).toBe('WrongExpectedRevision');
          expected = (await right(mine.readStream(stream()))).at(-1)?.revision ?? 'noStream';
        }
      }),
    );
    const recorded = await right(store.readStream(stream()));
    expect(recorded.map(({ revision }) => revision)).toEqual(Array.from({ length: 60 }, (_, n) => n));
    expect(new Set(idsOf(recorded))).toEqual(new Set(idsOf(batches.flat())));
    expect(idsOf(await drain(store, { types: [type()] }))).toEqual(idsOf(recorded));
  });

  it('finishes the appends under way when it is closed, and takes no more', async () => {
    const { store, reopen } = subject();
    const { stream, type } = names();
    const closing = await reopen();
    const under = Array.from({ length: 40 }, (_, n) => closing.append(stream(`${n}`), 'noStream', [anEvent(type())])());
    await closing.close();
    await closing.close();
    const results = await Promise.all(under);
    expect(results.every(E.isRight)).toBe(true);
    expect(await drain(store, { types: [type()] })).toHaveLength(40);

    expect(await left(closing.append(stream('late'), 'noStream', [anEvent(type())]))).toMatchObject({
      _tag: 'StoreUnavailable',
    });
    expect(await left(closing.readStream(stream('0')))).toMatchObject({ _tag: 'StoreUnavailable' });
    expect(await left(closing.head)).toMatchObject({ _tag: 'StoreUnavailable' });
    const batches = [];
    for await (const batch of closing.readAll()) batches.push(batch._tag);
    expect(batches).toEqual(['Left']);
    expect(await right(store.readStream(stream('late')))).toEqual([]);
  });

  it('ends its subscriptions when it is closed', async () => {
    const { reopen } = subject();
    const closing = await reopen();
    let isLive: () => void = () => undefined;
    const live = new Promise<void>((resolve) => (isLive = resolve));
    const following = (async () => {
      for await (const item of closing.subscribe({ after: 'end', types: [], signal: new AbortController().signal })) {
        if (E.isRight(item) && isCaughtUp([item.right])) isLive();
      }
      return 'ended';
    })();
    await live;
    await closing.close();
    expect(await following).toBe('ended');
  });

  it('goes on after another one was closed', async () => {
    const { store, reopen } = subject();
    const { stream, type } = names();
    const other = await reopen();
    await right(other.append(stream(), 'noStream', [anEvent(type())]));
    await other.close();
    await right(store.append(stream(), 0, [anEvent(type())]));
    expect(await right(store.readStream(stream()))).toHaveLength(2);
    await follow(store, { after: 'start', types: [type()] }, isCaughtUp);
  });
};
