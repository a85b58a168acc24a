import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ANY, NO_STREAM, STREAM_EXISTS, type AppendExpectedRevision } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Sandbox } from './sandbox.ts';
import { start } from './start.ts';
import { connect, events, eventually, failureOf, Listener, readAll, recordedFaults, unary } from './test-support.ts';

describe('a server that dies and comes back', () => {
  let sandbox: Sandbox;
  let client: ReturnType<typeof connect>;
  beforeEach(async () => {
    sandbox = await start();
    client = connect(sandbox.connectionString);
  });
  afterEach(async () => {
    await client.dispose();
    await sandbox.close();
  });

  /** Appends, restarts the server, repeats, and says it in the words of the recording. */
  const repeatAfterRestart = async (expectedRevision: AppendExpectedRevision, later = 0): Promise<string> => {
    const stream = `repeat-${String(expectedRevision)}-${later}`;
    const before = expectedRevision === NO_STREAM || expectedRevision === ANY ? [] : events('A');
    if (before.length > 0) await client.appendToStream(stream, before, { ...unary, expectedRevision: NO_STREAM });
    const batch = events('B');
    const first = await client.appendToStream(stream, batch, { ...unary, expectedRevision });
    for (let i = 0; i < later; i += 1) await client.appendToStream(stream, events('C'), unary);
    await sandbox.kill();
    await sandbox.restart();
    const again = await client.appendToStream(stream, batch, { ...unary, expectedRevision }).catch(() =>
      // The first call after the loss only finds out about it.
      client.appendToStream(stream, batch, { ...unary, expectedRevision }),
    );
    const written = await readAll(client, stream);
    if (written.filter((event) => event.startsWith('B@')).length > 1) return 'written again (doubled)';
    return again.position?.commit === first.position?.commit ? 'idempotent, original position' : 'idempotent';
  };

  it('recognises repeats at an exact revision for ever, and others only while it remembers', async () => {
    const recordedRepeats = recordedFaults['same ids again after a restart'];
    expect(await repeatAfterRestart(NO_STREAM)).toBe(recordedRepeats?.['no_stream']);
    expect(await repeatAfterRestart(0n)).toContain(recordedRepeats?.['exact revision']);
    expect(await repeatAfterRestart(0n, 50)).toContain(recordedRepeats?.['exact revision, 50 later events']);
    expect(await repeatAfterRestart(ANY)).toBe(recordedRepeats?.['any']);
    expect(await repeatAfterRestart(STREAM_EXISTS)).toBe(recordedRepeats?.['stream_exists']);
  });

  it('fails pending calls and subscriptions as unavailable, once, and never resumes them', async () => {
    const stalled = sandbox.faults.inject('append', { kind: 'stall' }, { stream: 'lost-2' });
    await client.appendToStream('lost-1', events('A'), unary);
    const pending = failureOf(client.appendToStream('lost-2', events('A'), unary));
    const listener = new Listener(client.subscribeToStream('lost-1'));
    await listener.until('caughtUp');
    await eventually(() => stalled.met() === 1);
    await sandbox.kill();
    expect(await pending).toMatchObject({ type: 'unavailable', code: 14 });
    await listener.until('error unavailable');
    await sandbox.restart();
    await eventually(() => sandbox.connections() === 0);
    expect(await readAll(client, 'lost-1')).toEqual(['A@0']);
    expect(listener.heard).toEqual(['confirmed', 'A@0', 'caughtUp', 'error unavailable']);
  });

  it('ends calls with code 13 when it is asked to stop', async () => {
    await client.appendToStream('stop-1', events('A'), unary);
    const listener = new Listener(client.subscribeToStream('stop-1'));
    await listener.until('caughtUp');
    await sandbox.shutDown(0);
    await listener.until('error unknown');
    const inWords = `then error unknown ${listener.failure?.code} "${listener.failure?.message?.replace(/^\d+ /, '')}"`;
    expect(recordedFaults['subscriptions']?.['SIGTERM, idle or busy']).toContain(inWords);
  });

  it('refuses everything while it is not ready', async () => {
    sandbox.setReady(false);
    const refusal = await failureOf(client.appendToStream('ready-1', events('A')));
    expect(refusal).toMatchObject({ type: 'unknown', message: 'Could not recognize Server Is Not Ready' });
    expect(refusal.code).toBeUndefined();
    expect(await failureOf(client.appendToStream('ready-1', events('A'), unary))).toMatchObject({ code: 14 });
    expect((await fetch(`http://127.0.0.1:${sandbox.port}/health/live`)).status).toBe(503);
    sandbox.setReady(true);
    expect((await fetch(`http://127.0.0.1:${sandbox.port}/health/live`)).status).toBe(204);
    await expect(client.appendToStream('ready-1', events('A'), unary)).resolves.toMatchObject({ success: true });
  });

  it('stands still: deadlines of calls of their own hold, and what was given up is not written', async () => {
    await client.appendToStream('still-1', events('A'), unary);
    sandbox.freeze();
    const withDeadline = failureOf(client.appendToStream('still-1', events('B'), { ...unary, deadline: 200 }));
    const idle = readAll(client, 'still-1');
    const fresh = connect(sandbox.connectionString.replace('127.0.0.1', 'localhost'));
    const first = fresh.appendToStream('still-3', events('A'), unary);
    expect(await withDeadline).toMatchObject({ type: 'deadline-exceeded' });
    sandbox.thaw();
    expect(await idle).toEqual(['A@0']);
    await expect(first).resolves.toMatchObject({ success: true });
    expect(await readAll(client, 'still-1')).toEqual(['A@0']);
    await fresh.dispose();
  });
});

describe('a server with a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps its log for the next process, and drops a commit whose writing was cut short', async () => {
    const dataFile = join(folder, 'log');
    const first = await start({ dataFile });
    const client = connect(first.connectionString);
    await client.appendToStream('kept-1', events('A', 'B'), unary);
    const whole = readFileSync(dataFile);
    await client.appendToStream('kept-1', events('C', 'D'), unary);
    await client.dispose();
    await first.close();
    writeFileSync(dataFile, readFileSync(dataFile).subarray(0, whole.length + 20));

    const second = await start({ dataFile });
    const again = connect(second.connectionString);
    expect(await readAll(again, 'kept-1')).toEqual(['A@0', 'B@1']);
    const { nextExpectedRevision } = await again.appendToStream('kept-1', events('E'), {
      ...unary,
      expectedRevision: 1n,
    });
    expect(nextExpectedRevision).toBe(2n);
    await second.restart();
    await failureOf(readAll(again, 'kept-1')).catch(() => undefined);
    expect(await readAll(again, 'kept-1')).toEqual(['A@0', 'B@1', 'E@2']);
    await again.dispose();
    await second.close();
  });
});
