import { randomUUID } from 'node:crypto';

import { binaryEvent, jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Sandbox } from './sandbox.ts';
import { start } from './start.ts';
import { connect, events, failureOf, Listener, readAll, recordedFaults, unary } from './test-support.ts';

describe('limits and odd input', () => {
  let sandbox: Sandbox;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    sandbox = await start();
    client = connect(sandbox.connectionString);
  });
  afterAll(async () => {
    await client.dispose();
    await sandbox.close();
  });
  const MIB = 1_048_576;
  const bytes = (size: number, metadata = 0) =>
    binaryEvent({
      type: 'B',
      data: new Uint8Array(size),
      ...(metadata === 0 ? {} : { metadata: new Uint8Array(metadata).fill(1) }),
    });

  it('takes so many bytes of data in one append, and does not count metadata', async () => {
    await expect(client.appendToStream('size-1', bytes(MIB), unary)).resolves.toMatchObject({ success: true });
    const refusal = await failureOf(client.appendToStream('size-2', bytes(MIB + 1), unary));
    expect(refusal).toMatchObject({ type: 'maximum-append-size-exceeded', code: 3, maxAppendSize: MIB });
    const halves = [bytes(MIB / 2), bytes(MIB / 2 + 1)];
    expect(await failureOf(client.appendToStream('size-2', halves, unary))).toMatchObject({ code: 3 });
    await expect(client.appendToStream('size-3', bytes(1, 2 * MIB), unary)).resolves.toMatchObject({ success: true });
  });

  it('refuses a message larger than a log record', async () => {
    const refusal = await failureOf(client.appendToStream('size-4', bytes(1, 16 * MIB - 10_001), unary));
    expect(`${String(refusal.type)} ${refusal.code}`).toBe('unknown 8');
  });

  it('normalises ids, and refuses what is none', async () => {
    const id = randomUUID();
    await client.appendToStream('ids-1', jsonEvent({ id: `{${id.toUpperCase()}}`, type: 'A', data: {} }), unary);
    await client.appendToStream('ids-1', jsonEvent({ id: id.replaceAll('-', ''), type: 'A', data: {} }), {
      ...unary,
      expectedRevision: 'no_stream',
    });
    const found: (string | undefined)[] = [];
    for await (const { event } of client.readStream('ids-1')) found.push(event?.id);
    expect(found).toEqual([id]);
    for (const bad of ['00000000-0000-0000-0000-000000000000', 'nonsense', '']) {
      const event = { ...jsonEvent({ type: 'A', data: {} }), id: bad };
      const { type, code, message } = await failureOf(client.appendToStream('ids-2', event, unary));
      const seen = `${type} ${code} "${message?.replace('2 UNKNOWN: ', '')}", no harm`;
      expect(seen).toBe(recordedFaults['ids']?.['nil, malformed, empty; unary']);
    }
  });

  it('cannot put a stream name beyond ASCII into the trailers of a refusal', async () => {
    const stream = 'größe-1';
    await client.appendToStream(stream, events('A'), unary);
    await client.tombstoneStream(stream);
    expect(await failureOf(readAll(client, stream))).toMatchObject({
      type: 'unknown',
      code: 2,
      message: '2 UNKNOWN: Received HTTP status code 500',
    });
    expect(await failureOf(client.appendToStream(stream, events('B')))).toMatchObject({ type: 'stream-deleted' });
  });

  it('serves 100 calls of a connection at a time and lets the others wait in silence', async () => {
    const many = connect(`${sandbox.connectionString}&keepAliveInterval=20000`);
    await many.appendToStream('many-1', events('A'), unary);
    const listeners = Array.from({ length: 100 }, () => new Listener(many.subscribeToStream('many-1')));
    for (const listener of listeners) await listener.until('caughtUp');
    let read: string[] | undefined;
    const reading = readAll(many, 'many-1').then((found) => (read = found));
    const append = await failureOf(many.appendToStream('many-1', events('B'), { ...unary, deadline: 300 }));
    expect(append).toMatchObject({ type: 'deadline-exceeded' });
    expect(read).toBeUndefined();
    // Another connection is not concerned.
    expect(await readAll(client, 'many-1')).toEqual(['A@0']);
    await listeners[0]?.stop();
    expect(await reading).toEqual(['A@0']);
    for (const listener of listeners) await listener.stop();
    await many.dispose();
  });

  it('loses the place of a long read that is left early, until it is cancelled', async () => {
    const place = connect(`${sandbox.connectionString}&keepAliveInterval=30000`);
    const data = { body: 'x'.repeat(2000) };
    const long = Array.from({ length: 400 }, () => jsonEvent({ type: 'A', data }));
    await place.appendToStream('left-1', long, unary);
    const before = sandbox.callsOpen('read');
    const left = place.readStream('left-1');
    for await (const { event } of left) if (event !== undefined) break;
    await readAll(place, 'left-1');
    expect(sandbox.callsOpen('read')).toBe(before + 1);
    await left.cancel();
    await readAll(place, 'left-1');
    expect(sandbox.callsOpen('read')).toBe(before);
    await place.dispose();
  });

  it('answers HTTP/1.1 on the same port', async () => {
    const get = (path: string) => fetch(`http://127.0.0.1:${sandbox.port}${path}`);
    expect((await get('/ping')).status).toBe(200);
    expect(await (await get('/info')).json()).toMatchObject({ esVersion: '23.10.8', state: 'leader' });
    expect((await get('/health/live')).status).toBe(204);
    expect((await get('/nothing')).status).toBe(404);
    expect(await (await get('/gossip')).json()).toMatchObject({ members: [{ httpEndPointPort: sandbox.port }] });
  });
});
