import * as aes from './aes.ts';

/**
 * The keys that wrap every other key of a vault, each with a version. Implement it over a key management service or a
 * hardware module: `current` names the key, `wrap` and `unwrap` are its encrypt and decrypt. A rejection means that the
 * service cannot be reached now; it must not carry key material.
 */
export interface MasterKeys {
  /** The version that new envelopes are wrapped with. Asked before and after each write. */
  readonly current: () => Promise<string>;
  /** Encrypts a data key of 32 bytes. Rejects when the version is not known. */
  readonly wrap: (version: string, key: Uint8Array) => Promise<Uint8Array>;
  /** `keyMissing`: this version is not known here. `damaged`: it is, and did not wrap these bytes. */
  readonly unwrap: (version: string, wrapped: Uint8Array) => Promise<Uint8Array | 'keyMissing' | 'damaged'>;
  /** Makes a new version current, where this source can make keys. Absent: whoever runs the source does that. */
  readonly advance?: () => Promise<void>;
}

/** Versions and their keys; the newest is the one with the highest number. */
export type KeyRing = ReadonlyMap<string, Uint8Array>;

/** The version with the highest number. */
export const newestOf = (ring: KeyRing): string =>
  [...ring.keys()].reduce((newest, version) => (Number(version) > Number(newest) ? version : newest), '0');

const context = (version: string): string => `mailroom master key ${version}`;

/** Wraps under a key of the ring. */
export const wrapWith = (ring: KeyRing, version: string, key: Uint8Array): Uint8Array => {
  const master = ring.get(version);
  if (master === undefined) throw new Error(`the vault has no master key of version ${version}`);
  return aes.seal(master, context(version), key);
};

/** Unwraps under a key of the ring. */
export const unwrapWith = (
  ring: KeyRing,
  version: string,
  wrapped: Uint8Array,
): Uint8Array | 'keyMissing' | 'damaged' => {
  const master = ring.get(version);
  if (master === undefined) return 'keyMissing';
  try {
    return aes.open(master, context(version), wrapped);
  } catch {
    return 'damaged';
  }
};
