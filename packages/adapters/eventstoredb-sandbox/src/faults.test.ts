import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { status } from '@grpc/grpc-js';
import { eventTypeFilter, START, type EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Fault } from './faults/faults.ts';
import type { Sandbox } from './sandbox.ts';
import { start } from './start.ts';
import { connect, events, eventually, failureOf, Listener, readAll, unary } from './test-support.ts';

describe('faults on demand', () => {
  let sandbox: Sandbox;
  let client: EventStoreDBClient;
  beforeEach(async () => {
    sandbox = await start({ commitTimeoutMs: 50, writeTimeoutMs: 50 });
    client = connect(sandbox.connectionString);
  });
  afterEach(async () => {
    await client.dispose();
    await sandbox.close();
  });
  /** Appends against a fault; what the client saw, and what was written. */
  const against = async (fault: Fault): Promise<{ seen: string; written: boolean }> => {
    const look = () => readAll(client, 'fault-1').catch(() => ['nothing']);
    // Connected before the time runs: only a call that the server has met can stall there.
    await look();
    sandbox.faults.inject('append', fault);
    const call = client.appendToStream('fault-1', events('A'), { ...unary, deadline: 1000 });
    const seen = await call.then(
      () => 'ok',
      (error: unknown) => {
        const { type, code } = error as { type?: string; code?: number };
        return `${type} ${code}`;
      },
    );
    sandbox.faults.clear();
    const found = await look();
    return { seen, written: (found[0] === 'nothing' ? await look() : found).includes('A@0') };
  };

  it.each<[Fault, string, boolean]>([
    [{ kind: 'stall' }, 'deadline-exceeded 4', false],
    [{ kind: 'stall', committed: true }, 'deadline-exceeded 4', true],
    [{ kind: 'slow', ms: 5 }, 'ok', true],
    [{ kind: 'drop' }, 'unavailable 14', false],
    [{ kind: 'drop', committed: true }, 'unavailable 14', true],
    [{ kind: 'end', committed: true }, 'unknown 12', true],
    [{ kind: 'refuse', with: { is: 'notReady' } }, 'unavailable 14', false],
    [{ kind: 'refuse', with: { is: 'tooBusy' } }, 'unavailable 14', false],
    [{ kind: 'refuse', with: { is: 'writeTimeout' }, committed: true }, 'timeout 10', true],
    [{ kind: 'refuse', with: { is: 'accessDenied' } }, 'access-denied 7', false],
    [{ kind: 'refuse', with: { is: 'notLeader', host: '127.0.0.1', port: 1 } }, 'not-leader 5', false],
    [{ kind: 'refuse', with: { is: 'status', code: status.INTERNAL, details: 'odd' } }, 'unknown 13', false],
  ])('%j', async (fault, seen, written) => {
    // A client goes where it is told that the leader is, so this one is told to stay.
    const sendsAway = fault.kind === 'refuse' && fault.with.is === 'notLeader';
    const played: Fault = sendsAway
      ? { ...fault, with: { is: 'notLeader', host: sandbox.host, port: sandbox.port } }
      : fault;
    expect(await against(played)).toEqual({ seen, written });
  });

  it('lets calls pass, meets so many, and only those about one stream', async () => {
    const order = sandbox.faults.inject(
      'append',
      { kind: 'refuse', with: { is: 'tooBusy' } },
      { skip: 1, times: 2, stream: 'aimed-1' },
    );
    const outcomes: boolean[] = [];
    for (let i = 0; i < 4; i += 1) {
      await client.appendToStream('other-1', events('A'), unary);
      outcomes.push(
        await client.appendToStream('aimed-1', events('A'), unary).then(
          () => true,
          () => false,
        ),
      );
    }
    expect(outcomes).toEqual([true, false, false, true]);
    expect(order.met()).toBe(2);
  });

  it('tells a repeat of a write in flight that time is up, and doubles nothing', async () => {
    const order = sandbox.faults.inject('append', { kind: 'slow', ms: 400, committed: true });
    const batch = events('A');
    const options = { ...unary, expectedRevision: 'no_stream' } as const;
    const first = client.appendToStream('flight-1', batch, options);
    await eventually(() => order.met() === 1);
    expect(await failureOf(client.appendToStream('flight-1', batch, options))).toMatchObject({ type: 'timeout' });
    await expect(first).resolves.toMatchObject({ success: true });
    await expect(client.appendToStream('flight-1', batch, options)).resolves.toMatchObject({ success: true });
    expect(await readAll(client, 'flight-1')).toEqual(['A@0']);
  });

  it('breaks reads and subscriptions off after so many events', async () => {
    await client.appendToStream('broken-1', events('A', 'B', 'C'), unary);
    sandbox.faults.inject('read', { kind: 'end', afterEvents: 2 });
    expect(await readAll(client, 'broken-1')).toEqual(['A@0', 'B@1']);
    sandbox.faults.inject('subscribe', { kind: 'end', afterEvents: 1 });
    const ended = new Listener(client.subscribeToStream('broken-1', { fromRevision: START }));
    await ended.until('end');
    expect(ended.heard).toEqual(['confirmed', 'A@0', 'end']);
    sandbox.faults.inject('subscribe', { kind: 'refuse', with: { is: 'consumerTooSlow' }, afterEvents: 2 });
    const slow = new Listener(client.subscribeToStream('broken-1', { fromRevision: START }));
    await slow.until('error timeout');
    expect(slow.heard).toEqual(['confirmed', 'A@0', 'B@1', 'error timeout']);
  });

  it('leaves a subscription unconfirmed', async () => {
    await client.appendToStream('silent-1', events('A'), unary);
    const order = sandbox.faults.inject('subscribe', { kind: 'unconfirmed' });
    const silent = new Listener(client.subscribeToStream('silent-1', { fromRevision: START }));
    await eventually(() => order.met() === 1);
    const served = new Listener(client.subscribeToStream('silent-1', { fromRevision: START }));
    await served.until('caughtUp');
    expect(silent.heard).toEqual([]);
    expect(sandbox.callsOpen('subscribe')).toBe(2);
    await silent.stop();
    await served.stop();
    await eventually(() => sandbox.callsOpen('subscribe') === 0);
  });

  it('sends JSON that does not parse, which the client hands on as text or bytes', async () => {
    await client.appendToStream('json-1', events('A', 'B'), unary);
    for (const part of ['data', 'metadata'] as const) {
      sandbox.faults.inject('read', { kind: 'badJson', part, afterEvents: 1 });
      const got: unknown[] = [];
      for await (const { event } of client.readStream('json-1')) got.push(event?.[part]);
      expect(got[1]).toSatisfy((value) => typeof value === 'string' || value instanceof Uint8Array);
      expect(got[0]).not.toSatisfy((value) => typeof value === 'string' || value instanceof Uint8Array);
    }
  });

  it('lets the features call fail, which a client never forgets', async () => {
    sandbox.faults.inject('features', {
      kind: 'refuse',
      with: { is: 'status', code: status.INTERNAL, details: 'broken' },
    });
    for (let i = 0; i < 2; i += 1) {
      const failure = await failureOf(client.appendToStream('poison-1', events('A')));
      expect(failure).toMatchObject({ code: 13 });
      expect(failure.type).toBeUndefined();
    }
    await expect(client.appendToStream('poison-1', events('A'), unary)).resolves.toMatchObject({ success: true });
  });

  it('cuts a connection with everything on it', async () => {
    const listener = new Listener(
      client.subscribeToAll({ fromPosition: START, filter: eventTypeFilter({ prefixes: ['None'] }) }),
    );
    await listener.until('caughtUp');
    sandbox.faults.inject('read', { kind: 'drop' });
    await failureOf(readAll(client, 'cut-1'));
    await listener.until('error unavailable');
  });
});

describe('a batch append answered twice', () => {
  /** What a process with no handlers of its own does in this case. */
  const run = (sandbox: Sandbox, append: string) =>
    promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import client from '@eventstore/db-client';
         const { EventStoreDBClient, jsonEvent } = client;
         const store = EventStoreDBClient.connectionString('${sandbox.connectionString}');
         const event = jsonEvent({ type: 'A', data: {} });
         ${append}
         setTimeout(() => process.exit(0), 500);`,
      ],
      { cwd: fileURLToPath(new URL('..', import.meta.url)) },
    );

  it('kills the process of a client that appends by the shared stream, and not one that makes calls of their own', async () => {
    const sandbox = await start({ answersBrokenAppendsTwice: true, writeTimeoutMs: 20 });
    const emptyType = "await store.appendToStream('twice-1', { ...event, type: '' }, OPTIONS).catch(() => undefined);";
    await expect(run(sandbox, emptyType.replace('OPTIONS', '{}'))).rejects.toMatchObject({
      stderr: expect.stringContaining('undefined is not iterable') as string,
    });
    const ownCall = emptyType.replace('OPTIONS', "{ credentials: { username: 'a', password: 'b' } }");
    await expect(run(sandbox, ownCall)).resolves.toMatchObject({ stderr: '' });
    sandbox.faults.inject('batchAppend', { kind: 'secondAnswer', afterMs: 20 });
    await expect(run(sandbox, "await store.appendToStream('twice-2', event);")).rejects.toMatchObject({
      stderr: expect.stringContaining('undefined is not iterable') as string,
    });
    await sandbox.close();
  });
});
