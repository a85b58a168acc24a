import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, type SecretRef } from '@mailroom/domain';
import { openVault } from '@mailroom/secret-vault';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aHistory, type TestHistory } from '../test-support/history.ts';
import { documentOf, mailroom } from '../test-support/mailroom.ts';

let history: TestHistory;
let vaultArgs: readonly string[];
beforeAll(async () => {
  history = await aHistory('sqlite');
  vaultArgs = ['--vault', history.at('vault'), '--vault-key', history.at('vault.key')];
});
afterAll(() => history.close());

const inVault = async <A>(work: (vault: Awaited<ReturnType<typeof opened>>) => Promise<A>): Promise<A> => {
  const vault = await opened();
  return work(vault).finally(() => vault.close());
};
const opened = async () => {
  const vault = await openVault({ directory: history.at('vault'), key: { file: history.at('vault.key') } })();
  if (E.isLeft(vault)) throw new Error('the vault does not open');
  return vault.right;
};
const references = () => inVault(async (vault) => vault.references()());

/** Makes every envelope look as if it had been put two days ago: its file is named by the time. */
const age = (): void => {
  const secrets = join(history.at('vault'), 'secrets');
  for (const slot of readdirSync(secrets)) {
    for (const generation of readdirSync(join(secrets, slot))) {
      const earlier = String(Number(generation) - 2 * 86_400_000);
      renameSync(join(secrets, slot, generation), join(secrets, slot, earlier));
    }
  }
};

test('removes what nothing refers to and nothing else, and not what is too young to tell', async () => {
  const kept = await references();
  expect(E.isRight(kept) && kept.right).toHaveLength(2);
  const orphan: SecretRef = { id: 'left-behind', version: 1 };
  const owner = { organizationId: 'org-1', kind: 'mailbox', ownerId: 'x', field: 'incoming' } as const;
  const put = await inVault(async (vault) => vault.put(orphan, owner, new Secret('nobody knows it'))());
  expect(E.isRight(put)).toBe(true);

  const clean = ['vault', 'clean', '--store', history.store, ...vaultArgs, '--json'];
  expect(documentOf(await mailroom(clean))).toEqual({ removed: [] });
  age();
  expect(documentOf(await mailroom(clean))).toEqual({ removed: [orphan] });
  expect(await references()).toEqual(kept);
});

test('wraps everything under a new version of the key, after which the old one is not needed', async () => {
  const rotated = await mailroom(['vault', 'rotate', ...vaultArgs, '--json']);
  expect(rotated.code).toBe(0);
  const { master, rewrapped } = documentOf<{ readonly master: string; readonly rewrapped: number }>(rotated);
  // The root key, two secrets, and at least the keys of two persons.
  expect([master, rewrapped >= 5]).toEqual(['2', true]);

  // The first version lies in the file that is named; it goes, the second one stays beside it.
  rmSync(history.at('vault.key'));
  const vault = await openVault({ directory: history.at('vault'), key: { file: history.at('vault.key') } })();
  expect(E.isRight(vault)).toBe(true);
  if (E.isRight(vault)) await vault.right.close();
});

test('a vault that is not named or not there is bad input, and nothing is created', async () => {
  expect(await mailroom(['vault', 'rotate'])).toMatchObject({ code: 2, out: '' });
  const missing = ['--vault', history.at('nowhere'), '--vault-key', history.at('vault.key.2')];
  expect(await mailroom(['vault', 'rotate', ...missing])).toMatchObject({ code: 2, out: '' });
  expect(readdirSync(history.folder)).not.toContain('nowhere');
});
