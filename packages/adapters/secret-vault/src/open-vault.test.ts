import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { PersonId, Secret, type SecretOwner, type SecretRef } from '@mailroom/domain';
import { secretVaultLaws } from '@mailroom/domain/testing';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MasterKeys } from './master-keys.ts';
import { openVault, type Vault, type VaultKey } from './open-vault.ts';

const right = async <L, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`expected success, got ${inspect(result.left)}`);
  return result.right;
};

let folder: string;
const vaults: Vault[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailroom-vault-'));
});
afterEach(async () => {
  await Promise.all(vaults.splice(0).map((vault) => vault.close()));
  await rm(folder, { recursive: true, force: true });
});

const directory = (): string => join(folder, 'vault');
const byFile = (): VaultKey => ({ file: join(folder, 'keys', 'master.key') });
const openWith = async (key: VaultKey): Promise<Vault> => {
  const vault = await right(openVault({ directory: directory(), key }));
  vaults.push(vault);
  return vault;
};
const openHere = (): Promise<Vault> => openWith(byFile());

const owner: SecretOwner = { organizationId: 'org-1', kind: 'mailbox', ownerId: 'box-1', field: 'incoming' };
const refOf = (index: number): SecretRef => ({ id: `box-${index}`, version: 1 });
const ada = PersonId.orThrow('6f2b7c1e-0000-4000-8000-00000000ada0');

const filesBelow = async (path: string): Promise<readonly string[]> =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const causeOf = async (task: TaskEither<unknown, unknown>): Promise<string> => {
  const result = await task();
  return E.isLeft(result) ? inspect(result.left) : 'opened';
};

const inOwnFolder = (key: (path: string) => VaultKey) => async () => {
  const path = await mkdtemp(join(tmpdir(), 'mailroom-vault-'));
  const opened: Vault[] = [];
  const reopen = async (): Promise<Vault> => {
    const vault = await right(openVault({ directory: join(path, 'vault'), key: key(path) }));
    opened.push(vault);
    return vault;
  };
  return {
    vault: await reopen(),
    reopen,
    dispose: async () => {
      await Promise.all(opened.map((vault) => vault.close()));
      await rm(path, { recursive: true, force: true });
    },
  };
};

secretVaultLaws(
  'files, key in a file',
  inOwnFolder((path) => ({ file: join(path, 'master.key') })),
);

vi.stubEnv('MAILROOM_TEST_MASTER_KEY', Buffer.alloc(32, 7).toString('base64'));
secretVaultLaws(
  'files, key in the environment',
  inOwnFolder(() => ({ environment: 'MAILROOM_TEST_MASTER_KEY' })),
);

describe('the directory', () => {
  it('holds no secret, no sealed text and no address in clear, and only its owner can read it', async () => {
    const vault = await openHere();
    await right(vault.put(refOf(1), owner, new Secret('correct-horse')));
    await right(vault.prepare([ada], 'create'));
    for (const path of await filesBelow(folder)) {
      const bytes = await readFile(path);
      for (const form of ['correct-horse', Buffer.from('correct-horse').toString('base64').slice(0, 16)]) {
        expect(bytes.includes(form), path).toBe(false);
      }
      if (process.platform !== 'win32') expect((await stat(path)).mode & 0o077, path).toBe(0);
    }
  });

  it('keeps one file for a secret, none of it after it was replaced and removed', async () => {
    const vault = await openHere();
    const before = await filesBelow(directory());
    await right(vault.put(refOf(1), owner, new Secret('one')));
    await right(vault.put(refOf(1), owner, new Secret('two')));
    expect(await filesBelow(directory())).toHaveLength(before.length + 1);
    await right(vault.remove(refOf(1)));
    expect(await filesBelow(directory())).toEqual(before);
  });

  it('keeps no key of an erased person', async () => {
    const vault = await openHere();
    await right(vault.prepare([ada], 'create'));
    await right(vault.erase(ada));
    expect(await readdir(join(directory(), 'persons'))).toEqual([]);
  });

  it('is damaged, never believed, when any byte of an envelope changes or envelopes change places', async () => {
    const vault = await openHere();
    await right(vault.put(refOf(1), owner, new Secret('one')));
    await right(vault.put(refOf(2), owner, new Secret('two')));
    const [first, second] = (await filesBelow(join(directory(), 'secrets'))) as [string, string];
    const [ours, theirs] = [await readFile(first), await readFile(second)];
    const refuses = async (): Promise<void> => {
      for (const index of [1, 2]) {
        const result = await vault.reveal(refOf(index), owner)();
        if (E.isRight(result)) expect(result.right.reveal()).toBe(index === 1 ? 'one' : 'two');
      }
    };
    for (let at = 0; at < ours.length; at += 1) {
      const changed = Buffer.from(ours);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      await writeFile(first, changed);
      await refuses();
    }
    await writeFile(first, theirs);
    const results = await Promise.all([1, 2].map((index) => vault.reveal(refOf(index), owner)()));
    expect(results.filter(E.isLeft)).toEqual([E.left({ _tag: 'SecretUnreadable', reason: 'damaged' })]);
  });
});

describe('the key', () => {
  it.skipIf(process.platform === 'win32')('file that others can read is refused, and said how to mend', async () => {
    await openHere();
    await chmod(join(folder, 'keys', 'master.key'), 0o640);
    expect(await causeOf(openVault({ directory: directory(), key: byFile() }))).toContain('chmod 600');
  });

  it('file that is lost is not made anew', async () => {
    await openHere();
    await rm(join(folder, 'keys', 'master.key'));
    expect(await causeOf(openVault({ directory: directory(), key: byFile() }))).toContain('no such file');
    expect(await readdir(join(folder, 'keys'))).toEqual([]);
  });

  it('of another vault does not open this one', async () => {
    await openHere();
    const other = await mkdtemp(join(tmpdir(), 'mailroom-vault-'));
    const strange: VaultKey = { file: join(other, 'master.key') };
    await (await right(openVault({ directory: join(other, 'vault'), key: strange }))).close();
    expect(await causeOf(openVault({ directory: directory(), key: strange }))).toContain('does not open');
    await rm(other, { recursive: true });
  });

  it('file with something else in it is refused without quoting it', async () => {
    await openHere();
    await writeFile(join(folder, 'keys', 'master.key'), 'hunter2-is-no-key', { mode: 0o600 });
    const cause = await causeOf(openVault({ directory: directory(), key: byFile() }));
    expect(cause).toContain('32 bytes in base64');
    expect(cause).not.toContain('hunter2');
  });

  it.each([
    ['', 'found nothing'],
    ['hunter2', '32 bytes in base64'],
    [`0:${Buffer.alloc(32).toString('base64')}`, '32 bytes in base64'],
  ])('in the environment has a form (%j)', async (value, expected) => {
    vi.stubEnv('MAILROOM_TEST_WRONG_KEY', value);
    const cause = await causeOf(openVault({ directory: directory(), key: { environment: 'MAILROOM_TEST_WRONG_KEY' } }));
    expect(cause).toContain('MAILROOM_TEST_WRONG_KEY');
    expect(cause).toContain(expected);
    expect(cause).not.toContain('hunter2');
  });

  it('that is missing in a newer environment makes secrets unreadable, not empty', async () => {
    const [one, two] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];
    const key: VaultKey = { environment: 'MAILROOM_TEST_ROTATED_KEY' };
    vi.stubEnv('MAILROOM_TEST_ROTATED_KEY', `1:${one},2:${two}`);
    const vault = await openWith(key);
    await right(vault.rotate());
    vi.stubEnv('MAILROOM_TEST_ROTATED_KEY', `2:${two},3:${one}`);
    const newer = await openWith(key);
    await right(newer.put(refOf(1), owner, new Secret('under three')));
    expect(await vault.reveal(refOf(1), owner)()).toEqual(E.left({ _tag: 'SecretUnreadable', reason: 'keyMissing' }));
  });
});

describe('a key service', () => {
  const service = (): { readonly keys: MasterKeys; state: { up: boolean; version: string } } => {
    const state = { up: true, version: 'a' };
    const mask = (version: string, bytes: Uint8Array): Uint8Array =>
      Uint8Array.from(bytes, (byte) => byte ^ version.charCodeAt(0));
    const whenUp = <A>(value: A): A => {
      if (!state.up) throw new Error('connect ECONNREFUSED');
      return value;
    };
    return {
      state,
      keys: {
        current: async () => whenUp(state.version),
        wrap: async (version, key) => whenUp(mask(version, key)),
        unwrap: async (version, wrapped) => whenUp(version <= state.version ? mask(version, wrapped) : 'keyMissing'),
      },
    };
  };

  it('that cannot be reached makes the vault unavailable, and nothing is written', async () => {
    const { keys, state } = service();
    const vault = await openWith({ masterKeys: keys });
    await right(vault.put(refOf(1), owner, new Secret('one')));
    state.up = false;
    const results = [await vault.put(refOf(1), owner, new Secret('two'))(), await vault.reveal(refOf(1), owner)()];
    expect(results.map((one) => E.isLeft(one) && one.left._tag)).toEqual(['VaultUnavailable', 'VaultUnavailable']);
    state.up = true;
    expect((await right(vault.reveal(refOf(1), owner))).reveal()).toBe('one');
  });

  it('rotates when the service has a newer version', async () => {
    const { keys, state } = service();
    const vault = await openWith({ masterKeys: keys });
    await right(vault.put(refOf(1), owner, new Secret('one')));
    state.version = 'b';
    expect(await right(vault.rotate())).toEqual({ master: 'b', rewrapped: 2 });
    expect((await right(vault.reveal(refOf(1), owner))).reveal()).toBe('one');
  });
});

describe('rotation', () => {
  it('leaves nothing under the old key, changes no secret, no digest and no sealed text', async () => {
    const vault = await openHere();
    for (let index = 0; index < 5; index += 1) await right(vault.put(refOf(index), owner, new Secret(`s${index}`)));
    await right(vault.prepare([ada], 'create'));
    const sealed = vault.seal(ada, 'context', 'text');
    const digest = await right(vault.digest('org-1', 'ada@example.org'));
    expect(await right(vault.rotate())).toEqual({ master: '2', rewrapped: 7 });
    expect(await right(vault.rotate())).toEqual({ master: '3', rewrapped: 7 });
    await rm(join(folder, 'keys', 'master.key'));
    await rm(join(folder, 'keys', 'master.key.2'));
    const later = await openHere();
    for (let index = 0; index < 5; index += 1) {
      expect((await right(later.reveal(refOf(index), owner))).reveal()).toBe(`s${index}`);
    }
    await right(later.prepare([ada], 'leave'));
    expect(later.open(ada, 'context', sealed)).toBe('text');
    expect(await right(later.digest('org-1', 'ada@example.org'))).toBe(digest);
  });

  it('loses and brings back nothing while secrets are revealed, put, removed and persons erased', async () => {
    const [vault, other] = [await openHere(), await openHere()];
    const persons = Array.from({ length: 12 }, (_, index) =>
      PersonId.orThrow(`6f2b7c1e-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`),
    );
    await right(vault.prepare(persons, 'create'));
    for (let index = 0; index < 24; index += 1) await right(vault.put(refOf(index), owner, new Secret('old')));
    const rotations = (async () => {
      for (let round = 0; round < 3; round += 1) await Promise.all([right(vault.rotate()), right(other.rotate())]);
    })();
    const busy = Array.from({ length: 24 }, async (_, index) => {
      for (let round = 0; round < 6; round += 1) {
        if (index % 3 === 0) await right(other.put(refOf(index), owner, new Secret(`new ${round}`)));
        else expect((await right(other.reveal(refOf(index), owner))).reveal()).toBe('old');
      }
      if (index % 3 === 1) await right(other.remove(refOf(index)));
      if (index % 2 === 0) await right(other.erase(persons[index / 2] as PersonId));
    });
    await Promise.all([rotations, ...busy]);
    const later = await openHere();
    for (let index = 0; index < 24; index += 1) {
      const result = await later.reveal(refOf(index), owner)();
      const value = E.isRight(result) ? result.right.reveal() : result.left._tag;
      expect(value).toBe(['new 5', 'SecretUnreadable', 'old'][index % 3]);
    }
    expect(await right(later.references())).toHaveLength(16);
    expect(await readdir(join(directory(), 'persons'))).toEqual([]);
    expect(await filesBelow(join(directory(), 'secrets'))).toHaveLength(16);
  });
});

describe('several processes', () => {
  it('forget a person whom another one erased', async () => {
    const [vault, other] = [await openHere(), await openHere()];
    await right(vault.prepare([ada], 'create'));
    await right(other.prepare([ada], 'leave'));
    const sealed = other.seal(ada, 'context', 'text');
    await right(vault.erase(ada));
    await vi.waitFor(() => expect(other.open(ada, 'context', sealed)).toBeNull(), { timeout: 20_000 });
  });

  it('that begin at the same moment share one key and one root', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openHere()));
    const digests = await Promise.all(opened.map((vault) => right(vault.digest('org-1', 'text'))));
    expect(new Set(digests).size).toBe(1);
    await right((opened[0] as Vault).put(refOf(1), owner, new Secret('one')));
    for (const vault of opened) expect((await right(vault.reveal(refOf(1), owner))).reveal()).toBe('one');
  });
});

it('removes what nothing refers to, but not what was put a moment ago', async () => {
  const vault = await openHere();
  for (const index of [1, 2, 3]) await right(vault.put(refOf(index), owner, new Secret('x')));
  const isReferenced = (ref: SecretRef): boolean => ref.id === 'box-2';
  expect(await right(vault.removeUnreferenced(isReferenced))).toEqual([]);
  const removed = await right(vault.removeUnreferenced(isReferenced, 0));
  expect(removed.map(({ id }) => id).sort()).toEqual(['box-1', 'box-3']);
  expect(await right(vault.references())).toEqual([refOf(2)]);
});
