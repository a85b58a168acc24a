import { status } from '@grpc/grpc-js';
import type { EventStore } from '@mailroom/domain';
import { startCluster, type SandboxCluster } from '@mailroom/eventstoredb-sandbox';
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
  storeOn,
} from './test-support.ts';

describe('a cluster', () => {
  let cluster: SandboxCluster;
  let store: EventStore;
  beforeEach(async () => {
    cluster = await startCluster();
    store = storeOn({ connectionString: `${cluster.connectionString}&maxDiscoverAttempts=2&discoveryInterval=5` });
  });
  afterEach(async () => {
    await store.close();
    await cluster.close();
  });

  it('goes on through nine deaths of its leader, with nothing lost and nothing doubled', async () => {
    const stream = aStream();
    const written: string[] = [];
    const follower = new Follower(store);
    for (let kill = 0; kill < 9; kill += 1) {
      for (let n = 0; n < 3; n += 1) {
        const event = anEvent();
        const expected = written.length === 0 ? 'noStream' : written.length - 1;
        if (n === 1) {
          const leader = cluster.leader() ?? 0;
          cluster.nodes[leader]?.faults.inject('append', { kind: 'stall', committed: kill % 2 === 0 });
          const append = store.append(stream, expected, [event])();
          await cluster.kill(leader);
          cluster.nodes[leader]?.faults.clear();
          expect(E.isRight(await append)).toBe(false);
          cluster.elect((leader + 1) % 3);
          await cluster.restart(leader);
        }
        right(await appendUntilKnown(store, stream, expected, [event]));
        written.push(event.id);
      }
    }
    expect(idsOf(right(await store.readStream(stream)()))).toEqual(written);
    await follower.until(() => follower.events.length === written.length);
    expect(idsOf(follower.events)).toEqual(written);
    await follower.stop();
  });

  it('is waited for between two elections', async () => {
    right(await store.append(aStream(), 'noStream', [anEvent()])());
    cluster.loseLeader();
    expect(left(await store.append(aStream(), 'noStream', [anEvent()])())._tag).toBe('StoreUnavailable');
    cluster.elect(2);
    right(await appendUntilKnown(store, aStream(), 'noStream', [anEvent()]));
  });

  it('is reached through a follower too, and asked where the leader is', async () => {
    const follower = storeOn(cluster.nodes[1] ?? { connectionString: '' });
    const stream = aStream();
    right(await follower.append(stream, 'noStream', [anEvent()])());
    expect(right(await follower.readStream(stream)())).toHaveLength(1);
    expect(cluster.nodes[0]?.callsStarted('append')).toBe(1);
    const live = new Follower(follower);
    await live.until(() => live.events.length === 1 && live.count('CaughtUp') === 1);
    await live.stop();
    await follower.close();
  });

  it('sends many appends at once on to a new leader, and leaves nothing behind in the process', async () => {
    const warnings: string[] = [];
    const warned = ({ name }: Error): number => warnings.push(name);
    process.on('warning', warned);
    right(await store.append(aStream(), 'noStream', [anEvent()])());
    cluster.elect(1);
    const appends = Array.from({ length: 20 }, () => store.append(aStream(), 'noStream', [anEvent()])());
    for (const append of await Promise.all(appends)) right(append);
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });

  it('may go down as a whole while a call is left on the connection before the next', async () => {
    const unheard: unknown[] = [];
    const notice = (reason: unknown): number => unheard.push(reason);
    process.on('unhandledRejection', notice);
    const [leader] = cluster.nodes;
    right(await store.append(aStream(), 'noStream', [anEvent()])());
    leader?.faults.inject('read', { kind: 'stall' });
    const reading = store.readStream(aStream())();
    await eventually(() => leader?.callsOpen('read') === 1);
    leader?.faults.inject('append', {
      kind: 'refuse',
      with: { is: 'status', code: status.UNAVAILABLE, details: 'gone' },
    });
    left(await store.append(aStream(), 'noStream', [anEvent()])());
    // The next call looks for the leader, and is not answered until all are dead.
    for (const { faults } of cluster.nodes) faults.inject('gossip', { kind: 'stall' }, { times: Infinity });
    const appending = store.append(aStream(), 'noStream', [anEvent()])();
    await eventually(() => cluster.nodes.some((node) => node.callsOpen('gossip') > 0));
    for (const index of [0, 1, 2]) await cluster.kill(index);
    expect(left(await reading)._tag).toBe('StoreUnavailable');
    expect(left(await appending)._tag).toBe('StoreUnavailable');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', notice);
    expect(unheard).toEqual([]);
  });

  it('may come up after the store, whatever the store is asked first', async () => {
    for (const index of [0, 1, 2]) await cluster.kill(index);
    const early = storeOn({
      connectionString: `${cluster.connectionString}&maxDiscoverAttempts=1&discoveryInterval=1`,
    });
    const discovering = storeOn({
      connectionString: `${(cluster.nodes[0]?.connectionString ?? '').replace('esdb:', 'esdb+discover:')}&maxDiscoverAttempts=1`,
    });
    const live = new Follower(early);
    for (const each of [early, discovering]) {
      expect(left(await each.append(aStream(), 'noStream', [anEvent()])())).toMatchObject({ _tag: 'StoreUnavailable' });
    }
    await live.until(() => live.count('Reconnecting') > 1);
    for (const index of [0, 1, 2]) await cluster.restart(index);
    cluster.elect(0);
    const event = anEvent();
    right(await appendUntilKnown(early, aStream(), 'noStream', [event]));
    right(await appendUntilKnown(discovering, aStream(), 'noStream', [anEvent()]));
    await live.until(() => live.events.length === 2);
    expect(live.events[0]?.id).toBe(event.id);
    await live.stop();
    await early.close();
    await discovering.close();
  });
});
