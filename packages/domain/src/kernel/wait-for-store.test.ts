import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { derivedId } from './derived-id.ts';
import { delayAfter, ordinaryPause } from './patience.ts';
import { patienceWithStore, waitForStore } from './wait-for-store.ts';

const away = E.left({ _tag: 'StoreUnavailable', cause: 'restart' } as const);
const refused = E.left({ _tag: 'StoreRefused' } as const);
type Answer = typeof away | typeof refused | E.Either<never, string>;

/** Answers in this order, the last one for ever; tells how often it was asked, and for how long was waited. */
const answering = (...answers: readonly Answer[]) => {
  const waits: number[] = [];
  let asked = 0;
  const ask = (seed = 'stream-1'): Promise<unknown> =>
    waitForStore<{ readonly _tag: string }, string>(
      async () => answers[Math.min(asked++, answers.length - 1)] ?? away,
      seed,
      async (milliseconds) => {
        waits.push(milliseconds);
      },
    )();
  return { ask, waits, asked: () => asked };
};

describe('waiting for a store', () => {
  test('gives an answer at once, and any failure that does not pass', async () => {
    for (const answer of [E.right('here'), refused]) {
      const { ask, waits, asked } = answering(answer);
      expect(await ask()).toBe(answer);
      expect([asked(), waits]).toEqual([1, []]);
    }
  });

  test('asks again while it is away, and gives the first other answer', async () => {
    for (const answer of [E.right('back'), refused]) {
      const { ask, waits, asked } = answering(away, away, answer);
      expect(await ask()).toBe(answer);
      expect(asked()).toBe(3);
      expect(waits).toEqual([1, 2].map((attempt) => delayAfter(attempt, patienceWithStore, 'stream-1')));
    }
  });

  test('gives up after eight tries, of which the last is not waited after; the eighth may still succeed', async () => {
    const hopeless = answering(away);
    expect(await hopeless.ask()).toBe(away);
    expect([hopeless.asked(), hopeless.waits.length]).toEqual([8, 7]);
    const answer = E.right('just in time');
    const late = answering(...Array.from({ length: 7 }, () => away), answer);
    expect(await late.ask()).toBe(answer);
  });

  test('bridges an outage of some seconds, spread by the seed', async () => {
    const totals = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (seed) => {
        const { ask, waits } = answering(away);
        await ask(seed);
        return waits.reduce((sum, wait) => sum + wait, 0);
      }),
    );
    for (const total of totals) {
      expect(total).toBeGreaterThanOrEqual(2575);
      expect(total).toBeLessThan(5150);
    }
    expect(new Set(totals).size).toBe(4);
  });
});

test('a pause takes as long as it is told to', async () => {
  const ended: number[] = [];
  const pausing = [20, 1].map(async (milliseconds) => {
    await ordinaryPause(milliseconds);
    ended.push(milliseconds);
  });
  expect(ended).toEqual([]);
  await Promise.all(pausing);
  expect(ended).toEqual([1, 20]);
});

describe('a delay', () => {
  const patience = { attempts: 20, firstDelay: 100, longestDelay: 1000 };
  test.each([
    [1, 100],
    [2, 200],
    [3, 400],
    [4, 800],
    [5, 1000],
    [20, 1000],
  ])('after attempt %i lies between half and all of %i ms', (attempt, full) => {
    const delays = Array.from({ length: 500 }, (_, index) =>
      delayAfter(attempt, patience, derivedId('seed', String(index))),
    );
    for (const delay of delays) {
      expect(delay).toBeGreaterThanOrEqual(full / 2);
      expect(delay).toBeLessThan(full);
    }
    // Spread over all of it, and the same for the same seed.
    expect(Math.min(...delays)).toBeLessThan(full * 0.55);
    expect(Math.max(...delays)).toBeGreaterThan(full * 0.95);
    expect(delayAfter(attempt, patience, derivedId('seed', '0'))).toBe(delays[0]);
  });

  test('looks at every character of the seed, and at the attempt', () => {
    const flat = { attempts: 9, firstDelay: 1000, longestDelay: 1000 };
    for (const [one, other] of [
      ['ab', 'ac'],
      ['ab', 'bb'],
      ['ab', 'ba'],
    ] as const) {
      expect(delayAfter(1, flat, one)).not.toBe(delayAfter(1, flat, other));
    }
    expect(delayAfter(1, flat, 'seed')).not.toBe(delayAfter(2, flat, 'seed'));
  });
});
