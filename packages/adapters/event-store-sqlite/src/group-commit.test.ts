import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { SqliteDriver } from '@mailroom/sqlite';
import { describe, expect, it } from 'vitest';
import { indexEvery } from './index-streams.ts';
import { sqliteEventStore } from './index.ts';
import { event, events, failingDriver, right, stream, temporaryFolder } from './test-support.ts';

const open = (driver?: SqliteDriver) => {
  const file = join(temporaryFolder(), 'events.db');
  return { file, store: sqliteEventStore({ file, ...(driver === undefined ? {} : { driver }) }) };
};

describe('group commit', () => {
  it('writes what came in one turn of the event loop with one transaction', async () => {
    const { store } = open();
    await Promise.all(Array.from({ length: 64 }, (_, n) => right(store.append(stream(n), 'noStream', [event()]))));
    expect(store.counts()).toEqual({ commits: 1, events: 64 });
    await store.close();
  });

  it('decides each append against those before it in the same turn', async () => {
    const { store } = open();
    const [first, second, other] = [events(2), events(1), events(1)];
    const results = await Promise.all([
      store.append(stream('a'), 'noStream', first)(),
      store.append(stream('a'), 'noStream', other)(),
      store.append(stream('a'), 1, second)(),
      store.append(stream('a'), 'noStream', first)(),
      store.append(stream('a'), 1, second)(),
      store.append(stream('a'), 2, other)(),
    ]);
    expect(
      results.map((result) => (E.isRight(result) ? [result.right.revision, result.right.repeated] : result.left._tag)),
    ).toEqual([[1, false], 'WrongExpectedRevision', [2, false], [1, true], [2, true], [3, false]]);
    const stored = await right(store.readStream(stream('a')));
    expect(stored.map(({ id }) => id)).toEqual([...first, ...second, ...other].map(({ id }) => id));
    expect(await right(store.verify())).toMatchObject({ events: 4 });
    await store.close();
  });

  it('says that nothing was written when writing failed, to that turn only', async () => {
    const { driver, fail } = failingDriver();
    const { store } = open(driver);
    await right(store.append(stream('a'), 'noStream', events(3)));
    fail('INSERT INTO events');
    const turn = await Promise.all([
      store.append(stream('a'), 2, [event()])(),
      store.append(stream('new'), 'noStream', [event()])(),
    ]);
    for (const result of turn) expect(result).toMatchObject({ left: { _tag: 'StoreUnavailable' } });
    expect(await right(store.append(stream('a'), 2, [event()]))).toMatchObject({ revision: 3 });
    expect(await right(store.append(stream('new'), 'noStream', [event()]))).toMatchObject({ revision: 0 });
    expect(await right(store.verify())).toMatchObject({ events: 5 });
    await store.close();
  });

  it('says that it does not know when the commit itself failed; a repeat settles it', async () => {
    const { driver, fail } = failingDriver();
    const { store } = open(driver);
    const [first, second, other] = [events(2), events(1), events(1)];
    await right(store.append(stream('a'), 'noStream', first));
    fail('COMMIT');
    const turn = await Promise.all([
      store.append(stream('a'), 1, second)(),
      store.append(stream('b'), 'noStream', other)(),
    ]);
    for (const result of turn) expect(result).toMatchObject({ left: { _tag: 'OutcomeUnknown' } });
    expect(await right(store.append(stream('a'), 1, second))).toMatchObject({ revision: 2 });
    expect(await right(store.readStream(stream('a')))).toHaveLength(3);
    expect(await right(store.verify())).toMatchObject({ events: 3 });
    await store.close();
  });

  it('goes on after the index could not be written, and writes it later', async () => {
    const { driver, fail } = failingDriver();
    const { store } = open(driver);
    fail('INSERT INTO stream_index');
    for (let n = 0; n < 2 * indexEvery; n += 4096) await right(store.append(stream(n), 'noStream', events(4096)));
    expect(await right(store.readStream(stream(0), { from: 4095 }))).toHaveLength(1);
    expect(await right(store.append(stream(4096), 4095, [event()]))).toMatchObject({ revision: 4096 });
    expect(await right(store.verify())).toMatchObject({ events: 2 * indexEvery + 1 });
    await store.close();
  });

  it('finds every event of a stream, whether it is indexed, remembered, or partly one and the other', async () => {
    const { file, store } = open();
    const rounds = Math.ceil((1.5 * indexEvery) / 3000);
    for (let round = 0; round < rounds; round++) {
      const expected = round === 0 ? 'noStream' : round * 1000 - 1;
      await Promise.all(['a', 'b', 'c'].map((name) => right(store.append(stream(name), expected, events(1000)))));
    }
    const again = sqliteEventStore({ file });
    for (const each of [store, again]) {
      for (const name of ['a', 'b', 'c']) {
        const revisions = (await right(each.readStream(stream(name)))).map(({ revision }) => revision);
        expect(revisions).toEqual(Array.from({ length: rounds * 1000 }, (_, n) => n));
      }
      const end = await right(each.readStream(stream('b'), { backwards: true, limit: 2 }));
      expect(end.map(({ revision }) => revision)).toEqual([rounds * 1000 - 1, rounds * 1000 - 2]);
    }
    await again.close();
    await store.close();
  });

  it('never gives a later event an earlier time, even if the clock goes back', async () => {
    const times = [5000, 9000, 1000, 2000, 9500];
    const store = sqliteEventStore({
      file: join(temporaryFolder(), 'events.db'),
      now: () => new Date(times.shift() ?? 9900),
    });
    for (let n = 0; n < 5; n++) await right(store.append(stream('a'), n === 0 ? 'noStream' : n - 1, [event()]));
    const stored = await right(store.readStream(stream('a')));
    expect(stored.map(({ recordedAt }) => recordedAt.getTime())).toEqual([5000, 9000, 9000, 9000, 9500]);
    await store.close();
  });
});
