import { expect, test } from 'vitest';
import { feed } from './feed.ts';

const collect = async <Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

test('every listener gets every item from the moment of the call on', async () => {
  const numbers = feed<number>();
  numbers.publish(0);
  const all = numbers.listen();
  numbers.publish(1);
  const odd = numbers.listen(undefined, (n) => n % 2 === 1);
  numbers.publish(2);
  numbers.publish(3);
  numbers.end();
  expect(await collect(all)).toEqual([1, 2, 3]);
  expect(await collect(odd)).toEqual([3]);
  expect(await collect(numbers.listen())).toEqual([]);
});

test('leaving the loop, or aborting, ends listening', async () => {
  const numbers = feed<number>();
  const stop = new AbortController();
  const aborted = collect(numbers.listen(stop.signal));
  const left = numbers.listen();
  numbers.publish(1);
  for await (const item of left) {
    expect(item).toBe(1);
    break;
  }
  numbers.publish(2);
  stop.abort();
  numbers.publish(3);
  expect(await aborted).toEqual([1, 2]);
  expect(await collect(left)).toEqual([]);
});
