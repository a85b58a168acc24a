import { expect, test } from 'vitest';
import { connectionLimits } from './connection-limits.ts';

const task = () => {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { ended, end: () => end() };
};

test('so many at a time and no more; who waits first goes first; other keys do not wait', async () => {
  const limits = connectionLimits();
  const tasks = [task(), task(), task()] as const;
  const order: string[] = [];
  const runs = tasks.map((one, index) =>
    limits.within('a', 1, async () => {
      order.push(`a${index}`);
      await one.ended;
    }),
  );
  await limits.within('b', 1, async () => {
    order.push('b');
  });
  expect(order).toEqual(['a0', 'b']);
  tasks[0].end();
  await runs[0];
  expect(order).toEqual(['a0', 'b', 'a1']);
  tasks[1].end();
  tasks[2].end();
  await Promise.all(runs);
  expect(order).toEqual(['a0', 'b', 'a1', 'a2']);
});

test('a task that fails makes room as well', async () => {
  const limits = connectionLimits();
  await expect(limits.within('a', 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await limits.within('a', 1, () => Promise.resolve('next'))).toBe('next');
});
