import { join } from 'node:path';
import type { Seal } from '@mailroom/domain';
import { openDatabase } from '@mailroom/sqlite';
import { describe, expect, it } from 'vitest';
import { indexEvery } from './index-streams.ts';
import { chainHash, linkText } from './chain.ts';
import { sqliteEventStore } from './index.ts';
import { positionOf } from './positions.ts';
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
    tamper: (sql: string) => {
      const database = openDatabase({ file });
      database.exec(sql);
      database.close();
    },
    verified: async (...seals: readonly Seal[]) => {
      const again = sqliteEventStore({ file });
      const result = await again.verify({ known: seals })();
      await again.close();
      return result;
    },
  };
};

/** What somebody would do who can write the file and knows how hashes are made. */
const rechain = (file: string): void => {
  const database = openDatabase({ file });
  database.exec('BEGIN');
  let hash: Uint8Array = new Uint8Array(32);
  const rows = database
    .sql(
      `SELECT position, head, name, data, metadata FROM events JOIN types ON types.id = events.type ORDER BY position`,
    )
    .all([]);
  for (const [position, head, type, data, metadata] of rows) {
    const texts = { head: String(head), type: String(type), data: String(data), metadata: String(metadata) };
    hash = chainHash(hash, linkText(texts));
    database.sql('UPDATE events SET hash = ? WHERE position = ?').run([hash, Number(position)]);
  }
  database.exec('COMMIT');
  database.close();
};

describe('verify', () => {
  it('finds nothing wrong with a history that nobody touched, and goes on from its seal', async () => {
    const { file, seal, verified } = await aHistory();
    expect(await verified(seal)).toEqual({ _tag: 'Right', right: { events: 20, seal } });
    const store = sqliteEventStore({ file });
    await right(store.append(stream('more'), 'noStream', events(10)));
    const after = await right(store.verify({ known: [seal] }));
    expect(after.events).toBe(30);
    expect(after.seal?.hash).not.toBe(seal.hash);
    expect(await right(store.verify({ known: [seal, after.seal!] }))).toEqual(after);
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
    ['which stream a name stands for', `UPDATE streams SET name = 'test-9' WHERE name = 'test-1'`],
    ['its revision', `UPDATE events SET revision = 9 WHERE position = 7`],
    ['its hash', `UPDATE events SET hash = zeroblob(32) WHERE position = 7`],
    [
      'the order of two events',
      `UPDATE events SET data = (SELECT data FROM events WHERE position = 8) WHERE position = 7`,
    ],
    ['an event in the middle, by removing it', `DELETE FROM events WHERE position = 7`],
    ['the last event, by removing it', `DELETE FROM events WHERE position = 20`],
    [
      'the history, by putting in an event at its end',
      `INSERT INTO events SELECT 21, stream, revision + 1, type,
         replace(replace(head, '0000000000000020', '0000000000000021'), ',3,1,1,', ',4,1,1,'), data, metadata, hash
       FROM events WHERE position = 20`,
    ],
    [
      'the history, by putting in an event in the middle',
      `UPDATE events SET position = -position WHERE position > 7;
       INSERT INTO events SELECT 8, stream, revision, type, head, data, metadata, hash FROM events WHERE position = 7;
       UPDATE events SET position = 1 - position WHERE position < 0`,
    ],
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

  it('finds a history that was written anew as a whole, with hashes that fit, by a seal', async () => {
    const { file, seal, tamper, verified } = await aHistory();
    tamper(`UPDATE events SET data = '{"n":99}' WHERE position = 7`);
    rechain(file);
    expect(await verified()).toMatchObject({ _tag: 'Right', right: { events: 20 } });
    expect(await verified(seal)).toMatchObject({ left: { problem: 'the history is not the one that was sealed' } });
  });

  it('goes on after a seal that is trusted, and stops where it is told to', async () => {
    const { file, tamper } = await aHistory();
    const store = sqliteEventStore({ file });
    const half = await right(store.verify({ upTo: positionOf(10) }));
    expect(half).toMatchObject({ events: 10, seal: { position: positionOf(10) } });
    const progress: number[] = [];
    const rest = await right(store.verify({ after: half.seal!, onProgress: (events) => progress.push(events) }));
    expect(rest).toEqual({ events: 10, seal: await right(store.seal) });
    expect(progress.at(-1)).toBe(10);
    expect(rest.seal).toEqual((await right(store.verify())).seal);

    const stop = AbortSignal.abort('enough');
    await right(store.append(stream('long'), 'noStream', events(1000)));
    expect(await store.verify({ signal: stop })()).toMatchObject({
      left: { _tag: 'StoreUnavailable', cause: 'enough' },
    });
    await store.close();

    // What lies before a trusted seal is not looked at; that it was replaced shows nevertheless.
    tamper(`UPDATE events SET data = '{"n":99}' WHERE position = 7`);
    rechain(file);
    const again = sqliteEventStore({ file });
    expect(await again.verify({ after: half.seal! })()).toMatchObject({ left: { _tag: 'HistoryDamaged' } });
    await again.close();
  });

  it('tells the newest seal without reading the history', async () => {
    const { file, seal } = await aHistory();
    const store = sqliteEventStore({ file });
    expect(await right(store.seal)).toEqual(seal);
    await store.close();
    const empty = sqliteEventStore({ file: join(temporaryFolder(), 'events.db') });
    expect(await right(empty.seal)).toBeNull();
    await empty.close();
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
