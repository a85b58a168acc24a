import { type Bench, median } from '../support/measure.ts';
import { startProcess, withServers } from './servers.ts';

/** Whether a process that only checks stays small. */
export const memoryBench: Bench = {
  names: ['memory.20k.growthMB'],
  run: ({ rounds }) =>
    withServers(async (servers) => {
      const grown: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const args = [JSON.stringify(servers)];
        const { message } = await startProcess('./memory-process.ts', { args, flags: ['--expose-gc'] });
        grown.push(Number(message) / 1_048_576);
      }
      const note = 'between IMAP check 1,000 and 20,000, 32 at once';
      return [{ name: 'memory.20k.growthMB', value: median(grown), note }];
    }),
};
