import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PersonId } from '@mailroom/domain';
import { openVault } from '../../packages/adapters/secret-vault/src/index.ts';
import { withFolder } from '../events/files.ts';
import { type Bench, median } from '../support/measure.ts';
import { filledStore } from './workload.ts';

const program = fileURLToPath(new URL('./rebuild-process.ts', import.meta.url));

interface Measured {
  readonly idle: number;
  readonly peak: number;
  readonly seconds: number;
}

/**
 * A vault for these persons. One key is made, and its file copied for each of the others: a hundred thousand that are
 * made durable one by one would take longer than all that is measured.
 */
const filledVault = async (directory: string, persons: readonly string[]): Promise<void> => {
  const vault = await openVault({ directory, key: { file: `${directory}.key` } })();
  const [first, ...others] = persons;
  if (vault._tag === 'Left' || first === undefined) throw new Error('there is no vault, or nobody to keep keys of');
  const made = await vault.right.prepare([PersonId.orThrow(first)], 'create')();
  if (made._tag === 'Left') throw new Error(made.left._tag);
  await vault.right.close();
  const key = readFileSync(join(directory, 'persons', first));
  for (const person of others) writeFileSync(join(directory, 'persons', person), key);
};

/** In a process of its own: of the memory that a first build took, nothing is left in the one that is measured. */
const run = async (mode: 'build' | 'rebuild', ...paths: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, program, mode, ...paths]);
  return stdout;
};

const rebuilt = async (file: string, views: string): Promise<Measured> => {
  const paths = [file, views, `${file}.vault`];
  await run('build', ...paths);
  return JSON.parse(await run('rebuild', ...paths)) as Measured;
};

/** A runner process that is live, and rebuilds the mailbox status view beside the one that it follows. */
export const rebuildBench: Bench = {
  names: ['rebuild.1M.aboveIdleMB', 'memory.1M.vs100k'],
  run: ({ rounds }) =>
    withFolder(async (folder) => {
      const sizes = { small: 10_000, large: 100_000 };
      for (const [name, mailboxes] of Object.entries(sizes)) {
        const file = join(folder, `${name}.db`);
        const persons: string[] = [];
        const store = await filledStore(file, 'normal', mailboxes, (person) => persons.push(person));
        await store.close();
        await filledVault(`${file}.vault`, persons);
      }
      const all: { readonly small: Measured; readonly large: Measured }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const small = await rebuilt(join(folder, 'small.db'), join(folder, `small-rows-${round}.db`));
        all.push({ small, large: await rebuilt(join(folder, 'large.db'), join(folder, `large-rows-${round}.db`)) });
      }
      const above = median(all.map(({ large }) => (large.peak - large.idle) / 1_048_576));
      const seconds = median(all.map(({ large }) => large.seconds));
      return [
        {
          name: 'rebuild.1M.aboveIdleMB',
          value: above,
          note: `a rebuild of a million events in ${seconds.toFixed(0)} s`,
        },
        {
          name: 'memory.1M.vs100k',
          value: median(all.map(({ small, large }) => large.peak / small.peak)),
          note: 'peak of that process / peak with a tenth of the events',
        },
      ];
    }),
};
