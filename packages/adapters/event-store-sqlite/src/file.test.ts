import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { openDatabase, SqliteFailure } from '@mailroom/sqlite';
import { describe, expect, it } from 'vitest';
import { sqliteEventStore } from './index.ts';
import { event, events, right, stream, temporaryFolder } from './test-support.ts';

describe('the file', () => {
  it('can be copied while it is written; the copy is a whole history', async () => {
    const folder = temporaryFolder();
    const store = sqliteEventStore({ file: join(folder, 'events.db'), durability: 'normal' });
    await right(store.append(stream('a'), 'noStream', events(500)));
    const { seal } = await right(store.verify());
    const copying = right(store.backup(join(folder, 'copy.db')));
    for (let n = 0; n < 50; n++) await right(store.append(stream(`b${n}`), 'noStream', events(10)));
    await copying;

    const copy = sqliteEventStore({ file: join(folder, 'copy.db'), create: false });
    const { events: count } = await right(copy.verify({ known: [seal!] }));
    expect(count).toBeGreaterThanOrEqual(500);
    expect(count).toBeLessThanOrEqual(1000);
    expect(await right(copy.checkIntegrity)).toEqual([]);
    expect(await right(copy.readStream(stream('a')))).toEqual(await right(store.readStream(stream('a'))));
    await copy.close();
    await store.close();
  });

  it('is not copied over another file', async () => {
    const folder = temporaryFolder();
    const store = sqliteEventStore({ file: join(folder, 'events.db') });
    await right(store.append(stream('a'), 'noStream', [event()]));
    await right(store.backup(join(folder, 'copy.db')));
    expect(await store.backup(join(folder, 'copy.db'))()).toMatchObject({ left: { _tag: 'StoreUnavailable' } });
    await store.close();
  });

  it('is sound, and a damaged one is found out', async () => {
    const file = join(temporaryFolder(), 'events.db');
    const store = sqliteEventStore({ file });
    await right(store.append(stream('a'), 'noStream', events(100)));
    expect(await right(store.checkIntegrity)).toEqual([]);
    await store.close();

    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length - 6000, bytes.length - 2000);
    writeFileSync(file, bytes);
    const damaged = sqliteEventStore({ file });
    const found = await damaged.checkIntegrity();
    expect(E.isLeft(found) || found.right.length > 0).toBe(true);
    expect(E.isLeft(await damaged.verify()())).toBe(true);
    await damaged.close();
  });

  it('is not created when it is only to be opened', () => {
    const file = join(temporaryFolder(), 'missing.db');
    expect(() => sqliteEventStore({ file, create: false })).toThrow(SqliteFailure);
    expect(existsSync(file)).toBe(false);
  });

  it('takes at least a mebibyte an event and ten thousand events an append', async () => {
    const { limits, close } = sqliteEventStore({ file: join(temporaryFolder(), 'events.db') });
    expect(limits.maxEventBytes).toBeGreaterThanOrEqual(1_048_576);
    expect(limits.maxAppendEvents).toBeGreaterThanOrEqual(10_000);
    await close();
  });

  it('is left alone when a newer version has written it', async () => {
    const file = join(temporaryFolder(), 'events.db');
    await sqliteEventStore({ file }).close();
    const database = openDatabase({ file });
    database.sql(`UPDATE mailroom_schema SET version = 99 WHERE component = 'events'`).run([]);
    database.close();
    expect(() => sqliteEventStore({ file })).toThrow(/newer version/);
  });

  it('gives events that behave like plain objects', async () => {
    const store = sqliteEventStore({ file: join(temporaryFolder(), 'events.db') });
    const written = event({ n: 1 });
    await right(store.append(stream('a'), 'noStream', [written]));
    const [read] = await right(store.readStream(stream('a')));
    expect({ ...read }).toEqual({
      ...written,
      stream: 'test-a',
      revision: 0,
      position: read?.position,
      recordedAt: read?.recordedAt,
    });
    expect(JSON.parse(JSON.stringify(read))).toMatchObject({ metadata: written.metadata, data: { n: 1 } });
    expect(Object.keys(read!)).toContain('metadata');
    await store.close();
  });
});
