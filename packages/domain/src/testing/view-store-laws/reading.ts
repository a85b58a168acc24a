import { expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/json.ts';
import { at, everything, right, rows, view, type Subject } from './support.ts';

export const readingLaws = (subject: () => Subject): void => {
  it('gives the whole of one state to a scan, whatever is committed meanwhile, and says how far that state had come', async () => {
    const { views } = subject();
    const first = await right(views.open(view));
    const many = new Map(Array.from({ length: 2500 }, (_, n) => [`key-${n}`, { n }] as const));
    const second = await right(views.commit(view, first, at(1), many));
    const seen = new Map<string, JsonObject>();
    let checkpoint = second;
    for await (const batch of views.scan(view)) {
      expect(batch.position).toBe(at(1));
      for (const [key, row] of batch.rows) seen.set(key, row);
      const changes = new Map([...many.keys()].map((key) => [key, key.endsWith('7') ? null : { n: -1 }] as const));
      const next = at(Number(checkpoint.position) + 1);
      checkpoint = await right(views.commit(view, checkpoint, next, new Map([...changes, ['new', { n: -2 }]])));
    }
    expect(seen).toEqual(many);
    expect(Object.keys(await everything(views))).toHaveLength(2251);
  });

  it('scans the keys of a prefix, and an empty view too', async () => {
    const { views } = subject();
    const first = await right(views.open(view));
    const scanned: unknown[] = [];
    for await (const batch of views.scan(view)) scanned.push(batch);
    expect(scanned).toEqual([{ position: null, rows: [] }]);
    await right(
      views.commit(view, first, at(1), rows({ b: { n: 1 }, 'b/\u{10fffd}': { n: 2 }, 'B/': { n: 3 }, c: { n: 4 } })),
    );
    const found: string[] = [];
    for await (const batch of views.scan(view, { prefix: 'b' })) found.push(...batch.rows.map(([key]) => key));
    expect(found.sort()).toEqual(['b', 'b/\u{10fffd}']);
  });

  it('scans and loads more rows than fit into one statement', async () => {
    const { views } = subject();
    const many = new Map(Array.from({ length: 5000 }, (_, n) => [`key-${n}`, { n }] as const));
    await right(views.commit(view, await right(views.open(view)), at(1), many));
    expect(Object.keys(await everything(views))).toHaveLength(5000);
    expect((await right(views.load(view, [...many.keys()]))).size).toBe(5000);
  });

  it('finds rows by a declared field, and nothing by any other', async () => {
    const { views } = subject();
    const first = await right(views.open(view, { indexes: ['owner'] }));
    const one = await right(
      views.commit(
        view,
        first,
        at(1),
        rows({ a: { owner: 'ada', n: '1' }, b: { owner: 'bob', n: '1' }, c: { owner: null }, d: { n: '1' } }),
      ),
    );
    const keysBy = async (field: string, ...texts: string[]) =>
      [...(await right(views.find(view, field, texts))).keys()].sort();
    expect(await keysBy('owner', 'ada')).toEqual(['a']);
    expect(await keysBy('owner', 'ada', 'bob', 'cleo')).toEqual(['a', 'b']);
    expect(await keysBy('owner', "'; DROP TABLE view; --", 'a\u0000b')).toEqual([]);
    expect(await keysBy('n', '1')).toEqual([]);
    await right(views.commit(view, one, at(2), rows({ a: { owner: 'bob' }, b: null, c: { owner: 'ada' } })));
    expect(await keysBy('owner', 'ada')).toEqual(['c']);
    expect(await keysBy('owner', 'bob')).toEqual(['a']);
    expect(await right(views.find(view, 'owner', ['bob']))).toEqual(new Map([['a', { owner: 'bob' }]]));
  });

  it('builds an index that is declared later, for the rows that are there', async () => {
    const { views } = subject();
    const first = await right(views.open(view, { indexes: ['owner'] }));
    await right(views.commit(view, first, at(1), rows({ a: { owner: 'ada', place: 'x' }, b: { place: 7 }, c: {} })));
    await right((await subject().reopen()).open(view, { indexes: ['place', 'owner'] }));
    expect([...(await right(views.find(view, 'place', ['x', '7']))).keys()]).toEqual(['a']);
    expect([...(await right(views.find(view, 'owner', ['ada']))).keys()]).toEqual(['a']);
  });
};
