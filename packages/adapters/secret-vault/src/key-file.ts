import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as aes from './aes.ts';
import { createFile, hasCode, readIfThere } from './files.ts';
import { type MasterKeys, newestOf, unwrapWith, wrapWith } from './master-keys.ts';

/** POSIX only: Windows keeps permissions elsewhere, and reports the same mode for every file. */
const refuseReadableByOthers = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new Error(`key file ${path}: expected to be readable by its owner only (chmod 600)`);
  }
};

/** Never quotes what it found: the text is key material. */
const readKey = async (path: string): Promise<Uint8Array | null> => {
  const text = await readIfThere(path);
  if (text === null) return null;
  await refuseReadableByOthers(path);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== aes.keyBytes) throw new Error(`key file ${path}: expected one line, 32 bytes in base64`);
  return key;
};

const print = (key: Uint8Array): string => `${Buffer.from(key).toString('base64')}\n`;
const fileOf = (path: string, version: number): string => (version === 1 ? path : `${path}.${version}`);

/** The versions that have a file: `path` is version 1, `path.2` version 2, and so on. */
const versionsAt = async (path: string): Promise<readonly number[]> => {
  let names: readonly string[];
  try {
    names = await readdir(dirname(path));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
  const first = basename(path);
  return names.flatMap((name) => {
    if (name === first) return [1];
    const later = name.startsWith(`${first}.`) ? /^[1-9]\d{0,8}$/.exec(name.slice(first.length + 1)) : null;
    return later === null || later[0] === '1' ? [] : [Number(later[0])];
  });
};

/**
 * Master keys in files that only their owner may read: `path`, then `path.2`, `path.3` for the versions that rotations
 * add. No file is ever changed, so no crash and no second process can spoil one. Keep them apart from the vault's
 * directory, and back them up apart: whoever has both has the secrets, and without them the secrets are lost. An old
 * version may be deleted once a rotation is done and no backup needs it. `create` makes the first file when there is
 * none; of many processes at once one does, and the others use its key. Rejects, naming the file, when there is no file,
 * when others may read it, or when it holds something else.
 */
export const keyFile = async (path: string, create: boolean): Promise<MasterKeys> => {
  const ring = new Map<string, Uint8Array>();
  const load = async (): Promise<void> => {
    for (const version of await versionsAt(path)) {
      if (ring.has(String(version))) continue;
      const key = await readKey(fileOf(path, version));
      if (key !== null) ring.set(String(version), key);
    }
    if (ring.size === 0) throw new Error(`key file ${path}: there is no such file`);
  };
  if (create && (await versionsAt(path)).length === 0) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await createFile(dirname(path), path, print(aes.newKey()));
  }
  await load();
  return {
    current: async () => {
      await load();
      return newestOf(ring);
    },
    wrap: async (version, key) => wrapWith(ring, version, key),
    unwrap: async (version, wrapped) => {
      if (!ring.has(version)) await load();
      return unwrapWith(ring, version, wrapped);
    },
    advance: async () => {
      await load();
      const next = Number(newestOf(ring)) + 1;
      // Whoever is second finds the file there and uses that key.
      await createFile(dirname(path), fileOf(path, next), print(aes.newKey()));
      await load();
    },
  };
};
