import {
  END,
  eventTypeFilter,
  jsonEvent,
  START,
  type EventStoreDBClient,
  type Position,
  type ReadRevision,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Sandbox } from './sandbox.ts';
import { start } from './start.ts';
import { connect, events, Listener, recordedFaults, unary } from './test-support.ts';

const NOTHING = eventTypeFilter({ prefixes: ['NoSuchType'] });

describe('subscriptions', () => {
  let sandbox: Sandbox;
  let client: EventStoreDBClient;
  beforeEach(async () => {
    sandbox = await start();
    client = connect(sandbox.connectionString);
  });
  afterEach(async () => {
    await client.dispose();
    await sandbox.close();
  });
  const append = (stream: string, ...types: string[]) => client.appendToStream(stream, events(...types), unary);
  const toStream = (stream: string, fromRevision: ReadRevision = START) =>
    new Listener(client.subscribeToStream(stream, { fromRevision }));
  const toAll = (fromPosition: Position | typeof START | typeof END, filter = NOTHING) =>
    new Listener(client.subscribeToAll({ fromPosition, filter }));

  describe('when they say that they have caught up', () => {
    it.each([
      ['a missing stream, from its start', 'missing-1'],
      ['a soft-deleted stream, from its start', 'deleted-1'],
    ])('%s: after the first event', async (_, stream) => {
      if (stream === 'deleted-1') {
        await append(stream, 'A');
        await client.deleteStream(stream);
      }
      const listener = toStream(stream, START);
      await listener.until('confirmed');
      await append('other-1', 'X');
      expect(listener.heard).toEqual(['confirmed']);
      await append(stream, 'B');
      await listener.until('caughtUp');
      expect(listener.heard[1]).toMatch(/^B@/);
    });

    it('at once from the end, at the last revision, beyond it, and on a stream that was emptied', async () => {
      await append('some-1', 'A', 'B', 'C', 'D');
      await append('emptied-1', 'A', 'B');
      await client.setStreamMetadata('emptied-1', { truncateBefore: 2 }, unary);
      const listeners = [
        toStream('none-1', END),
        toStream('some-1', END),
        toStream('some-1', 3n),
        toStream('some-1', 9n),
        toStream('emptied-1', START),
        toStream('emptied-1', END),
      ];
      for (const listener of listeners) await listener.until('caughtUp');
      await append('some-1', 'E');
      await listeners[2]?.until('E@4');
      expect(listeners.map(({ heard }) => heard)).toEqual([
        ['confirmed', 'caughtUp'],
        ['confirmed', 'caughtUp', 'E@4'],
        ['confirmed', 'caughtUp', 'E@4'],
        ['confirmed', 'caughtUp'],
        ['confirmed', 'caughtUp'],
        ['confirmed', 'caughtUp'],
      ]);
    });

    it('at once on the whole log, wherever they start and whatever they filter', async () => {
      const { position } = await append('some-1', 'A', 'B');
      const last = position ?? { commit: 0n, prepare: 0n };
      const beyond = { commit: last.commit + 10_000n, prepare: last.prepare + 10_000n };
      for (const from of [START, END, last, beyond] as const) await toAll(from).until('caughtUp');
    });

    it('never from a position inside a record: that is an exception', async () => {
      const { position } = await append('some-1', 'A');
      const inside = (position?.commit ?? 0n) + 1n;
      const listener = toAll({ commit: inside, prepare: inside });
      await listener.until('error unknown');
      const { code, message } = listener.failure ?? {};
      expect(recordedFaults['caughtUp']?.['$all from a position inside a record']).toBe(
        `error unknown ${code} "${message?.replace(/^\d+ UNKNOWN: /, '')}"`,
      );
    });
  });

  it('end with a tombstone, and fail at once on a stream that has one', async () => {
    await append('ends-1', 'A');
    const listener = toStream('ends-1');
    await listener.until('caughtUp');
    await client.tombstoneStream('ends-1');
    await listener.until('error stream-deleted');
    expect(listener.heard).toEqual([
      'confirmed',
      'A@0',
      'caughtUp',
      '$streamDeleted@9223372036854775807',
      'error stream-deleted',
    ]);
    const late = toStream('ends-1');
    await late.until('error stream-deleted');
    expect(late.heard).not.toContain('A@0');
  });

  it('do not show a soft delete, and go on with what is appended after it', async () => {
    await append('goes-on-1', 'A');
    const listener = toStream('goes-on-1');
    await listener.until('caughtUp');
    await client.deleteStream('goes-on-1');
    await append('goes-on-1', 'B');
    await listener.until('B@1');
    expect(listener.heard).toEqual(['confirmed', 'A@0', 'caughtUp', 'B@1']);
  });

  describe('checkpoints', () => {
    const EVENTS = 2050;
    const fill = async (): Promise<bigint> => {
      const { position } = await append('filled-1', ...Array.from({ length: EVENTS }, () => 'Filler'));
      return position?.commit ?? 0n;
    };
    /** Checkpoints up to "caught up", for a filter that matches nothing. */
    const count = async (window: number | undefined, interval: number): Promise<bigint[]> => {
      const positions: bigint[] = [];
      const filter = eventTypeFilter({
        prefixes: ['NoSuchType'],
        checkpointInterval: interval,
        ...(window === undefined ? {} : { maxSearchWindow: window }),
        checkpointReached: (_, { commit }) => {
          positions.push(commit);
          return Promise.resolve();
        },
      });
      const listener = toAll(START, filter);
      await listener.until('caughtUp');
      await listener.stop();
      return positions;
    };

    it('come once for every window times interval of events considered, and reach the head only by chance', async () => {
      const head = await fill();
      const recordedCounts = recordedFaults['checkpoints'];
      expect((await count(undefined, 1)).length).toBe(recordedCounts?.['2050 events, defaults (32 x 1)']);
      expect((await count(32, 10)).length).toBe(recordedCounts?.['32 x 10']);
      expect((await count(500, 1)).length).toBe(recordedCounts?.['500 x 1']);
      expect((await count(100_000, 1)).length).toBe(recordedCounts?.['100000 x 1']);
      const each = await count(1, 1);
      expect(each.at(-1)).toBe(head);
      expect(each).toEqual([...each].sort((a, b) => Number(a - b)));
    });

    it('come live too', async () => {
      let reached = 0;
      const filter = eventTypeFilter({
        prefixes: ['Wanted'],
        maxSearchWindow: 4,
        checkpointReached: () => {
          reached += 1;
          return Promise.resolve();
        },
      });
      const listener = toAll(END, filter);
      await listener.until('caughtUp');
      for (let i = 0; i < 9; i += 1) await append('live-1', 'Unwanted');
      await append('live-1', 'Wanted');
      await listener.until('Wanted@9');
      expect(reached).toBe(2);
    });
  });
});

describe('a consumer that is too slow while live', () => {
  /** More than the network and the live buffer hold for a reader that does not read. */
  const APPENDS = 200;
  const flood = async (client: EventStoreDBClient): Promise<void> => {
    const data = { body: 'x'.repeat(20_000) };
    for (let i = 0; i < APPENDS; i += 1)
      await client.appendToStream('flood-1', jsonEvent({ type: 'Large', data }), unary);
  };
  const whole = Array.from({ length: APPENDS }, (_, i) => i);

  it('is dropped by 23.10, and finds every event when it comes back', async () => {
    const sandbox = await start({ mode: '23.10' });
    const client = connect(sandbox.connectionString);
    const slow = client.subscribeToStream('flood-1', { fromRevision: END });
    slow.once('data', () => slow.pause());
    const seen: number[] = [];
    slow.on('data', ({ event }) => seen.push(Number(event?.revision)));
    const listener = new Listener(slow);
    await listener.until('caughtUp');
    await flood(client);
    slow.resume();
    await listener.until('error timeout');
    expect(listener.failure).toMatchObject({
      code: 10,
      message: expect.stringContaining('Consumer too slow to handle event while live') as string,
    });
    const rest = new Listener(client.subscribeToStream('flood-1', { fromRevision: BigInt(seen.at(-1) ?? -1) }));
    await rest.until('caughtUp');
    const revisions = rest.heard.filter((heard) => heard.includes('@')).map((heard) => Number(heard.split('@')[1]));
    expect(revisions.length).toBeGreaterThan(0);
    expect([...seen, ...revisions]).toEqual(whole);
    await client.dispose();
    await sandbox.close();
  });

  it('catches up again on 24.2, which says so each time', async () => {
    const sandbox = await start({ mode: '24.2' });
    const client = connect(sandbox.connectionString);
    const slow = client.subscribeToStream('flood-1', { fromRevision: END });
    slow.once('data', () => slow.pause());
    const listener = new Listener(slow);
    await listener.until('caughtUp');
    await flood(client);
    slow.resume();
    await listener.until('caughtUp', 2);
    expect(listener.heard.filter((heard) => heard.includes('@'))).toEqual(whole.map((i) => `Large@${i}`));
    await client.dispose();
    await sandbox.close();
  });
});
