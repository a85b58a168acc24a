import { join } from 'node:path';
import { type Aggregate, rejected, repository } from '@mailroom/domain';
import { type Bench, median } from '../support/measure.ts';
import { filledStore, withFolder } from './files.ts';
import { aggregate, command, type Event, type RecordCheck, type State } from './workload.ts';

const samples = 100_000;

/** From calling `execute` until `decide` has the state of a stream that this process has used before. */
export const loadBench: Bench = {
  names: ['load.warm.us'],
  run: ({ rounds }) =>
    withFolder(async (folder) => {
      const { store, ids } = await filledStore(join(folder, 'load.db'), 'normal', 1000);
      let decidedAt = 0;
      const timed: Aggregate<RecordCheck, Event, State, 'enough'> = {
        ...aggregate,
        decider: {
          ...aggregate.decider,
          decide: () => {
            // The first decision counts; a rejection is decided again after a look at the store.
            if (decidedAt === 0) decidedAt = performance.now();
            return rejected('enough');
          },
        },
      };
      const commands = repository({ store });
      const ready = ids.map((id, n) => command(id, n));
      const times: number[] = [];
      const howMany = rounds === 1 ? samples / 10 : samples;
      for (let n = -ready.length; n < howMany; n++) {
        const next = ready[(n + ready.length) % ready.length];
        if (next === undefined) continue;
        decidedAt = 0;
        const start = performance.now();
        const answer = await commands.execute(timed, next)();
        if (answer._tag === 'Right') throw new Error('expected the rejection');
        // The first time round, each stream is read.
        if (n >= 0) times.push((decidedAt - start) * 1000);
      }
      await store.close();
      return [{ name: 'load.warm.us', value: median(times), note: `median of ${howMany.toLocaleString('en')}` }];
    }),
};
