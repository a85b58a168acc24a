import { expect, it } from 'vitest';
import { right, type Subject } from './support.ts';

export const leaseLaws = (subject: () => Subject): void => {
  it('a lease is held by one, until it ends, is given back or runs out', async () => {
    const { views } = subject();
    const other = await subject().reopen();
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
    const { views } = subject();
    const stores = [views, await subject().reopen(), await subject().reopen()];
    const asked = await Promise.all(
      Array.from({ length: 12 }, (_, n) => right(stores[n % 3]!.lease(['only'], `holder-${n}`, 600_000))),
    );
    expect(asked.filter((held) => held.has('only'))).toHaveLength(1);
  });
};
