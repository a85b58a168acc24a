import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PersonId } from '@mailroom/domain';
import * as aes from './aes.ts';
import { createFile, deleteFile, readIfThere, replaceFile } from './files.ts';
import type { MasterKeys } from './master-keys.ts';
import { parseRecord, rewrap, unwrap, wrap, type WrappedKey } from './sealed-key.ts';

/** What is known of a person here: the key, or that it was erased. */
export type PersonKey = Uint8Array | 'erased';

export interface PersonKeys {
  /** The key; null when the person never had one. `create` makes it durable first, unless the person was erased. */
  readonly load: (person: PersonId, create: boolean) => Promise<PersonKey | null>;
  readonly erase: (person: PersonId) => Promise<void>;
  /** Everybody who was ever erased. */
  readonly erased: () => Promise<ReadonlySet<PersonId>>;
  /** Changes whenever somebody is erased. Cheap. */
  readonly erasedStamp: () => Promise<number>;
  /** Deletes keys of erased persons that a killed process left. */
  readonly sweep: () => Promise<void>;
  /** How many keys were wrapped anew. */
  readonly rewrapAll: () => Promise<number>;
}

const print = (key: WrappedKey): string => `${JSON.stringify({ format: 1, ...key })}\n`;

/**
 * A file with the wrapped key for each person, and for each erased person an empty file of the same name in another
 * directory: it goes first and stays for ever, so that nobody makes the key anew and nothing can bring the old one back.
 */
export const personKeysIn = async (
  directories: { readonly keys: string; readonly erased: string; readonly scratch: string },
  masterKeys: MasterKeys,
): Promise<PersonKeys> => {
  const { keys, erased, scratch } = directories;
  await mkdir(keys, { recursive: true, mode: 0o700 });
  await mkdir(erased, { recursive: true, mode: 0o700 });
  const keyPath = (person: string): string => join(keys, person);
  const isErased = async (person: string): Promise<boolean> => (await readIfThere(join(erased, person))) !== null;

  const read = async (person: string): Promise<Uint8Array | null> => {
    const text = await readIfThere(keyPath(person));
    if (text === null) return null;
    const record = parseRecord(text, ['master', 'wrapped']);
    const key = record === null ? 'damaged' : await unwrap(masterKeys, record);
    if (key === 'keyMissing') throw new Error('the master key that wraps the key of a person is missing');
    if (key === 'damaged') throw new Error('the key of a person is damaged');
    return key;
  };

  const load = async (person: PersonId, create: boolean): Promise<PersonKey | null> => {
    let key = await read(person);
    if (key === null && create && !(await isErased(person))) {
      await createFile(scratch, keyPath(person), print(await wrap(masterKeys, aes.newKey())));
      // What lies there is the key, whoever of several processes was first.
      key = await read(person);
    }
    // Asked last: somebody may have been erased while the key was made or read.
    if (!(await isErased(person))) return key;
    await deleteFile(keyPath(person));
    return 'erased';
  };

  const erasedPersons = async (): Promise<ReadonlySet<PersonId>> => new Set((await readdir(erased)) as PersonId[]);

  return {
    load,
    erase: async (person) => {
      await createFile(scratch, join(erased, person), '');
      await deleteFile(keyPath(person));
    },
    erased: erasedPersons,
    erasedStamp: async () => (await stat(erased)).mtimeMs,
    sweep: async () => {
      const gone: ReadonlySet<string> = await erasedPersons();
      for (const person of await readdir(keys)) if (gone.has(person)) await deleteFile(keyPath(person));
    },
    rewrapAll: async () => {
      let count = 0;
      for (const person of await readdir(keys)) {
        const text = await readIfThere(keyPath(person));
        const record = text === null ? null : parseRecord(text, ['master', 'wrapped']);
        const again = record === null ? null : await rewrap(masterKeys, record);
        if (again === null) continue;
        await replaceFile(scratch, keyPath(person), print(again));
        count += 1;
        // Erased while it was wrapped: the file must not come back.
        if (await isErased(person)) await deleteFile(keyPath(person));
      }
      return count;
    },
  };
};
