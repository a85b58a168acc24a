import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Rows, ViewCheckpoint, ViewName } from '../../application/ports/index.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { runsOf } from '../test-size.ts';
import { at, everything, loaded, right, rows, view, type Subject } from './support.ts';

const json: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.string({ unit: 'binary', maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  // What JSON.parse itself cannot give back (such as -0) is no value of a row.
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
/** No U+0000: text in SQLite and PostgreSQL ends there or cannot hold it, and the port asks for none in a key. */
const key = fc
  .oneof(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }))
  .filter((text) => !text.includes('\u0000'));

export const writingLaws = (subject: () => Subject): void => {
  it('a view that was never written stands at the start and is empty', async () => {
    const { views } = subject();
    expect(await right(views.open(view))).toMatchObject({ position: null });
    expect(await loaded(views, 'a')).toEqual({});
    expect(await everything(views)).toEqual({});
    expect(await right(views.active('law'))).toBeNull();
  });

  it('tells how far a view has come without taking the fence', async () => {
    const { views } = subject();
    expect(await right(views.checkpoint(view))).toBeNull();
    const first = await right(views.open(view));
    expect(await right(views.checkpoint(view))).toEqual(first);
    const second = await right(views.commit(view, first, at(4), rows({ a: { n: 1 } })));
    expect(await right((await subject().reopen()).checkpoint(view))).toEqual(second);
    await right(views.commit(view, second, at(5), rows({})));
  });

  it('rows and position are there together, for whoever opens the view next', async () => {
    const { views } = subject();
    const first = await right(views.open(view));
    const second = await right(views.commit(view, first, at(3), rows({ a: { n: 1 }, b: { n: 2 } })));
    expect(second.position).toBe(at(3));
    await right(views.commit(view, second, at(7), rows({ a: null, c: { n: 3 } })));
    expect(await loaded(views, 'a', 'b', 'c', 'none')).toEqual({ b: { n: 2 }, c: { n: 3 } });
    const other = await subject().reopen();
    expect(await everything(other)).toEqual({ b: { n: 2 }, c: { n: 3 } });
    expect((await right(other.open(view))).position).toBe(at(7));
  });

  it('a checkpoint may move without rows, and deleting what is not there is no error', async () => {
    const { views } = subject();
    const first = await right(views.open(view));
    const second = await right(views.commit(view, first, at(1), rows({})));
    const third = await right(views.commit(view, second, at(2), rows({ ghost: null })));
    expect(third.position).toBe(at(2));
    expect(await everything(views)).toEqual({});
  });

  it('a holder whose fence was taken never writes again, nor does it move the checkpoint', async () => {
    const { views } = subject();
    const old = await right(views.open(view));
    const young = await right((await subject().reopen()).open(view));
    expect(young.fence).toBeGreaterThan(old.fence);
    expect(await views.commit(view, old, at(1), rows({ a: { by: 'old' } }))()).toEqual(E.left({ _tag: 'Fenced' }));
    expect(await everything(views)).toEqual({});
    await right(views.commit(view, young, at(1), rows({ a: { by: 'young' } })));
    expect(await loaded(views, 'a')).toEqual({ a: { by: 'young' } });
  });

  it('a commit from another checkpoint than the current one writes nothing', async () => {
    const { views } = subject();
    const first = await right(views.open(view));
    await right(views.commit(view, first, at(1), rows({ a: { n: 1 } })));
    expect(await views.commit(view, first, at(2), rows({ a: { n: 2 }, b: { n: 2 } }))()).toEqual(
      E.left({ _tag: 'Fenced' }),
    );
    expect(await everything(views)).toEqual({ a: { n: 1 } });
    expect((await right(views.open(view))).position).toBe(at(1));
  });

  it('views of different names know nothing of each other', async () => {
    const { views } = subject();
    const other: ViewName = { name: 'order', version: 1 };
    await right(views.commit(view, await right(views.open(view)), at(1), rows({ a: { n: 1 } })));
    expect((await right(views.open(other))).position).toBeNull();
    expect(await everything(views, other)).toEqual({});
  });

  it('keeps every key and every JSON value exactly, whatever the batches', async () => {
    const { views } = subject();
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
};
