import { join } from 'node:path';
import { openDatabase, type SqliteValue } from '@mailroom/sqlite';
import { describe, expect, it } from 'vitest';
import { indexEvery } from './index-streams.ts';
import { sqliteEventStore } from './index.ts';
import { event, events, right, stream, temporaryFolder } from './test-support.ts';

/** A history of 20 events in 5 streams, its seal, and a way to change the file behind the store's back. */
const aHistory = async () => {
  const file = join(temporaryFolder(), 'events.db');
  const store = sqliteEventStore({ file, durability: 'normal' });
  for (let n = 0; n < 20; n++) {
    const revision = Math.floor(n / 5);
    await right(store.append(stream(n % 5), revision === 0 ? 'noStream' : revision - 1, [event({ n })]));
  }
  const { seal } = await right(store.verify());
  await store.close();
  return {
    file,
    seal: seal!,
    tamper: (sql: string, parameters: readonly SqliteValue[] = []) => {
      const database = openDatabase({ file });
      database.sql(sql).run(parameters);
      database.close();
    },
    verified: async (...seals: readonly [typeof seal] | readonly []) => {
      const again = sqliteEventStore({ file });
      const result = await again.verify(...(seals[0] ? [seals[0]] : []))();
      await again.close();
      return result;
    },
  };
};

describe('verify', () => {
  it('finds nothing wrong with a history that nobody touched, and goes on from its seal', async () => {
    const { file, seal, verified } = await aHistory();
    expect(await verified(seal)).toEqual({ _tag: 'Right', right: { events: 20, seal } });
    const store = sqliteEventStore({ file });
    await right(store.append(stream('more'), 'noStream', events(10)));
    const after = await right(store.verify(seal));
    expect(after.events).toBe(30);
    expect(after.seal?.hash).not.toBe(seal.hash);
    expect(await right(store.verify(seal, after.seal!))).toEqual(after);
    await store.close();
  });

  it('has nothing to seal in an empty store', async () => {
    const store = sqliteEventStore({ file: join(temporaryFolder(), 'events.db') });
    expect(await right(store.verify())).toEqual({ events: 0, seal: null });
    await store.close();
  });

  const changes: readonly (readonly [string, string])[] = [
    ['the data of an event', `UPDATE events SET data = '{"n":99}' WHERE position = 7`],
    [
      'the metadata of an event',
      `UPDATE events SET metadata = replace(metadata, 'somebody', 'nobody') WHERE position = 7`,
    ],
    ['when it was recorded', `UPDATE events SET head = replace(head, ',1,1,', ',1,2,') WHERE position = 7`],
    ['the stream it belongs to', `UPDATE events SET stream = stream + 1 WHERE position = 7`],
    ['the name of its stream', `UPDATE events SET head = replace(head, 'test-1', 'test-9') WHERE position = 7`],
    ['the name of its type', `UPDATE types SET name = 'Other'`],
    ['its revision', `UPDATE events SET revision = 9 WHERE position = 7`],
    ['its hash', `UPDATE events SET hash = zeroblob(32) WHERE position = 7`],
    [
      'the order of two events',
      `UPDATE events SET data = (SELECT data FROM events WHERE position = 8) WHERE position = 7`,
    ],
    ['an event in the middle, by removing it', `DELETE FROM events WHERE position = 7`],
    ['the last event, by removing it', `DELETE FROM events WHERE position = 20`],
  ];
  it.each(changes)('finds that somebody changed %s', async (_, sql) => {
    const { seal, tamper, verified } = await aHistory();
    tamper(sql);
    expect(await verified(seal)).toMatchObject({ _tag: 'Left', left: { _tag: 'HistoryDamaged' } });
  });

  it('cannot tell a history that was cut off from a shorter one, unless it is given a seal', async () => {
    const { seal, tamper, verified } = await aHistory();
    tamper('DELETE FROM events WHERE position > 10');
    expect(await verified()).toMatchObject({ _tag: 'Right', right: { events: 10 } });
    expect(await verified(seal)).toMatchObject({ left: { problem: 'the history has been cut off' } });
  });

  it('finds that the index leads elsewhere', async () => {
    const file = join(temporaryFolder(), 'events.db');
    const store = sqliteEventStore({ file, durability: 'normal' });
    for (let n = 0; n < indexEvery; n += 4096) await right(store.append(stream(n), 'noStream', events(4096)));
    // The index is written in the turn after the commit that made it due.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await right(store.verify())).toMatchObject({ events: indexEvery });
    await store.close();

    const database = openDatabase({ file });
    expect(database.sql('SELECT count(*) FROM stream_index').get([])?.[0]).toBe(indexEvery);
    database.sql('UPDATE stream_index SET position = 5 WHERE position = 6').run([]);
    database.close();
    const again = sqliteEventStore({ file });
    expect(await again.verify()()).toMatchObject({ left: { problem: 'the index contradicts the events' } });
    await again.close();
  });
});
