import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { EventStore, SubscriptionItem } from '@mailroom/domain';
import { start, type Fault, type Sandbox } from '@mailroom/eventstoredb-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  anEvent,
  appendUntilKnown,
  aStream,
  eventually,
  Follower,
  idsOf,
  left,
  right,
  someEvents,
  storeOn,
} from '../test-support.ts';

describe('subscriptions', () => {
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

  type Case = readonly [string, Fault];
  it.each<Case>([
    ['ends them in peace', { kind: 'end', afterEvents: 7 }],
    ['cuts the connection', { kind: 'drop', afterEvents: 7 }],
    ['is shut down', { kind: 'refuse', with: { is: 'shuttingDown' }, afterEvents: 7 }],
    ['finds them too slow', { kind: 'refuse', with: { is: 'consumerTooSlow' }, afterEvents: 7 }],
    ['is not ready', { kind: 'refuse', with: { is: 'notReady' } }],
    ['throws in the middle', { kind: 'refuse', with: { is: 'handlerThrew' }, afterEvents: 7 }],
    ['never confirms them', { kind: 'unconfirmed' }],
    ['confirms them and then says nothing', { kind: 'stall' }],
    ['stops in the middle', { kind: 'stall', afterEvents: 7 }],
  ])('say that they reconnect, and miss nothing, when the server %s', async (_, fault) => {
    const isSilent = fault.kind === 'unconfirmed' || fault.kind === 'stall';
    const quiet = storeOn(sandbox, isSilent ? { timing: { confirmMs: 500, watchdogMs: 100 } } : {});
    const events = someEvents(20);
    right(await store.append(aStream(), 'noStream', events)());
    sandbox.faults.inject('subscribe', fault);
    const follower = new Follower(quiet);
    await follower.until(() => follower.events.length === 20 && follower.count('CaughtUp') > 0);
    expect(idsOf(follower.events)).toEqual(idsOf(events));
    // A short limit may end a sound subscription too, when the machine is busy; nothing is lost by that either.
    if (isSilent) expect(follower.count('Reconnecting')).toBeGreaterThanOrEqual(1);
    else expect(follower.count('Reconnecting')).toBe(1);
    const [reconnecting] = follower.items.filter((item) => item._tag === 'Reconnecting');
    expect(reconnecting).toMatchObject({ attempt: 1 });
    await follower.stop();
    await quiet.close();
    await eventually(() => sandbox.callsOpen('subscribe') === 0);
  });

  it('resume for ever, with growing patience, and go on when the server is back', async () => {
    const events = someEvents(5);
    const stream = aStream();
    right(await store.append(stream, 'noStream', events.slice(0, 3))());
    const follower = new Follower(store);
    await follower.until(() => follower.count('CaughtUp') === 1);
    await sandbox.kill();
    await follower.until(() => follower.count('Reconnecting') >= 4);
    const attempts = follower.items.flatMap((item) => (item._tag === 'Reconnecting' ? [item.attempt] : []));
    expect(attempts).toEqual(attempts.map((_, index) => index + 1));
    await sandbox.restart();
    right(await appendUntilKnown(store, stream, 2, events.slice(3)));
    await follower.until(() => follower.events.length === 5 && follower.count('CaughtUp') === 2);
    expect(idsOf(follower.events)).toEqual(idsOf(events));
    await follower.stop();
  });

  it('started at the end lose nothing that comes while they are away', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', [anEvent()])());
    const away = sandbox.faults.inject('subscribe', { kind: 'refuse', with: { is: 'tooBusy' } }, { times: 3 });
    const follower = new Follower(store, { after: 'end' });
    await eventually(() => away.met() > 0);
    const event = anEvent();
    right(await store.append(stream, 0, [event])());
    await follower.until(() => follower.events.length > 0);
    expect(idsOf(follower.events)).toEqual([event.id]);
    await follower.stop();
  });

  it('never give a checkpoint before the events it covers', async () => {
    const wanted: string[] = [];
    const stream = aStream();
    // A checkpoint is due at every 256th record: in the middle of the wanted ones.
    for (let revision = 0; revision < 600; revision += 100) {
      const events = [...someEvents(50, 'Unwanted'), ...someEvents(50, 'Wanted')];
      wanted.push(...idsOf(events.slice(50)));
      right(await store.append(stream, revision === 0 ? 'noStream' : revision - 1, events)());
    }
    const seen: string[] = [];
    const atCheckpoint: number[] = [];
    let caughtUpAt = -1;
    const positions: string[] = [];
    const follower = new Follower(store, { types: ['Wanted'] }, async (item: SubscriptionItem) => {
      // A consumer with work to do: everything behind the item at hand piles up.
      await new Promise((resolve) => setImmediate(resolve));
      if (item._tag === 'Events') {
        seen.push(...idsOf(item.events));
        positions.push(...item.events.map(({ position }) => position));
      }
      if (item._tag === 'Checkpoint') {
        const covered = positions.filter((position) => position <= item.position).length;
        expect(covered).toBe(positions.length);
        atCheckpoint.push(seen.length);
        positions.push(item.position);
      }
      if (item._tag === 'CaughtUp') caughtUpAt = seen.length;
    });
    await follower.until(() => caughtUpAt >= 0);
    expect(seen).toEqual(wanted);
    expect(caughtUpAt).toBe(wanted.length);
    expect(atCheckpoint.length).toBeGreaterThanOrEqual(1);
    expect(positions).toEqual([...positions].sort());
    await follower.stop();
  });

  it('move on with checkpoints where nothing matches, live too', async () => {
    const follower = new Follower(store, { types: ['Never'] });
    await follower.until(() => follower.count('CaughtUp') === 1);
    const stream = aStream();
    const { position } = right(await store.append(stream, 'noStream', someEvents(600))());
    await follower.until(() => follower.count('Checkpoint') >= 2);
    const last = follower.items.findLast((item) => item._tag === 'Checkpoint');
    expect(last !== undefined && last.position <= position).toBe(true);
    await follower.stop();
  });

  it('find every event when a live consumer falls behind and is dropped', async () => {
    const stream = aStream();
    const body = 'x'.repeat(20_000);
    const events = Array.from({ length: 300 }, () => anEvent({ body }));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const follower = new Follower(store, { after: 'end' }, async (item) => {
      if (item._tag === 'Events') await held;
    });
    await follower.until(() => follower.count('CaughtUp') === 1);
    for (const [index, event] of events.entries()) {
      right(await store.append(stream, index === 0 ? 'noStream' : index - 1, [event])());
    }
    release();
    await follower.until(() => follower.events.length >= events.length);
    expect(idsOf(follower.events)).toEqual(idsOf(events));
    await follower.stop();
  });

  it('end with a reason when they will never be allowed', async () => {
    sandbox.faults.inject('subscribe', { kind: 'refuse', with: { is: 'accessDenied' } });
    expect(left(await new Follower(store).ended)).toMatchObject({ _tag: 'StoreRefused', reason: 'accessDenied' });
    const { position } = right(await store.append(aStream(), 'noStream', [anEvent()])());
    const halves = position.split('/').map((half) => String(BigInt(half) + 1n).padStart(20, '0'));
    const inside = halves.join('/');
    expect(left(await new Follower(store, { after: inside as never }).ended)).toMatchObject({ reason: 'invalid' });
    expect(left(await new Follower(store, { after: 'nonsense' as never }).ended)).toMatchObject({ reason: 'invalid' });
  });

  it('ask for exactly the types that are wanted', async () => {
    const types = ['Some', 'SomeMore', 'A.B', 'AxB', 'C+', 'D|E', 'F (G)', 'H#I', 'J$', '[K]', 'L\\M'];
    for (const type of types) right(await store.append(aStream(), 'noStream', [anEvent({}, type)])());
    for (const type of types) {
      const follower = new Follower(store, { types: [type] });
      await follower.until(() => follower.count('CaughtUp') === 1);
      expect(follower.events.map((event) => event.type)).toEqual([type]);
      await follower.stop();
    }
  });

  it('are left alone by the watchdog while all is well', async () => {
    const watched = storeOn(sandbox, { timing: { watchdogMs: 5 } });
    const follower = new Follower(watched, { types: ['Wanted'] });
    await follower.until(() => follower.count('CaughtUp') === 1);
    const client = EventStoreDBClient.connectionString(sandbox.connectionString);
    for (let round = 0; round < 20; round += 1) {
      await client.appendToStream('noise-1', jsonEvent({ type: '$own', data: {} }));
      right(await store.append(aStream(), 'noStream', someEvents(20, 'Unwanted'))());
      right(await store.append(aStream(), 'noStream', someEvents(1, 'Wanted'))());
    }
    await follower.until(() => follower.events.length === 20);
    const reads = sandbox.callsStarted('read');
    await eventually(() => sandbox.callsStarted('read') > reads + 3);
    expect(follower.count('Reconnecting')).toBe(0);
    await follower.stop();
    await watched.close();
    await client.dispose();
  });

  it('can be more than one connection holds, and leave room for everything else', async () => {
    const stream = aStream();
    right(await store.append(stream, 'noStream', [anEvent()])());
    const followers = Array.from({ length: 110 }, () => new Follower(store, { types: ['Last'] }));
    for (const follower of followers) await follower.until(() => follower.count('CaughtUp') === 1);
    expect(right(await store.readStream(stream)())).toHaveLength(1);
    const appends = Array.from({ length: 110 }, () => store.append(aStream(), 'noStream', [anEvent()])());
    for (const result of await Promise.all(appends)) right(result);
    right(await store.append(stream, 0, [anEvent({}, 'Last')])());
    for (const follower of followers) {
      await follower.until(() => follower.events.length === 1);
      await follower.stop();
    }
    await eventually(() => sandbox.callsOpen('subscribe') === 0);
    await store.close();
    await eventually(() => sandbox.connections() === 0);
  });

  it('can be cancelled at any moment, by the signal or by leaving the loop', async () => {
    right(await store.append(aStream(), 'noStream', someEvents(600))());
    for (const at of [1, 5]) {
      let seen = 0;
      for await (const item of store.subscribe({ after: 'start', signal: new AbortController().signal })) {
        if (E.isRight(item) && item.right._tag === 'Events') seen += 1;
        if (seen >= at || (E.isRight(item) && item.right._tag === 'CaughtUp')) break;
      }
    }
    sandbox.faults.inject('subscribe', { kind: 'unconfirmed' });
    const silent = new Follower(store);
    await eventually(() => sandbox.callsOpen('subscribe') === 1);
    await silent.stop();
    await sandbox.kill();
    const away = new Follower(store);
    await away.until(() => away.count('Reconnecting') > 0);
    await away.stop();
    await sandbox.restart();
    await eventually(() => sandbox.callsOpen('subscribe') === 0);
  });
});
