import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Bench, median } from '../support/measure.ts';
import { filledStore, withFolder } from './files.ts';

const program = fileURLToPath(new URL('./memory-process.ts', import.meta.url));

/** A million events into a hundred thousand rows, by a process of its own. */
export const memoryBench: Bench = {
  names: ['memory.1M.aboveIdleMB'],
  run: ({ rounds }) =>
    withFolder(async (folder) => {
      const file = join(folder, 'memory.db');
      const { store } = await filledStore(file, 'normal', 100_000);
      await store.close();
      const grown: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const args = ['--import', 'tsx', '--conditions=@mailroom/source', program, file];
        const { stdout } = await promisify(execFile)(process.execPath, args);
        const result = JSON.parse(stdout) as { readonly grown: number; readonly rows: number };
        if (result.rows !== 100_000) throw new Error(`expected 100,000 rows, got ${result.rows}`);
        grown.push(result.grown / 1_048_576);
      }
      return [{ name: 'memory.1M.aboveIdleMB', value: median(grown), note: 'peak above idle, rows included' }];
    }),
};
