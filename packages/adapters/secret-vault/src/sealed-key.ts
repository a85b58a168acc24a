import type { MasterKeys } from './master-keys.ts';

/** A key as it lies on the disk: wrapped under this version of the master key. */
export interface WrappedKey {
  readonly master: string;
  readonly wrapped: string;
}

/** Wraps under the current version. */
export const wrap = async (masterKeys: MasterKeys, key: Uint8Array): Promise<WrappedKey> => {
  const master = await masterKeys.current();
  return { master, wrapped: Buffer.from(await masterKeys.wrap(master, key)).toString('base64') };
};

/** The key, or why there is none. */
export const unwrap = (masterKeys: MasterKeys, key: WrappedKey): Promise<Uint8Array | 'keyMissing' | 'damaged'> =>
  masterKeys.unwrap(key.master, Buffer.from(key.wrapped, 'base64'));

/** The same key under the current version; null when it is under it already, or cannot be unwrapped here. */
export const rewrap = async (masterKeys: MasterKeys, key: WrappedKey): Promise<WrappedKey | null> => {
  if (key.master === (await masterKeys.current())) return null;
  const clear = await unwrap(masterKeys, key);
  if (typeof clear === 'string') return null;
  const again = await wrap(masterKeys, clear);
  clear.fill(0);
  return again;
};

/** Reads one record of a vault: an object with these string fields, `format` 1; null when it is anything else. */
export const parseRecord = <Field extends string>(
  text: string,
  fields: readonly Field[],
): Readonly<Record<Field, string>> | null => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  const record = json as Record<string, unknown>;
  if (record['format'] !== 1 || !fields.every((field) => typeof record[field] === 'string')) return null;
  return record as Record<Field, string>;
};
