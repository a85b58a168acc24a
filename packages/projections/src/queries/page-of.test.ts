import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageOf, type Shape } from './page-of.ts';

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly nested: { readonly size: number | null };
}

const shape: Shape<Row> = { key: ({ id }) => id, texts: ({ name }) => [name], sort: { by: 'name' } };
const row = fc.record({
  id: fc.uuid(),
  name: fc.option(fc.constantFrom('Ada', 'ada', 'Bob Ada', 'Émile', '')),
  nested: fc.record({ size: fc.option(fc.integer({ min: 0, max: 3 })) }),
});
const rowsOf = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 40 });
const cut = (rows: readonly Row[], query: Parameters<typeof pageOf<Row>>[1]) => {
  const page = pageOf(rows, query, shape);
  if ('_tag' in page) throw new Error(page.problem);
  return page;
};

test('pages put together are the whole list, each row once, in order, however the rows were given', () => {
  fc.assert(
    fc.property(rowsOf, fc.integer({ min: 1, max: 7 }), fc.boolean(), (rows, limit, descending) => {
      const sort = { by: 'nested.size', descending };
      const whole = cut(rows, { sort, limit: 1000 }).rows;
      const joined: Row[] = [];
      for (let after: string | undefined; ;) {
        const page = cut([...rows].reverse(), { sort, limit, ...(after === undefined ? {} : { after }) });
        expect(page.total).toBe(rows.length);
        joined.push(...page.rows);
        if (page.next === null) break;
        after = page.next;
      }
      expect(joined).toEqual(whole);
      expect(new Set(joined.map(({ id }) => id)).size).toBe(rows.length);
      const sizes = whole.map(({ nested }) => nested.size ?? -1);
      expect(sizes).toEqual([...sizes].sort((a, b) => (descending ? b - a : a - b)));
    }),
  );
});

test('a row that goes while somebody pages neither repeats nor hides another', () => {
  fc.assert(
    fc.property(rowsOf, fc.nat(), (rows, pick) => {
      const first = cut(rows, { limit: 3 });
      fc.pre(first.next !== null);
      const gone = first.rows[pick % first.rows.length];
      const left = rows.filter((one) => one !== gone);
      const second = cut(left, { limit: 1000, after: first.next });
      const expected = cut(rows, { limit: 1000 }).rows.slice(3);
      expect(second.rows).toEqual(expected);
    }),
  );
});

test('filters by exact values, by several, and through nested fields', () => {
  const rows: Row[] = [
    { id: '1', name: 'Ada', nested: { size: 1 } },
    { id: '2', name: 'Bob', nested: { size: 2 } },
    { id: '3', name: null, nested: { size: 2 } },
  ];
  const ids = (query: Parameters<typeof pageOf<Row>>[1]) => cut(rows, query).rows.map(({ id }) => id);
  expect(ids({ where: { name: 'Ada' } })).toEqual(['1']);
  expect(ids({ where: { 'nested.size': 2 } })).toEqual(['3', '2']);
  expect(ids({ where: { name: ['Ada', null] } })).toEqual(['3', '1']);
  expect(ids({ where: { 'constructor.name': 'Object' } })).toEqual([]);
});

test('finds words wherever they stand, without regard to case', () => {
  const rows: Row[] = [
    { id: '1', name: 'Support Europe', nested: { size: 1 } },
    { id: '2', name: 'Sales', nested: { size: 1 } },
  ];
  expect(cut(rows, { text: 'eur SUPP' }).rows.map(({ id }) => id)).toEqual(['1']);
  expect(cut(rows, { text: 'support sales' }).rows).toEqual([]);
});

test.each([
  [{ limit: 0 }, 'limit'],
  [{ limit: 1.5 }, 'limit'],
  [{ limit: 1001 }, 'limit'],
  [{ after: 'x' }, 'after'],
  [{ after: '[{},"a"]' }, 'after'],
])('%j is no query', (query, part) => {
  const page = pageOf([], query, shape);
  expect('_tag' in page ? page.problem : 'a page').toContain(part);
});
