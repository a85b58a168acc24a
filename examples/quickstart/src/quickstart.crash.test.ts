import { runsOf } from '@mailroom/domain/testing';
import { expect, test } from 'vitest';
import { essenceOf } from './test-support/essence.ts';
import { dataFolder, documentOf, startQuickstart } from './test-support/quickstart-process.ts';

const runs = runsOf({ small: 1, ci: 5, full: 30 });

/** A number from 0 to 1 for each step of a seed (mulberry32), so that a failed run can be repeated. */
const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
};

test(
  `killed at a random moment and started again, it ends like an undisturbed run (${runs} times)`,
  async () => {
    const undisturbed = dataFolder();
    const began = Date.now();
    const expected = essenceOf(documentOf(await startQuickstart(undisturbed.path, ['--json']).finished));
    const duration = Date.now() - began;
    undisturbed.remove();

    const seed = Number(process.env['MAILROOM_SEED'] ?? Date.now() % 1_000_000);
    const random = randomOf(seed);
    for (let run = 1; run <= runs; run++) {
      const data = dataFolder();
      const moment = Math.round(random() * duration);
      const { child, finished } = startQuickstart(data.path, ['--json']);
      const timer = setTimeout(() => child.kill('SIGKILL'), moment);
      await finished;
      clearTimeout(timer);
      const after = essenceOf(documentOf(await startQuickstart(data.path, ['--json']).finished));
      expect(after, `seed ${seed}, run ${run}, killed after ${moment} ms`).toEqual(expected);
      data.remove();
    }
  },
  120_000 + runs * 90_000,
);
