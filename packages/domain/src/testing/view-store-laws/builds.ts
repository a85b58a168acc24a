import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import type { ViewName } from '../../application/ports/index.ts';
import { at, everything, right, rows, view, type Subject } from './support.ts';

export const buildLaws = (subject: () => Subject): void => {
  it('versions live side by side; readers are told which one is active; one can be dropped', async () => {
    const { views } = subject();
    const next: ViewName = { name: 'law', version: 2 };
    await right(views.commit(view, await right(views.open(view)), at(1), rows({ a: { v: 1 } })));
    await right(views.commit(next, await right(views.open(next)), at(1), rows({ a: { v: 2 } })));
    expect(await everything(views)).toEqual({ a: { v: 1 } });
    expect(await everything(views, next)).toEqual({ a: { v: 2 } });
    await right(views.activate(view));
    expect(await right(views.active('law'))).toBe(1);
    await right(views.activate(next));
    expect(await right((await subject().reopen()).active('law'))).toBe(2);
    await right(views.drop(view));
    expect(await everything(views)).toEqual({});
    expect(await everything(views, next)).toEqual({ a: { v: 2 } });
    expect(await right(views.active('law'))).toBe(2);
  });

  it('a build takes over when it has come as far as the one that readers see, and not before', async () => {
    const { views } = subject();
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
    const { views } = subject();
    const old = await right(views.open(view));
    await right(views.commit(view, old, at(1), rows({ a: { n: 1 } })));
    await right(views.drop(view));
    const fresh = await right(views.open(view));
    expect(fresh.position).toBeNull();
    expect(E.isLeft(await views.commit(view, { ...old, position: null }, at(2), rows({ a: { n: 9 } }))())).toBe(true);
    expect(await everything(views)).toEqual({});
  });

  it('lists the builds of a projection with their definition', async () => {
    const { views } = subject();
    expect(await right(views.versions('law'))).toEqual([]);
    await right(views.open({ name: 'law', version: 12 }, { definition: 2 }));
    const second = await right(views.open({ name: 'law', version: 3 }));
    await right(views.open({ name: 'other', version: 1 }));
    await right(views.commit({ name: 'law', version: 3 }, second, at(4), rows({})));
    const listed = [
      { version: 3, definition: 3, position: at(4) },
      { version: 12, definition: 2, position: null },
    ];
    expect(await right((await subject().reopen()).versions('law'))).toEqual(listed);
    await right(views.drop({ name: 'law', version: 3 }));
    expect(await right(views.versions('law'))).toEqual(listed.slice(1));
    expect(await right(views.checkpoint({ name: 'law', version: 3 }))).toBeNull();
  });
};
