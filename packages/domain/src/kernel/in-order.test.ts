import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

/** Work that ends when it is told to, and says when it begins. */
const workshop = () => {
  const begun: string[] = [];
  const finish = new Map<string, (result: string) => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve, reject) => {
      finish.set(name, (result) => (result === 'bug' ? reject(new Error(result)) : resolve(result)));
    });
  };
  const end = async (name: string, result = name): Promise<void> => {
    finish.get(name)?.(result);
    // What waits for this goes on before anything that is asked for from now on.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { begun, work, end };
};

describe('work in order', () => {
  it('of one key is done one at a time, as it was asked for; of another key, meanwhile', async () => {
    const ordered = inOrder();
    const { begun, work, end } = workshop();
    const results = ['a1', 'a2', 'a3', 'b1'].map((name) => ordered(name.slice(0, 1), work(name)));
    expect(begun).toEqual(['a1', 'b1']);
    await end('a1');
    expect(begun).toEqual(['a1', 'b1', 'a2']);
    await end('a2');
    await end('a3');
    await end('b1');
    expect(await Promise.all(results)).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  it('that fails holds up nothing, and its failure goes to whoever asked for it', async () => {
    const ordered = inOrder();
    const { begun, work, end } = workshop();
    const first = ordered('a', work('first')).catch((error: unknown) => String(error));
    const second = ordered('a', work('second'));
    await end('first', 'bug');
    expect(await first).toBe('Error: bug');
    await end('second');
    expect(await second).toBe('second');
    expect(begun).toEqual(['first', 'second']);
  });

  it('lets nobody in between the end of one and the beginning of the next', async () => {
    const ordered = inOrder();
    const { begun, work, end } = workshop();
    const first = ordered('a', work('first'));
    const second = ordered('a', work('second'));
    const late = first.then(() => ordered('a', work('late')));
    await end('first');
    expect(begun).toEqual(['first', 'second']);
    await end('second');
    await end('late');
    expect(await Promise.all([first, second, late])).toEqual(['first', 'second', 'late']);
  });
});
