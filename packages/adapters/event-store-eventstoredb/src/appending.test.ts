import type { AppendError, EventStore, NewEvent, StreamName } from '@mailroom/domain';
import { start, type Fault, type Sandbox } from '@mailroom/eventstoredb-sandbox';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  anEvent,
  appendUntilKnown,
  aStream,
  eventually,
  idsOf,
  left,
  right,
  someEvents,
  storeOn,
} from './test-support.ts';

describe('appends against a server that fails', () => {
  let sandbox: Sandbox;
  let store: EventStore;
  beforeEach(async () => {
    sandbox = await start({ commitTimeoutMs: 50 });
    store = storeOn(sandbox);
  });
  afterEach(async () => {
    await store.close();
    await sandbox.close();
  });

  it('go by a call of their own, one for each, and never ask for features or the shared stream', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', [anEvent()])());
    const reads = sandbox.callsStarted('read');
    const appends = sandbox.callsStarted('append');
    for (let revision = 0; revision < 10; revision += 1) right(await store.append(stream, revision, [anEvent()])());
    expect(sandbox.callsStarted('append') - appends).toBe(10);
    expect(sandbox.callsStarted('read')).toBe(reads);
    expect(sandbox.callsStarted('batchAppend')).toBe(0);
    expect(sandbox.callsStarted('features')).toBe(0);
  });

  it('begin with a read: a first call that is an append is what spoils a client', async () => {
    sandbox.faults.inject('read', { kind: 'refuse', with: { is: 'tooBusy' } });
    expect(left(await store.append(aStream(), 'noStream', [anEvent()])())).toMatchObject({ _tag: 'StoreUnavailable' });
    expect(sandbox.callsStarted('append')).toBe(0);
    right(await store.append(aStream(), 'noStream', [anEvent()])());
  });

  type Case = readonly [string, Fault, AppendError['_tag'], wroteFirst: boolean];
  it.each<Case>([
    ['never answers', { kind: 'stall' }, 'OutcomeUnknown', false],
    ['never answers, but has written', { kind: 'stall', committed: true }, 'OutcomeUnknown', true],
    ['ends the call without an answer', { kind: 'end' }, 'OutcomeUnknown', false],
    ['ends the call without an answer, but has written', { kind: 'end', committed: true }, 'OutcomeUnknown', true],
    ['loses the connection', { kind: 'drop' }, 'OutcomeUnknown', false],
    ['loses the connection, but has written', { kind: 'drop', committed: true }, 'OutcomeUnknown', true],
    ['runs out of its own time', { kind: 'refuse', with: { is: 'writeTimeout' } }, 'OutcomeUnknown', false],
    [
      'runs out of its own time, but has written',
      { kind: 'refuse', with: { is: 'writeTimeout' }, committed: true },
      'OutcomeUnknown',
      true,
    ],
    ['is shut down', { kind: 'refuse', with: { is: 'shuttingDown' }, committed: true }, 'OutcomeUnknown', true],
    ['throws', { kind: 'refuse', with: { is: 'handlerThrew' } }, 'OutcomeUnknown', false],
    ['is not ready', { kind: 'refuse', with: { is: 'notReady' } }, 'StoreUnavailable', false],
    ['is too busy', { kind: 'refuse', with: { is: 'tooBusy' } }, 'StoreUnavailable', false],
    ['knows no leader', { kind: 'refuse', with: { is: 'noLeader' } }, 'StoreUnavailable', false],
    ['denies access', { kind: 'refuse', with: { is: 'accessDenied' } }, 'StoreRefused', false],
  ])(
    'that %s: one answer in time, and the same ids at the same revision end it well',
    async (_, fault, tag, written) => {
      const stream = aStream();
      const events = someEvents(3);
      right(await store.append(stream, 'noStream', events.slice(0, 1))());
      const hasty = storeOn(sandbox, { timing: { appendMs: 1_000 } });
      const asked = fault.kind === 'stall' ? hasty : store;
      sandbox.faults.inject('append', fault);
      expect(left(await asked.append(stream, 0, events.slice(1))())).toMatchObject({ _tag: tag });
      const repeat = await appendUntilKnown(asked, stream, 0, events.slice(1));
      expect(right(repeat)).toMatchObject({ revision: 2, repeated: written });
      await hasty.close();
      expect(idsOf(right(await store.readStream(stream)()))).toEqual(idsOf(events));
    },
  );

  it('say that nobody knows when an earlier try may have written, whatever came after it', async () => {
    const stream = aStream();
    const events = someEvents(1);
    right(await store.append(aStream(), 'noStream', [anEvent()])());
    sandbox.faults.inject('append', { kind: 'refuse', with: { is: 'writeTimeout' }, committed: true });
    expect(left(await store.append(stream, 'noStream', events)())).toMatchObject({ _tag: 'OutcomeUnknown' });
    sandbox.faults.inject('append', { kind: 'refuse', with: { is: 'notReady' } });
    expect(left(await store.append(stream, 'noStream', events)())).toMatchObject({ _tag: 'OutcomeUnknown' });
    expect(right(await store.append(stream, 'noStream', events)())).toMatchObject({ revision: 0, repeated: true });
  });

  it('tell a first answer from a repeat, and when it was recorded', async () => {
    const stream = aStream();
    const events = someEvents(2);
    const first = right(await store.append(stream, 'noStream', events)());
    const [, recorded] = right(await store.readStream(stream)());
    right(await store.append(stream, 1, [anEvent()])());
    const again = right(await store.append(stream, 'noStream', events)());
    expect(first.repeated).toBe(false);
    expect(again).toEqual({ ...first, repeated: true, recordedAt: recorded?.recordedAt });
    const other = storeOn(sandbox);
    expect(right(await other.append(stream, 'noStream', events)())).toEqual(again);
    await other.close();
  });

  it('report what is still being written as unknown, and double nothing', async () => {
    const stream = aStream();
    const events = someEvents(1);
    const other = storeOn(sandbox);
    right(await store.append(aStream(), 'noStream', [anEvent()])());
    right(await other.append(aStream(), 'noStream', [anEvent()])());
    const slow = sandbox.faults.inject('append', { kind: 'slow', ms: 500, committed: true });
    const first = store.append(stream, 'noStream', events)();
    await eventually(() => slow.met() === 1);
    expect(left(await other.append(stream, 'noStream', events)())).toMatchObject({ _tag: 'OutcomeUnknown' });
    expect(right(await first)).toMatchObject({ revision: 0 });
    right(await appendUntilKnown(other, stream, 'noStream', events));
    expect(idsOf(right(await store.readStream(stream)()))).toEqual(idsOf(events));
    await other.close();
  });

  it('are not touched when another client of the process loses its server', async () => {
    const doomed = await start();
    const bystander = EventStoreDBClient.connectionString(doomed.connectionString);
    await bystander.appendToStream('other-1', { ...anEvent(), contentType: 'application/json', metadata: undefined });
    right(await store.append(aStream(), 'noStream', [anEvent()])());
    const slow = sandbox.faults.inject('append', { kind: 'slow', ms: 150 }, { times: 50 });
    const ours = Array.from({ length: 50 }, () => store.append(aStream(), 'noStream', [anEvent()])());
    doomed.faults.inject('batchAppend', { kind: 'stall' });
    const theirs = bystander
      .appendToStream('other-1', { ...anEvent(), contentType: 'application/json', metadata: undefined })
      .catch((error: unknown) => (error as { type: string }).type);
    await eventually(() => slow.met() > 0);
    await doomed.close();
    expect(await theirs).toBe('unavailable');
    for (const result of await Promise.all(ours)) right(result);
    await bystander.dispose();
  });

  it('survive the death of the server under a hundred large ones, and end well once it is back', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', [anEvent()])());
    const large = Array.from({ length: 100 }, () => [anEvent({ text: 'x'.repeat(20_000) })]);
    const streams = large.map(() => aStream());
    const stalled = sandbox.faults.inject('append', { kind: 'stall', committed: true }, { times: 100 });
    const first = large.map((events, index) => store.append(streams[index] ?? stream, 'noStream', events)());
    await eventually(() => stalled.met() > 20);
    await sandbox.kill();
    for (const result of await Promise.all(first)) {
      expect(left(result)._tag).toMatch(/OutcomeUnknown|StoreUnavailable/);
    }
    sandbox.faults.clear();
    await sandbox.restart();
    await Promise.all(
      large.map((events, index) => appendUntilKnown(store, streams[index] ?? stream, 'noStream', events)),
    );
    for (const [index, events] of large.entries()) {
      expect(idsOf(right(await store.readStream(streams[index] ?? stream)()))).toEqual(idsOf(events));
    }
  });

  it('end in their time on a server that stands still, also the first ones of a store', async () => {
    const hasty = storeOn(sandbox, { timing: { appendMs: 300 } });
    right(await appendUntilKnown(hasty, aStream(), 'noStream', [anEvent()]));
    sandbox.freeze();
    const stream = aStream();
    expect(left(await hasty.append(stream, 'noStream', [anEvent()])())).toMatchObject({ _tag: 'OutcomeUnknown' });
    const fresh = storeOn(sandbox, { timing: { readIdleMs: 200 } });
    expect(left(await fresh.append(stream, 'noStream', [anEvent()])())).toMatchObject({ _tag: 'StoreUnavailable' });
    sandbox.thaw();
    right(await appendUntilKnown(fresh, aStream(), 'noStream', [anEvent()]));
    right(await appendUntilKnown(hasty, aStream(), 'noStream', [anEvent()]));
    await fresh.close();
    await hasty.close();
  });

  it('are refused at once while nobody listens, with nothing in doubt', async () => {
    right(await store.append(aStream(), 'noStream', [anEvent()])());
    await sandbox.kill();
    // Whoever asks first finds out.
    left(await store.readStream(aStream())());
    expect(left(await store.append(aStream(), 'noStream', [anEvent()])())).toMatchObject({
      _tag: 'StoreUnavailable',
      cause: { code: 14 },
    });
    await sandbox.restart();
    right(await appendUntilKnown(store, aStream(), 'noStream', [anEvent()]));
  });

  it('are told of a tombstone', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', [anEvent()])());
    const client = EventStoreDBClient.connectionString(sandbox.connectionString);
    await client.tombstoneStream(stream);
    await client.dispose();
    const refusal = { _tag: 'StoreRefused', reason: 'streamDeleted' };
    expect(left(await store.append(stream, 0, [anEvent()])())).toMatchObject(refusal);
    expect(left(await store.readStream(stream)())).toMatchObject(refusal);
  });

  it('go on counting where a stream was deleted softly', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', someEvents(2))());
    const client = EventStoreDBClient.connectionString(sandbox.connectionString);
    await client.deleteStream(stream);
    await client.dispose();
    expect(right(await store.readStream(stream)())).toEqual([]);
    expect(right(await store.append(stream, 'noStream', [anEvent()])())).toMatchObject({ revision: 2 });
    expect(right(await store.readStream(stream)()).map(({ revision }) => revision)).toEqual([2]);
  });

  it('read a conflict rightly when the connection string turns the client’s errors off', async () => {
    const lenient = storeOn({ connectionString: `${sandbox.connectionString}&throwOnAppendFailure=false` });
    const stream = aStream();
    right(await lenient.append(stream, 'noStream', someEvents(5))());
    expect(left(await lenient.append(stream, 1, [anEvent()])())).toMatchObject({
      _tag: 'WrongExpectedRevision',
      actual: 4,
    });
    expect(left(await lenient.append(aStream(), 1, [anEvent()])())).toMatchObject({ actual: 'noStream' });
    await lenient.close();
  });

  it('never have an event larger than a record of the log, however much an append may have', () => {
    const large = storeOn(sandbox, { maxAppendSize: 256 * 1024 * 1024 });
    expect(large.limits.maxEventBytes).toBeLessThan(16 * 1024 * 1024 - 10_000);
    expect(large.limits.maxAppendBytes).toBeGreaterThan(200 * 1024 * 1024);
  });

  it('are measured by the server when its limit is lower than was said', async () => {
    const small = await start({ maxAppendSize: 10_000 });
    const misled = storeOn(small);
    const error = left(await misled.append(aStream(), 'noStream', [anEvent({ text: 'x'.repeat(20_000) })])());
    expect(error).toMatchObject({ _tag: 'TooLarge', max: 10_000 });
    await misled.close();
    await small.close();
  });
});

describe('what the client must not see', () => {
  let sandbox: Sandbox;
  let store: EventStore;
  beforeEach(async () => {
    sandbox = await start();
    store = storeOn(sandbox);
    right(await store.append(aStream(), 'noStream', [anEvent()])());
  });
  afterEach(async () => {
    await store.close();
    await sandbox.close();
  });
  const spoilt = (change: Record<string, unknown>): NewEvent => ({ ...anEvent(), ...change });
  const itself: Record<string, unknown> = {};
  itself['itself'] = itself;

  it.each<readonly [string, NewEvent]>([
    ['a nil id', spoilt({ id: '00000000-0000-0000-0000-000000000000' })],
    ['an id in braces', spoilt({ id: '{2f8b6a52-9b7e-4c59-8a4e-0d9a4b1f7c11}' })],
    ['an id in upper case', spoilt({ id: '2F8B6A52-9B7E-4C59-8A4E-0D9A4B1F7C11' })],
    ['an id that is none', spoilt({ id: 'nonsense' })],
    ['an empty id', spoilt({ id: '' })],
    ['an empty type', spoilt({ type: '' })],
    ['a bigint as data', spoilt({ data: { amount: 1n } })],
    ['data that holds itself', spoilt({ data: itself })],
    ['no data', spoilt({ data: undefined })],
    ['data that fails when it is read', spoilt({ data: { toJSON: () => JSON.parse('{') as unknown } })],
    ['no metadata', spoilt({ metadata: undefined })],
    ['a type with half of a surrogate pair', spoilt({ type: 'Happened\ud800' })],
    ['a type of the server’s own', spoilt({ type: '$metadata' })],
    ['a type that is too long', spoilt({ type: 'T'.repeat(101) })],
    ['a list as data', spoilt({ data: [] })],
    ['a date as data', spoilt({ data: new Date() })],
    ['a number beyond JSON in the metadata', spoilt({ metadata: { commandId: 1n } })],
    ['a schema version that is none', spoilt({ schemaVersion: Number.NaN })],
  ])('%s', async (_, event) => {
    const calls = sandbox.callsStarted('append');
    const stream = aStream();
    expect(left(await store.append(stream, 'noStream', [anEvent(), event])())).toMatchObject({
      _tag: 'StoreRefused',
      reason: 'invalid',
    });
    expect(sandbox.callsStarted('append')).toBe(calls);
    right(await store.append(stream, 'noStream', [anEvent()])());
  });

  it.each([-1, -5, 0.5, Number.NaN, 2 ** 53, 2 ** 64])('the revision %d', async (revision) => {
    const calls = sandbox.callsStarted('append');
    expect(left(await store.append(aStream(), revision, [anEvent()])())).toMatchObject({ reason: 'invalid' });
    expect(sandbox.callsStarted('append')).toBe(calls);
  });

  it.each(['größe-1', 'new\nline-1', 'nocategory', '$system-1', ''])('the stream name %j', async (name) => {
    const calls = sandbox.callsStarted('append');
    const refused = await store.append(name as StreamName, 'noStream', [anEvent()])();
    expect(left(refused)).toMatchObject({ _tag: 'StoreRefused', reason: 'invalid' });
    expect(sandbox.callsStarted('append')).toBe(calls);
  });

  it('later changes of what was given', async () => {
    const stream = aStream();
    const data = { text: 'first' };
    const appending = store.append(stream, 'noStream', [anEvent(data)])();
    data.text = 'second';
    right(await appending);
    expect(right(await store.readStream(stream)())[0]?.data).toEqual({ text: 'first' });
  });
});

describe('the shared stream, for those who ask for it', () => {
  it('is used then, and a client that it spoilt is replaced', async () => {
    const sandbox = await start();
    const store = storeOn(sandbox, { appendBy: 'sharedStream', timing: { appendMs: 500 } });
    const stream = aStream();
    sandbox.faults.inject('features', { kind: 'refuse', with: { is: 'handlerThrew' } });
    expect(left(await store.append(stream, 'noStream', [anEvent()])())).toMatchObject({ _tag: 'OutcomeUnknown' });
    right(await appendUntilKnown(store, stream, 'noStream', [anEvent()]));
    sandbox.faults.inject('batchAppend', { kind: 'stall', committed: true });
    const events = someEvents(2);
    expect(left(await store.append(stream, 0, events)())).toMatchObject({ _tag: 'OutcomeUnknown' });
    expect(right(await appendUntilKnown(store, stream, 0, events))).toMatchObject({ revision: 2, repeated: true });
    expect(sandbox.callsStarted('append')).toBe(0);
    await store.close();
    await sandbox.close();
  });
});
