import { expect, test } from 'vitest';
import { eachOf } from './limited.ts';

/** Work that is let go on from outside, and counts how much of it is under way. */
const watched = () => {
  const open: (() => void)[] = [];
  const begun: number[] = [];
  const work = async (item: number): Promise<string> => {
    begun.push(item);
    await new Promise<void>((resolve) => open.push(resolve));
    return `done ${item}`;
  };
  const next = async (place: number): Promise<void> => {
    open.splice(place, 1)[0]?.();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { open, begun, work, next };
};

test('never is more under way than may be, and results come in the order of the items', async () => {
  const { open, begun, work, next } = watched();
  const results = eachOf([1, 2, 3, 4, 5], 2, work);
  expect(begun).toEqual([1, 2]);
  await next(1);
  expect(begun).toEqual([1, 2, 3]);
  await next(1);
  await next(0);
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  expect(open).toHaveLength(2);
  await next(0);
  await next(0);
  expect(await results).toEqual([1, 2, 3, 4, 5].map((item) => `done ${item}`));
});

test('of nothing there is nothing to do', async () =>
  expect(
    await eachOf([], 2, () => {
      throw new Error('there is no item');
    }),
  ).toEqual([]));

test('what fails is told', async () =>
  await expect(
    eachOf([1, 2], 2, async (item) => {
      if (item === 2) throw new Error('the second');
    }),
  ).rejects.toThrow('the second'));
