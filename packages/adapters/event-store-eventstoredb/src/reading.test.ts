import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { EventStore } from '@mailroom/domain';
import { start, type Sandbox } from '@mailroom/eventstoredb-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { anEvent, aStream, eventually, Follower, idsOf, left, right, someEvents, storeOn } from './test-support.ts';

describe('reads', () => {
  let sandbox: Sandbox;
  let store: EventStore;
  beforeEach(async () => {
    sandbox = await start();
    store = storeOn(sandbox);
  });
  afterEach(async () => {
    await store.close();
    await sandbox.close();
  });
  const drain = async () => {
    const all: string[] = [];
    for await (const batch of store.readAll()) all.push(...idsOf(right(batch)));
    return all;
  };

  it('give every event the same position, whichever way it is read', async () => {
    const stream = aStream();
    const appended = right(await store.append(stream, 'noStream', someEvents(3))());
    const ofStream = right(await store.readStream(stream)());
    const ofLog: string[] = [];
    for await (const batch of store.readAll()) ofLog.push(...right(batch).map(({ position }) => position));
    const follower = new Follower(store);
    await follower.until(() => follower.events.length === 3);
    await follower.stop();
    expect(ofStream.map(({ position }) => position)).toEqual(ofLog);
    expect(follower.events).toEqual(ofStream);
    expect(ofLog.at(-1)).toBe(appended.position);
    expect(right(await store.head())).toBe(appended.position);
  });

  it('end in their time when the server stops to answer, and free their place', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', someEvents(50))());
    const hasty = storeOn(sandbox, { timing: { readIdleMs: 300 } });
    for (const afterEvents of [0, 20]) {
      sandbox.faults.inject('read', { kind: 'stall', afterEvents });
      expect(left(await hasty.readStream(stream)())).toMatchObject({ _tag: 'StoreUnavailable' });
      await eventually(() => sandbox.callsOpen('read') === 0);
    }
    expect(right(await store.readStream(stream)())).toHaveLength(50);
    sandbox.freeze();
    expect(left(await hasty.readStream(stream)())).toMatchObject({ _tag: 'StoreUnavailable' });
    expect(left(await hasty.head())).toMatchObject({ _tag: 'StoreUnavailable' });
    sandbox.thaw();
    expect(right(await store.readStream(stream)())).toHaveLength(50);
    await hasty.close();
  });

  it('report a lost connection and a server that is not ready, and work again afterwards', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', someEvents(50))());
    sandbox.faults.inject('read', { kind: 'drop', afterEvents: 10 });
    expect(left(await store.readStream(stream)())).toMatchObject({ _tag: 'StoreUnavailable' });
    sandbox.faults.inject('read', { kind: 'refuse', with: { is: 'notReady' } });
    expect(left(await store.readStream(stream)())).toMatchObject({ _tag: 'StoreUnavailable' });
    await eventually(async () => E.isRight(await store.readStream(stream)()));
    await sandbox.shutDown(0);
    expect(left(await store.readStream(stream)())).toMatchObject({ _tag: 'StoreUnavailable' });
    await sandbox.restart();
    await eventually(async () => E.isRight(await store.readStream(stream)()));
    expect(right(await store.readStream(stream)())).toHaveLength(50);
  });

  it('of the log go on where they were cut off, and give up when nothing comes any more', async () => {
    const events = someEvents(200);
    right(await store.append(aStream(), 'noStream', events)());
    sandbox.faults.inject('subscribe', { kind: 'drop', afterEvents: 50 });
    sandbox.faults.inject('subscribe', { kind: 'end', afterEvents: 50 });
    expect(await drain()).toEqual(idsOf(events));
    sandbox.faults.inject('subscribe', { kind: 'refuse', with: { is: 'tooBusy' } }, { times: Infinity });
    const batches = [];
    for await (const batch of store.readAll()) batches.push(batch);
    expect(batches).toHaveLength(1);
    expect(left(batches[0] ?? E.right('nothing'))).toMatchObject({ _tag: 'StoreUnavailable' });
  });

  it('keep broken JSON and what others wrote from passing for events of ours', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', [anEvent({ n: 1 }), anEvent({ n: 2 }), anEvent({ n: 3 })])());
    for (const part of ['data', 'metadata'] as const) {
      sandbox.faults.inject('read', { kind: 'badJson', part, afterEvents: 1 });
      const read = right(await store.readStream(stream)());
      expect(read.map(({ schemaVersion, data }) => [schemaVersion, data])).toEqual([
        [1, { n: 1 }],
        [0, {}],
        [1, { n: 3 }],
      ]);
    }
    const client = EventStoreDBClient.connectionString(sandbox.connectionString);
    const strangers = [
      jsonEvent({ type: 'Happened', data: { theirs: true } }),
      jsonEvent({ type: 'Happened', data: [1] as unknown as { theirs: boolean } }),
      binaryEvent({ type: 'Happened', data: Buffer.from('bytes') }),
    ];
    const theirs = aStream();
    await client.appendToStream(theirs, strangers);
    await client.dispose();
    const read = right(await store.readStream(theirs)());
    expect(read.map(({ schemaVersion, data }) => [schemaVersion, data])).toEqual([
      [0, {}],
      [0, {}],
      [0, {}],
    ]);
  });

  it('do not show what the server writes for itself, and find the head behind any number of it', async () => {
    const client = EventStoreDBClient.connectionString(sandbox.connectionString);
    expect(right(await store.head())).toBeNull();
    expect(await drain()).toEqual([]);
    const events = someEvents(2);
    const { position } = right(await store.append(aStream(), 'noStream', events)());
    const noise = Array.from({ length: 500 }, () => jsonEvent({ type: '$own', data: {} }));
    await client.appendToStream('noise-1', noise);
    await client.appendToStream('$noise', jsonEvent({ type: 'InAStreamOfItsOwn', data: {} }));
    expect(right(await store.head())).toBe(position);
    const fresh = storeOn(sandbox);
    expect(right(await fresh.head())).toBe(position);
    await fresh.close();
    expect(await drain()).toEqual(idsOf(events));
    await client.dispose();
  });

  it('refuse places that are none', async () => {
    const invalid = { _tag: 'StoreRefused', reason: 'invalid' };
    expect(left(await store.readStream(aStream(), { from: -1 })())).toMatchObject(invalid);
    expect(left(await store.readStream(aStream(), { limit: 0.5 })())).toMatchObject(invalid);
    expect(left(await store.readStream('größe-1' as never)())).toMatchObject(invalid);
    for await (const batch of store.readAll({ after: '17' as never })) expect(left(batch)).toMatchObject(invalid);
    expect(right(await store.readStream(aStream(), { limit: 0 })())).toEqual([]);
  });

  it('keep numbers beyond 2^53 as the text they are', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', [anEvent({ big: '9007199254740993' })])());
    expect(right(await store.readStream(stream)())[0]?.data).toEqual({ big: '9007199254740993' });
  });

  it('and all else are let go of when the store is closed, though the server stands still', async () => {
    const other = storeOn(sandbox);
    right(await other.append(aStream(), 'noStream', [anEvent()])());
    const follower = new Follower(other);
    await follower.until(() => follower.count('CaughtUp') === 1);
    sandbox.freeze();
    const reading = other.readStream(aStream())();
    await other.close();
    expect(left(await reading)).toMatchObject({ _tag: 'StoreUnavailable' });
    expect(left(await follower.ended)).toMatchObject({ _tag: 'StoreUnavailable' });
    sandbox.thaw();
    await eventually(() => sandbox.callsOpen('read') + sandbox.callsOpen('subscribe') === 0);
  });

  it('leave nothing open, however they end', async () => {
    right(
      await store.append(
        aStream(),
        'noStream',
        Array.from({ length: 300 }, () => anEvent({ text: 'x'.repeat(2_000) })),
      )(),
    );
    const stream = right(await store.readStream(aStream())());
    expect(stream).toEqual([]);
    for (let round = 0; round < 110; round += 1) {
      for await (const batch of store.readAll()) if (E.isRight(batch)) break;
    }
    expect(await drain()).toHaveLength(300);
    await eventually(() => sandbox.callsOpen('read') + sandbox.callsOpen('subscribe') === 0);
  });
});
