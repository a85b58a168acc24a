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
  for await (const batch of views.scan(of)) {
    for (const [key, row] of batch) {
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

    it('scans and loads more rows than fit into one statement', async () => {
      const many = new Map(Array.from({ length: 5000 }, (_, n) => [`key-${n}`, { n }] as const));
      await right(views.commit(view, await right(views.open(view)), at(1), many));
      expect(Object.keys(await everything(views))).toHaveLength(5000);
      expect((await right(views.load(view, [...many.keys()]))).size).toBe(5000);
    });
  });
};
