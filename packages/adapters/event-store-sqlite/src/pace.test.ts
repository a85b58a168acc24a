import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pace } from './pace.ts';

const at = (time: number) => vi.spyOn(performance, 'now').mockReturnValue(time);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Takes a turn after the loop went round at 1000 ms, and says how often there was one. */
const afterFirst = async () => {
  let turns = 0;
  const paced = pace(() => (turns += 1));
  at(1000);
  paced.next(true);
  expect(turns).toBe(0);
  await turnOfLoop();
  expect(turns).toBe(1);
  return { paced, turns: () => turns };
};

/** What can run at once has run; the event loop has not gone round. */
const everythingAtOnce = () => new Promise<void>((resolve) => process.nextTick(resolve));

describe('the pace of the writer', () => {
  it('serves a caller that comes alone without waiting for the event loop', async () => {
    const { paced, turns } = await afterFirst();
    at(1001);
    paced.next(true);
    expect(turns()).toBe(1);
    await everythingAtOnce();
    expect(turns()).toBe(2);
  });

  it('gives the event loop its round every few milliseconds', async () => {
    const { paced, turns } = await afterFirst();
    at(1002);
    paced.next(true);
    await everythingAtOnce();
    expect(turns()).toBe(1);
    await turnOfLoop();
    expect(turns()).toBe(2);
  });

  it('waits for the event loop when the last ones came together', async () => {
    const { paced, turns } = await afterFirst();
    paced.next(false);
    await everythingAtOnce();
    expect(turns()).toBe(1);
    await turnOfLoop();
    expect(turns()).toBe(2);
  });
});
