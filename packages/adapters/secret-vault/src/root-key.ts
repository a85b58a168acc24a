import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import * as aes from './aes.ts';
import { createFile, readIfThere, replaceFile } from './files.ts';
import type { MasterKeys } from './master-keys.ts';
import { parseRecord, rewrap, unwrap, wrap } from './sealed-key.ts';

const pathIn = (directory: string): string => join(directory, 'root');

/** True when a vault was made in this directory before. */
export const hasRootKey = async (directory: string): Promise<boolean> =>
  (await readIfThere(pathIn(directory))) !== null;

/**
 * The vault's own key, made with the vault. Rotation wraps it anew and never changes it, because digests under it are
 * the names of streams.
 */
export const rootKey = async (directory: string, scratch: string, masterKeys: MasterKeys): Promise<Uint8Array> => {
  if (!(await hasRootKey(directory))) {
    const wrapped = await wrap(masterKeys, aes.newKey());
    await createFile(scratch, pathIn(directory), `${JSON.stringify({ format: 1, ...wrapped })}\n`);
  }
  const record = parseRecord((await readIfThere(pathIn(directory))) ?? '', ['master', 'wrapped']);
  const key = record === null ? 'damaged' : await unwrap(masterKeys, record);
  if (key === 'keyMissing') throw new Error(`vault ${directory}: the master key that it was made with is missing`);
  if (key === 'damaged') throw new Error(`vault ${directory}: its root key does not open with this master key`);
  return key;
};

/** What this vault is called in the texts it seals: tells nothing of the key, and stays when the key is wrapped anew. */
export const vaultName = (root: Uint8Array): string =>
  createHmac('sha256', root).update('mailroom vault name', 'utf8').digest('hex').slice(0, 12);

/** How many keys were wrapped anew: 1 or 0. */
export const rewrapRootKey = async (directory: string, scratch: string, masterKeys: MasterKeys): Promise<number> => {
  const record = parseRecord((await readIfThere(pathIn(directory))) ?? '', ['master', 'wrapped']);
  const again = record === null ? null : await rewrap(masterKeys, record);
  if (again === null) return 0;
  await replaceFile(scratch, pathIn(directory), `${JSON.stringify({ format: 1, ...again })}\n`);
  return 1;
};
