import type { EventStore, Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { follow } from './follow.ts';

const position = (n: number): Position => String(n).padStart(16, '0') as Position;

/** Everything is at hand from the start: no item makes anybody wait. */
const history = (items: number): Pick<EventStore, 'subscribe'> => ({
  subscribe: async function* () {
    for (let n = 1; n <= items; n += 1) yield E.right({ _tag: 'Checkpoint', position: position(n) } as const);
    yield E.right({ _tag: 'CaughtUp' } as const);
  },
});

describe('following a history that is all at hand', () => {
  const turnsWaiting = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Immediate').length;
  const followed = async (items: number) => {
    const before = turnsWaiting();
    const seen = { items: 0, settled: 0, mostWaiting: 0 };
    const end = await follow(
      history(items),
      { after: null, types: [], signal: new AbortController().signal },
      {
        events: async () => 'go',
        checkpoint: () => {
          seen.items += 1;
          seen.mostWaiting = Math.max(seen.mostWaiting, turnsWaiting() - before);
        },
        settle: async () => {
          seen.settled += 1;
          return 'go';
        },
        caughtUp: async () => 'stop',
        reconnecting: () => undefined,
      },
    );
    return { end, ...seen };
  };

  it('takes items together as long as another one is there', async () => {
    expect(await followed(100)).toMatchObject({ end: { _tag: 'Stopped' }, items: 100, settled: 0 });
  });

  it('leaves nothing behind that holds on to what was handled', async () => {
    expect((await followed(100)).mostWaiting).toBeLessThanOrEqual(1);
  });
});
