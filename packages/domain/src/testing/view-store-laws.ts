import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rows, ViewCheckpoint, ViewName, ViewStore } from '../application/ports/index.ts';
import type { Position } from '../kernel/event-store.ts';
import type { JsonObject } from '../kernel/json.ts';
import { runsOf } from './test-size.ts';

/** A view store that the laws may fill. */
export interface ViewStoreUnderTest {
  readonly views: ViewStore;
  /** The same rows through other eyes, as another process sees them; the store itself where rows cannot outlive it. */
  readonly reopen: () => Promise<ViewStore>;
  readonly dispose: () => Promise<void>;
}

const view: ViewName = { name: 'law', version: 1 };
const at = (place: number): Position => String(place).padStart(16, '0') as Position;
const rows = (entries: Readonly<Record<string, JsonObject | null>>): Rows => new Map(Object.entries(entries));

const right = async <L extends { readonly _tag: string }, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`expected success, got ${result.left._tag}`);
  return result.right;
};

const everything = async (views: ViewStore, of: ViewName = view): Promise<Readonly<Record<string, JsonObject>>> => {
  const found = new Map<string, JsonObject>();
  for await (const { rows } of views.scan(of)) {
    for (const [key, row] of rows) {
      expect(found.has(key)).toBe(false);
      found.set(key, row);
    }
  }
  return Object.fromEntries(found);
};

const json: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.string({ unit: 'binary', maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  // What JSON.parse itself cannot give back (such as -0) is no value of a row.
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
/** No U+0000: text in SQLite and PostgreSQL ends there or cannot hold it, and the port asks for none in a key. */
const key = fc
  .oneof(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }))
  .filter((text) => !text.includes('\u0000'));

/**
 * What every view store has to keep: rows and checkpoint move together or not at all, only the newest holder of the
 * fence writes, and versions of a view live side by side. Call it at the top of a test file.
 */
export const viewStoreLaws = (name: string, open: () => Promise<ViewStoreUnderTest>): void => {
  describe(`view store: ${name}`, () => {
    let under: ViewStoreUnderTest;
    let views: ViewStore;
    beforeEach(async () => {
      under = await open();
      views = under.views;
    });
    afterEach(() => under.dispose());

    const loaded = async (...keys: readonly string[]) => Object.fromEntries(await right(views.load(view, keys)));

    it('a view that was never written stands at the start and is empty', async () => {
      expect(await right(views.open(view))).toMatchObject({ position: null });
      expect(await loaded('a')).toEqual({});
      expect(await everything(views)).toEqual({});
      expect(await right(views.active('law'))).toBeNull();
    });

    it('tells how far a view has come without taking the fence', async () => {
      expect(await right(views.checkpoint(view))).toBeNull();
      const first = await right(views.open(view));
      expect(await right(views.checkpoint(view))).toEqual(first);
      const second = await right(views.commit(view, first, at(4), rows({ a: { n: 1 } })));
      expect(await right((await under.reopen()).checkpoint(view))).toEqual(second);
      await right(views.commit(view, second, at(5), rows({})));
    });

    it('rows and position are there together, for whoever opens the view next', async () => {
      const first = await right(views.open(view));
      const second = await right(views.commit(view, first, at(3), rows({ a: { n: 1 }, b: { n: 2 } })));
      expect(second.position).toBe(at(3));
      await right(views.commit(view, second, at(7), rows({ a: null, c: { n: 3 } })));
      expect(await loaded('a', 'b', 'c', 'none')).toEqual({ b: { n: 2 }, c: { n: 3 } });
      const other = await under.reopen();
      expect(await everything(other)).toEqual({ b: { n: 2 }, c: { n: 3 } });
      expect((await right(other.open(view))).position).toBe(at(7));
    });

    it('a checkpoint may move without rows, and deleting what is not there is no error', async () => {
      const first = await right(views.open(view));
      const second = await right(views.commit(view, first, at(1), rows({})));
      const third = await right(views.commit(view, second, at(2), rows({ ghost: null })));
      expect(third.position).toBe(at(2));
      expect(await everything(views)).toEqual({});
    });

    it('a holder whose fence was taken never writes again, nor does it move the checkpoint', async () => {
      const old = await right(views.open(view));
      const young = await right((await under.reopen()).open(view));
      expect(young.fence).toBeGreaterThan(old.fence);
      expect(await views.commit(view, old, at(1), rows({ a: { by: 'old' } }))()).toEqual(E.left({ _tag: 'Fenced' }));
      expect(await everything(views)).toEqual({});
      await right(views.commit(view, young, at(1), rows({ a: { by: 'young' } })));
      expect(await loaded('a')).toEqual({ a: { by: 'young' } });
    });

    it('a commit from another checkpoint than the current one writes nothing', async () => {
      const first = await right(views.open(view));
      await right(views.commit(view, first, at(1), rows({ a: { n: 1 } })));
      expect(await views.commit(view, first, at(2), rows({ a: { n: 2 }, b: { n: 2 } }))()).toEqual(
        E.left({ _tag: 'Fenced' }),
      );
      expect(await everything(views)).toEqual({ a: { n: 1 } });
      expect((await right(views.open(view))).position).toBe(at(1));
    });

    it('versions live side by side; readers are told which one is active; one can be dropped', async () => {
      const next: ViewName = { name: 'law', version: 2 };
      await right(views.commit(view, await right(views.open(view)), at(1), rows({ a: { v: 1 } })));
      await right(views.commit(next, await right(views.open(next)), at(1), rows({ a: { v: 2 } })));
      expect(await everything(views)).toEqual({ a: { v: 1 } });
      expect(await everything(views, next)).toEqual({ a: { v: 2 } });
      await right(views.activate(view));
      expect(await right(views.active('law'))).toBe(1);
      await right(views.activate(next));
      expect(await right((await under.reopen()).active('law'))).toBe(2);
      await right(views.drop(view));
      expect(await everything(views)).toEqual({});
      expect(await everything(views, next)).toEqual({ a: { v: 2 } });
      expect(await right(views.active('law'))).toBe(2);
    });

    it('a build takes over when it has come as far as the one that readers see, and not before', async () => {
      const next: ViewName = { name: 'law', version: 2 };
      const isTaken = async () => [await right(views.takeOver(next)), await right(views.active('law'))];
      const old = await right(views.commit(view, await right(views.open(view)), at(5), rows({})));
      await right(views.activate(view));
      expect(await isTaken()).toEqual([false, 1]);
      const young = await right(views.commit(next, await right(views.open(next)), at(4), rows({})));
      expect(await isTaken()).toEqual([false, 1]);
      const caughtUp = await right(views.commit(next, young, at(5), rows({})));
      const ahead = await right(views.commit(view, old, at(6), rows({})));
      expect(await isTaken()).toEqual([false, 1]);
      await right(views.commit(next, caughtUp, at(6), rows({})));
      expect(await isTaken()).toEqual([true, 2]);
      // Readers have gone over; how far the other one comes no longer matters.
      await right(views.commit(view, ahead, at(9), rows({})));
      expect(await isTaken()).toEqual([true, 2]);
      await right(views.drop(next));
      expect(await isTaken()).toEqual([true, 2]);
    });

    it('a dropped view starts anew, and a holder from before cannot write it', async () => {
      const old = await right(views.open(view));
      await right(views.commit(view, old, at(1), rows({ a: { n: 1 } })));
      await right(views.drop(view));
      const fresh = await right(views.open(view));
      expect(fresh.position).toBeNull();
      expect(E.isLeft(await views.commit(view, { ...old, position: null }, at(2), rows({ a: { n: 9 } }))())).toBe(true);
      expect(await everything(views)).toEqual({});
    });

    it('views of different names know nothing of each other', async () => {
      const other: ViewName = { name: 'order', version: 1 };
      await right(views.commit(view, await right(views.open(view)), at(1), rows({ a: { n: 1 } })));
      expect((await right(views.open(other))).position).toBeNull();
      expect(await everything(views, other)).toEqual({});
    });

    it('keeps every key and every JSON value exactly, whatever the batches', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.tuple(key, fc.option(json)), { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
          async (batches) => {
            await right(views.drop(view));
            let checkpoint: ViewCheckpoint = await right(views.open(view));
            const expected = new Map<string, JsonObject>();
            for (const [index, batch] of batches.entries()) {
              const changes: Rows = new Map(batch);
              for (const [changed, row] of changes) {
                if (row === null) expected.delete(changed);
                else expected.set(changed, row);
              }
              checkpoint = await right(views.commit(view, checkpoint, at(index + 1), changes));
            }
            expect(new Map(Object.entries(await everything(views)))).toEqual(expected);
            const asked = [...expected.keys(), 'never written'];
            expect(await right(views.load(view, asked))).toEqual(expected);
          },
        ),
        { numRuns: runsOf({ small: 30, ci: 60, full: 300 }) },
      );
    });

    it('gives the whole of one state to a scan, whatever is committed meanwhile, and says how far that state had come', async () => {
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

    it('finds rows by a declared field, and nothing by any other', async () => {
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
      const first = await right(views.open(view, { indexes: ['owner'] }));
      await right(views.commit(view, first, at(1), rows({ a: { owner: 'ada', place: 'x' }, b: { place: 7 }, c: {} })));
      await right((await under.reopen()).open(view, { indexes: ['place', 'owner'] }));
      expect([...(await right(views.find(view, 'place', ['x', '7']))).keys()]).toEqual(['a']);
      expect([...(await right(views.find(view, 'owner', ['ada']))).keys()]).toEqual(['a']);
    });

    it('lists the builds of a projection with their definition', async () => {
      expect(await right(views.versions('law'))).toEqual([]);
      await right(views.open({ name: 'law', version: 12 }, { definition: 2 }));
      const second = await right(views.open({ name: 'law', version: 3 }));
      await right(views.open({ name: 'other', version: 1 }));
      await right(views.commit({ name: 'law', version: 3 }, second, at(4), rows({})));
      const listed = [
        { version: 3, definition: 3, position: at(4) },
        { version: 12, definition: 2, position: null },
      ];
      expect(await right((await under.reopen()).versions('law'))).toEqual(listed);
      await right(views.drop({ name: 'law', version: 3 }));
      expect(await right(views.versions('law'))).toEqual(listed.slice(1));
      expect(await right(views.checkpoint({ name: 'law', version: 3 }))).toBeNull();
    });

    it('a lease is held by one, until it ends, is given back or runs out', async () => {
      const other = await under.reopen();
      const long = 600_000;
      expect(await right(views.lease(['a', 'b'], 'one', long))).toEqual(new Set(['a', 'b']));
      expect(await right(other.lease(['a', 'b', 'c'], 'two', long))).toEqual(new Set(['c']));
      expect(await right(views.lease(['a', 'b', 'c'], 'one', long))).toEqual(new Set(['a', 'b']));
      await right(other.release(['a', 'b'], 'two'));
      expect(await right(other.lease(['a'], 'two', long))).toEqual(new Set());
      await right(views.release(['a'], 'one'));
      expect(await right(other.lease(['a', 'b'], 'two', long))).toEqual(new Set(['a']));
      // It runs out at once: from then on it is anybody's.
      expect(await right(views.lease(['b'], 'one', 0))).toEqual(new Set(['b']));
      expect(await right(other.lease(['b'], 'two', long))).toEqual(new Set(['b']));
      expect(await right(views.lease(['b'], 'one', long))).toEqual(new Set());
    });

    it('of many who ask for a lease at once, one gets it', async () => {
      const stores = [views, await under.reopen(), await under.reopen()];
      const asked = await Promise.all(
        Array.from({ length: 12 }, (_, n) => right(stores[n % 3]!.lease(['only'], `holder-${n}`, 600_000))),
      );
      expect(asked.filter((held) => held.has('only'))).toHaveLength(1);
    });

    it('scans and loads more rows than fit into one statement', async () => {
      const many = new Map(Array.from({ length: 5000 }, (_, n) => [`key-${n}`, { n }] as const));
      await right(views.commit(view, await right(views.open(view)), at(1), many));
      expect(Object.keys(await everything(views))).toHaveLength(5000);
      expect((await right(views.load(view, [...many.keys()]))).size).toBe(5000);
    });
  });
};
