import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowCache } from './row-cache.ts';

const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

test('whatever was put last is known or unknown, never something else', () => {
  const touch = fc.record({ key: fc.constantFrom(...keys), row: fc.option(fc.nat(), { nil: undefined }) });
  fc.assert(
    fc.property(
      fc.array(touch, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      (touches, limit, isEmpty) => {
        const cache = rowCache<number>(limit, isEmpty);
        // What is there is unknown, unless nothing is.
        if (!isEmpty) expect(cache.get(keys).unknown).toEqual(keys);
        const truth = new Map<string, number | undefined>();
        for (const [n, { key, row }] of touches.entries()) {
          truth.set(key, row);
          cache.put(key, row);
          const asked = n % 3 === 0 ? keys : [key];
          const { rows, unknown } = cache.get(asked);
          for (const one of asked) if (!unknown.includes(one)) expect(rows.get(one)).toBe(truth.get(one));
          // What was put just now is known, unless others were touched since.
          if (asked.length === 1 && limit > 1) expect(unknown).toEqual([]);
        }
        if (!isEmpty) expect(cache.get(keys).unknown.length).toBeGreaterThanOrEqual(8 - 2 * limit);
      },
    ),
  );
});
