import type { Page, QueryFailure } from '@mailroom/domain';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { feed } from './feed.ts';
import { watchQuery } from './watch-query.ts';

const pageOf = (row: number): Page<number> => ({ rows: [row], next: null, total: 1, position: null });

test('whatever changes when: no answer comes twice in a row, and the last one is the newest', () =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.nat(2), { maxLength: 12 }), async (scheduler, values) => {
      let value = 0;
      const changes = feed<null>();
      const seen: number[] = [];
      const watching = (async () => {
        const find = scheduler.scheduleFunction(async () => E.right(pageOf(value)));
        for await (const answer of watchQuery(find, () => changes.listen(undefined, undefined, 1))) {
          if (E.isRight(answer)) seen.push(...answer.right.rows);
        }
      })();
      const writing = scheduler.scheduleSequence(
        values.map((next, index) => ({
          label: `change ${index}`,
          builder: async () => {
            value = next;
            changes.publish(null);
          },
        })),
      );
      await scheduler.waitFor(writing.task);
      // Nobody has to look at what came last before the feed ends; whoever is still looking gets to see it.
      while (scheduler.count() > 0) await scheduler.waitNext(1);
      changes.end();
      await scheduler.waitFor(watching);
      expect(seen.at(-1)).toBe(value);
      expect(seen.every((row, index) => index === 0 || row !== seen[index - 1])).toBe(true);
    }),
  ));

test('a failure is the last item, and whoever leaves is no longer listening', async () => {
  const failed: E.Either<QueryFailure, Page<number>> = E.left({ _tag: 'InvalidQuery', problem: 'list: no such list' });
  const items: unknown[] = [];
  for await (const item of watchQuery(
    async () => failed,
    () => feed<null>().listen(),
  )) {
    items.push(item);
  }
  expect(items).toEqual([failed]);

  const changes = feed<null>();
  const listener = changes.listen();
  for await (const item of watchQuery(
    async () => E.right(pageOf(1)),
    () => listener,
  )) {
    expect(E.isRight(item)).toBe(true);
    break;
  }
  changes.publish(null);
  expect(await listener[Symbol.asyncIterator]().next()).toMatchObject({ done: true });
});
