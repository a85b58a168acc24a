import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqliteEventStore } from './index.ts';
import { event, events, failingDriver, right, stream, temporaryFolder } from './test-support.ts';

const newFile = (): string => join(temporaryFolder(), 'events.db');

describe('an append alone', () => {
  it('takes one statement', async () => {
    const { driver, ran } = failingDriver();
    const store = sqliteEventStore({ file: newFile(), driver });
    await right(store.append(stream('a'), 'noStream', events(3)));
    ran();
    await right(store.append(stream('a'), 2, events(2)));
    expect(ran()).toEqual([expect.stringMatching(/^INSERT INTO events/)]);
    expect(store.counts()).toEqual({ commits: 2, events: 5 });
    expect(await right(store.verify())).toMatchObject({ events: 5 });
    await store.close();
  });

  it('takes a transaction when it writes more than events: names, the size of the largest, many rows', async () => {
    const { driver, ran } = failingDriver();
    const store = sqliteEventStore({ file: newFile(), driver });
    await right(store.append(stream('a'), 'noStream', [event()]));
    const appends = [
      () => store.append(stream('b'), 'noStream', [event()]),
      () => store.append(stream('a'), 0, [event({}, 'New')]),
      () => store.append(stream('a'), 1, [event({ large: 'x'.repeat(50_000) })]),
      () => store.append(stream('a'), 2, events(17)),
    ];
    for (const append of appends) {
      ran();
      await right(append());
      expect(ran()).toContain('COMMIT');
    }
    expect(await right(store.readStream(stream('a')))).toHaveLength(20);
    expect(await right(store.verify())).toMatchObject({ events: 21 });
    await store.close();
  });

  it('comes after what others have written meanwhile', async () => {
    const file = newFile();
    const [one, other] = [sqliteEventStore({ file }), sqliteEventStore({ file })];
    await right(one.append(stream('a'), 'noStream', [event()]));
    await right(other.append(stream('b'), 'noStream', [event()]));
    for (let revision = 0; revision < 5; revision++) {
      await right(one.append(stream('a'), revision, [event()]));
      await right(other.append(stream('b'), revision, [event()]));
    }
    const positions = (await right(one.readStream(stream('b')))).map(({ position }) => Number(position));
    expect(positions).toEqual([2, 4, 6, 8, 10, 12]);
    expect(await right(other.verify())).toMatchObject({ events: 12 });
    await one.close();
    await other.close();
  });

  it('is refused when somebody else was first in its stream, and accepted when that was itself', async () => {
    const file = newFile();
    const [one, other] = [sqliteEventStore({ file }), sqliteEventStore({ file })];
    await right(one.append(stream('a'), 'noStream', [event()]));
    const theirs = [event()];
    await right(other.append(stream('a'), 0, theirs));
    expect(await one.append(stream('a'), 0, [event()])()).toMatchObject({
      left: { _tag: 'WrongExpectedRevision', expected: 0, actual: 1 },
    });
    expect(await right(one.append(stream('a'), 0, theirs))).toMatchObject({ revision: 1, repeated: true });
    expect(await right(one.verify())).toMatchObject({ events: 2 });
    await one.close();
    await other.close();
  });

  it.each(['before', 'after'] as const)(
    'is not known to have failed when the disk did %s it was written; a repeat settles it',
    async (when) => {
      const { driver, fail } = failingDriver();
      const store = sqliteEventStore({ file: newFile(), driver });
      await right(store.append(stream('a'), 'noStream', events(1)));
      const given = events(2);
      fail('INSERT INTO events', when);
      expect(await store.append(stream('a'), 0, given)()).toMatchObject({ left: { _tag: 'OutcomeUnknown' } });
      const settled = await right(store.append(stream('a'), 0, given));
      expect(settled).toMatchObject({ revision: 2, repeated: when === 'after' });
      expect((await right(store.readStream(stream('a')))).slice(1).map(({ id }) => id)).toEqual(
        given.map(({ id }) => id),
      );
      expect(await right(store.verify())).toMatchObject({ events: 3 });
      await store.close();
    },
  );
});
