import { status } from '@grpc/grpc-js';
import type { EventStore, ExpectedRevision, NewEvent, StreamName } from '@mailroom/domain';
import { runsOf } from '@mailroom/domain/testing';
import { start, type CallName, type Fault, type Sandbox } from '@mailroom/eventstoredb-sandbox';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';

import { appendUntilKnown, aStream, eventually, Follower, idsOf, right, someEvents, storeOn } from './test-support.ts';

/** Something that goes wrong with calls of one kind. */
interface Trouble {
  readonly call: CallName;
  readonly fault: Fault;
  readonly skip: number;
  readonly times: number;
}

/** Something that happens to the whole server once so many appends have been made. */
interface Blow {
  readonly after: number;
  readonly what: 'kill' | 'freeze' | 'shutDown' | 'unready';
  readonly ms: number;
}

/** A writer appends these numbers of events, one append after the other, to one of three streams. */
interface Writer {
  readonly stream: number;
  readonly appends: readonly number[];
}

interface Schedule {
  readonly troubles: readonly Trouble[];
  readonly blows: readonly Blow[];
  readonly writers: readonly Writer[];
}

const moment = { committed: fc.boolean(), afterEvents: fc.nat(6) };
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('stall', 'drop', 'end'), ...moment }),
  fc.record({ kind: fc.constant('slow'), ms: fc.nat(60), committed: fc.boolean() }),
  fc.record({
    kind: fc.constant('refuse'),
    with: fc.constantFrom(
      { is: 'notReady' },
      { is: 'tooBusy' },
      { is: 'noLeader' },
      { is: 'writeTimeout' },
      { is: 'consumerTooSlow' },
      { is: 'shuttingDown' },
      { is: 'handlerThrew' },
      { is: 'status', code: status.RESOURCE_EXHAUSTED, details: 'too many pings' },
      { is: 'status', code: status.CANCELLED, details: 'Call canceled by the server' },
    ),
    ...moment,
  }),
);
const schedule: fc.Arbitrary<Schedule> = fc.record({
  troubles: fc.array(
    fc.record({
      call: fc.constantFrom<CallName[]>('append', 'append', 'read', 'subscribe'),
      fault,
      skip: fc.nat(6),
      times: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 8 },
  ),
  blows: fc.array(
    fc.record({
      after: fc.nat(12),
      what: fc.constantFrom('kill', 'freeze', 'shutDown', 'unready'),
      ms: fc.nat(60),
    }),
    { maxLength: 2 },
  ),
  writers: fc.array(
    fc.record({
      stream: fc.nat(2),
      appends: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** More than any schedule takes, with every limit in it reached again and again. */
const LONGEST_MS = 60_000;

/** Appends as commands do: repeats while nothing is known, and looks for its own events when somebody was faster. */
async function write(store: EventStore, stream: StreamName, events: readonly NewEvent[]): Promise<void> {
  let expected: ExpectedRevision = 'noStream';
  for (;;) {
    const result = await appendUntilKnown(store, stream, expected, events);
    if (E.isRight(result)) return;
    expect(result.left._tag).toBe('WrongExpectedRevision');
    const read = await store.readStream(stream)();
    if (E.isLeft(read)) continue;
    if (read.right.some(({ id }) => id === events[0]?.id)) return;
    expected = read.right.at(-1)?.revision ?? 'noStream';
  }
}

async function strike(sandbox: Sandbox, { what, ms }: Blow): Promise<void> {
  if (what === 'freeze') sandbox.freeze();
  else if (what === 'unready') sandbox.setReady(false);
  else if (what === 'kill') await sandbox.kill();
  else await sandbox.shutDown(0);
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (what === 'freeze') sandbox.thaw();
  else if (what === 'unready') sandbox.setReady(true);
  else await sandbox.restart();
}

async function play(plan: Schedule): Promise<void> {
  const phase = { now: 'starting' };
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`hangs while ${phase.now}`)), LONGEST_MS);
  });
  await Promise.race([playThrough(plan, (now) => (phase.now = now)), hung]).finally(() => clearTimeout(timer));
}

async function playThrough({ troubles, blows, writers }: Schedule, begin: (phase: string) => void): Promise<void> {
  const sandbox = await start({ commitTimeoutMs: 20 });
  const store = storeOn(sandbox, {
    timing: {
      appendMs: 1_000,
      readIdleMs: 1_000,
      confirmMs: 1_000,
      watchdogMs: 200,
      firstRetryMs: 1,
      longestRetryMs: 20,
    },
  });
  for (const { call, fault: trouble, skip, times } of troubles) sandbox.faults.inject(call, trouble, { skip, times });
  const streams = [aStream(), aStream(), aStream()];
  const streamOf = (index: number): StreamName => streams[index] ?? aStream();
  const follower = new Follower(store);
  let made = 0;
  let isWritten = false;
  const written = writers.map(({ appends }) => appends.map((count) => someEvents(count)));

  const writing = writers.map(async ({ stream }, index) => {
    for (const events of written[index] ?? []) {
      made += 1;
      await write(store, streamOf(stream), events);
    }
  });
  const striking = (async () => {
    for (const blow of blows) {
      await eventually(() => made >= blow.after || isWritten);
      await strike(sandbox, blow);
    }
  })();
  begin('writing');
  await Promise.all(writing);
  isWritten = true;
  await striking;
  sandbox.faults.clear();

  begin('looking');
  // The truth, asked of a store that had no trouble.
  const observer = storeOn(sandbox);
  const log = [];
  for await (const batch of observer.readAll()) log.push(...right(batch));
  const all = written.flat(2);
  expect(idsOf(log).toSorted()).toEqual(idsOf(all).toSorted());
  for (const [index, stream] of streams.entries()) {
    const inStream = log.filter((event) => event.stream === stream);
    expect(inStream.map(({ revision }) => revision)).toEqual(inStream.map((_, revision) => revision));
    expect(right(await observer.readStream(stream)())).toEqual(inStream);
    for (const [number, { stream: target }] of writers.entries()) {
      if (target !== index) continue;
      const own = idsOf((written[number] ?? []).flat());
      expect(idsOf(inStream).filter((id) => own.includes(id))).toEqual(own);
    }
  }
  begin('following');
  await follower.until(() => follower.events.length >= log.length);
  expect(follower.events).toEqual(log);

  begin('closing');
  await follower.stop();
  await Promise.all([store.close(), observer.close()]);
  begin('waiting for what was opened to close');
  const calls: readonly CallName[] = ['append', 'batchAppend', 'read', 'subscribe'];
  await eventually(() => calls.every((call) => sandbox.callsOpen(call) === 0));
  // gRPC goes on to connect for a channel that was closed while nobody listened: an idle socket that nobody can reach.
  const wasAway = blows.some(({ what }) => what === 'kill' || what === 'shutDown');
  if (!wasAway) await eventually(() => sandbox.connections() === 0);
  await sandbox.close();
}

const numRuns = runsOf({ small: 12, ci: 200, full: 10_000 });
/** Schedules mostly wait, so many are played side by side. */
const LANES = Math.min(8, Math.ceil(numRuns / 2));

it(
  'nothing is lost, doubled or reordered, nothing hangs and nothing is left open, whatever goes wrong when',
  async () => {
    const lane = () =>
      fc.assert(fc.asyncProperty(schedule, play), {
        numRuns: Math.ceil(numRuns / LANES),
        endOnFailure: true,
        includeErrorInReport: true,
      });
    await Promise.all(Array.from({ length: LANES }, lane));
  },
  LONGEST_MS * (2 + numRuns / 6),
);
