import { expect, test } from 'vitest';
import { createCounters } from './counters.ts';

test('a key can be taken up to its limit, also by calls at the same time', async () => {
  const counters = createCounters();
  expect(await Promise.all([1, 2, 3, 4].map(() => counters.take('a', 2)))).toEqual([true, true, false, false]);
  expect(await counters.take('b', 1)).toBe(true);
});

test('a store carries the counts over a restart', async () => {
  let saved: Readonly<Record<string, number>> = {};
  const store = {
    load: () => Promise.resolve(saved),
    save: (counts: Readonly<Record<string, number>>) => {
      saved = counts;
      return Promise.resolve();
    },
  };
  expect(await createCounters(store).take('a', 2)).toBe(true);
  const restarted = createCounters(store);
  expect([await restarted.take('a', 2), await restarted.take('a', 2)]).toEqual([true, false]);
  expect(saved).toEqual({ a: 2 });
});

test('a store that fails once does not stop the counting', async () => {
  let broken = true;
  const counters = createCounters({
    load: () => Promise.resolve({}),
    save: () => (broken ? Promise.reject(new Error('disk full')) : Promise.resolve()),
  });
  await expect(counters.take('a', 2)).rejects.toThrow('disk full');
  broken = false;
  expect(await counters.take('a', 2)).toBe(true);
});
