import type { Position } from '@mailroom/domain';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { FollowerProgress, FollowerState } from '../runner/progress.ts';
import { settled, virtualTimers } from '../runner/test-support/virtual-timers.ts';
import { healthOf } from './health.ts';
import { aProgress } from './test-support.ts';
import { watch } from './watch.ts';

const staleAfterMs = 60_000;
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 9, 0, seconds));

describe('health', () => {
  test('is never a matter of how far behind anything is', () => {
    const lag = fc.record({
      lagMs: fc.option(fc.nat()),
      lagEvents: fc.option(fc.nat()),
      lagBytes: fc.option(fc.nat()),
      etaSeconds: fc.option(fc.nat()),
      state: fc.constantFrom<FollowerState>('starting', 'catchingUp', 'live', 'waiting', 'standby'),
    });
    fc.assert(
      fc.property(fc.array(lag), fc.nat({ max: staleAfterMs / 1000 }), (lags, ago) => {
        const now = at(1000);
        const confirmedAt = at(1000 - ago);
        const followers = lags.map((one) => ({ progress: aProgress(one), confirmedAt }));
        expect(healthOf({ now, sourceConfirmedAt: confirmedAt, followers }, staleAfterMs)).toEqual({
          ready: true,
          reasons: [],
        });
      }),
    );
  });

  test.each(['halted', 'superseded', 'stopped'] as const)('who is %s is never ready, and is named', (state) => {
    const lastError = { tag: 'EventUndecodable', problem: '', at: at(0), final: true };
    const followers = [{ progress: aProgress({ state, lastError }), confirmedAt: at(0) }];
    const { ready, reasons } = healthOf({ now: at(0), sourceConfirmedAt: at(0), followers }, staleAfterMs);
    expect(ready).toBe(false);
    expect(reasons).toEqual([`the view mailboxes is ${state} (EventUndecodable)`]);
  });
});

/** A store with a head and one follower of it, both moved by hand. */
const aWatch = (start: Partial<FollowerProgress> = {}) => {
  const clock = virtualTimers(at(0).getTime());
  let progress = aProgress(start);
  let head: Position | null = '5' as Position;
  let isReachable = true;
  let waiting: { readonly position: Position; readonly settle: () => void }[] = [];
  const stop = new AbortController();
  const looked = watch({
    followers: [
      {
        progress: () => progress,
        whenReached: (position) => () =>
          new Promise((resolve) => {
            const settle = (): void => resolve(E.right(undefined));
            if (progress.position !== null && progress.position >= position) settle();
            else waiting.push({ position, settle });
          }),
      },
    ],
    store: { head: async () => (isReachable ? E.right(head) : E.left({ _tag: 'StoreUnavailable', cause: null })) },
    timers: clock.timers,
  });
  const running = looked.run(stop.signal);
  return {
    ready: () => healthOf(looked.look(), staleAfterMs).ready,
    pass: (seconds: number) => clock.advance(seconds * 1000),
    write: (position: string) => (head = position as Position),
    setReachable: (reachable: boolean) => (isReachable = reachable),
    move: async (changes: Partial<FollowerProgress>) => {
      progress = { ...progress, ...changes };
      const reached = waiting.filter(({ position }) => position <= (progress.position ?? ''));
      waiting = waiting.filter((one) => !reached.includes(one));
      for (const { settle } of reached) settle();
      await settled();
    },
    end: async () => {
      stop.abort();
      await running;
    },
  };
};

describe('watched for an hour', () => {
  test('a quiet store and a follower that is up to date stay ready', async () => {
    const watched = aWatch();
    await watched.pass(3600);
    expect(watched.ready()).toBe(true);
    await watched.end();
  });

  test('one who is behind and takes a step now and then stays ready, and one who takes none does not', async () => {
    const watched = aWatch({ state: 'catchingUp', position: '1' as Position, events: 1 });
    watched.write('999');
    for (let step = 2; step < 60; step += 1) {
      await watched.pass(50);
      await watched.move({ position: String(step).padStart(3, '0') as Position, events: step });
      expect(watched.ready()).toBe(true);
    }
    await watched.pass(59);
    expect(watched.ready()).toBe(true);
    await watched.pass(10);
    expect(watched.ready()).toBe(false);
    await watched.move({ position: '999' as Position, state: 'live' });
    expect(watched.ready()).toBe(true);
    await watched.end();
  });

  test('one who says that it is live, but whom what was written never reaches, is not ready', async () => {
    const watched = aWatch();
    await watched.pass(10);
    watched.write('6');
    await watched.pass(70);
    expect(watched.ready()).toBe(false);
    await watched.end();
  });

  test('a store that does not answer makes it unready after the time, and an answer ready again', async () => {
    const watched = aWatch();
    await watched.pass(10);
    watched.setReachable(false);
    await watched.pass(40);
    expect(watched.ready()).toBe(true);
    await watched.pass(40);
    expect(watched.ready()).toBe(false);
    watched.setReachable(true);
    await watched.pass(10);
    expect(watched.ready()).toBe(true);
    await watched.end();
  });

  test('who waits for a view store that is away makes no progress, however long it waits', async () => {
    const watched = aWatch();
    await watched.pass(10);
    watched.write('6');
    await watched.move({ state: 'waiting' });
    await watched.pass(80);
    expect(watched.ready()).toBe(false);
    await watched.end();
  });

  test('who stands by for another process is ready', async () => {
    const watched = aWatch({ state: 'standby', isLeading: false, position: null });
    await watched.pass(3600);
    expect(watched.ready()).toBe(true);
    await watched.end();
  });
});
