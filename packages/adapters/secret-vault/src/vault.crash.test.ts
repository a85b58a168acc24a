import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { SecretOwner } from '@mailroom/domain';
import { runsOf } from '@mailroom/domain/testing';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openVault } from './open-vault.ts';

const owner: SecretOwner = { organizationId: 'org-1', kind: 'mailbox', ownerId: 'box-1', field: 'incoming' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailroom-vault-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = (): { directory: string; key: { file: string } } => ({
  directory: join(folder, 'vault'),
  key: { file: join(folder, 'master.key') },
});

/** Puts, rotates and erases until it is killed; prints the number of each secret that is durable. */
const program = (from: number): string => `
  import { Secret } from '@mailroom/domain';
  import { openVault } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'open-vault.ts')).href)};
  const must = async (task) => { const result = await task(); if (result._tag === 'Left') throw result.left.cause; return result.right; };
  const vault = await must(openVault(${JSON.stringify(options())}));
  const owner = ${JSON.stringify(owner)};
  console.log('open');
  const rotate = async () => { for (;;) await must(vault.rotate()); };
  const put = async () => {
    for (let index = ${from}; ; index += 1) {
      await must(vault.put({ id: 'shared', version: 1 }, owner, new Secret('value ' + index)));
      await must(vault.put({ id: String(index), version: 1 }, owner, new Secret('value ' + index)));
      console.log(String(index));
    }
  };
  await Promise.all([rotate(), put()]);
`;

const runs = runsOf({ small: 3, ci: 10, full: 100 });

it(
  `keeps every acknowledged secret when the process is killed (${runs} times)`,
  { timeout: 30_000 + runs * 10_000 },
  async () => {
    let next = 0;
    // A kill between the two puts of a number leaves that number unacknowledged: it may be there or not.
    const acknowledged: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', '--conditions=@mailroom/source', '--input-type=module', '-e', program(next)],
        { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const exited = once(child, 'exit');
      const wanted = next + 1 + Math.floor(Math.random() * 12);
      for await (const line of createInterface({ input: child.stdout })) {
        if (line !== 'open') {
          acknowledged.push(Number(line));
          next = Number(line) + 1;
        }
        // Killed while it works on the one after, at whatever point that is.
        if (next >= wanted) break;
      }
      child.kill('SIGKILL');
      await exited;

      const opened = await openVault(options())();
      if (E.isLeft(opened)) throw new Error('the vault does not open any more', { cause: opened.left.cause });
      const vault = opened.right;
      for (const index of acknowledged) {
        const revealed = await vault.reveal({ id: String(index), version: 1 }, owner)();
        expect(E.isRight(revealed) && revealed.right.reveal()).toBe(`value ${index}`);
      }
      const shared = await vault.reveal({ id: 'shared', version: 1 }, owner)();
      const last = E.isRight(shared) ? Number(shared.right.reveal().slice('value '.length)) : -1;
      expect(last).toBeGreaterThanOrEqual(next - 1);
      await vault.close();
      next = last + 1;
    }
    expect(await readdir(join(folder, 'vault', 'secrets'))).not.toEqual([]);
  },
);
