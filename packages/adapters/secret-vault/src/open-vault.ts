import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AddressDigest,
  type PersonalCipher,
  Secret,
  type SecretRef,
  type SecretUnreadable,
  type SecretVault,
  type VaultUnavailable,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { addressDigest } from './address-digest.ts';
import * as aes from './aes.ts';
import { attempt } from './attempt.ts';
import { bindingOf, type Envelope, envelopesIn } from './envelopes.ts';
import { keyEnvironment } from './key-environment.ts';
import { keyFile } from './key-file.ts';
import type { MasterKeys } from './master-keys.ts';
import { personCipher } from './person-cipher.ts';
import { personKeysIn } from './person-keys.ts';
import { hasRootKey, rewrapRootKey, rootKey, vaultName } from './root-key.ts';
import { rewrap, unwrap, wrap } from './sealed-key.ts';

/** Where the master key comes from: a file that only its owner may read, an environment variable, or a service. */
export type VaultKey =
  { readonly file: string } | { readonly environment: string } | { readonly masterKeys: MasterKeys };

/** Where the envelopes are, and where the master key comes from. */
export interface VaultOptions {
  /** Made when it is missing, readable by its owner only. */
  readonly directory: string;
  readonly key: VaultKey;
}

/** What one rotation did: the version that wraps everything now, and how many keys were wrapped anew. */
export interface Rotation {
  readonly master: string;
  readonly rewrapped: number;
}

/** A vault in a directory. Several processes may use one at once; killing one at any moment spoils nothing. */
export interface Vault extends SecretVault, PersonalCipher, AddressDigest {
  /**
   * Makes a new version of the master key where the source can (key files; otherwise add one first), and wraps
   * everything under it. Secrets can be revealed and put meanwhile. A rotation that was killed is simply run again.
   */
  readonly rotate: () => TaskEither<VaultUnavailable, Rotation>;
  /**
   * Removes the secrets that nothing refers to, and says which. A secret is put before the event that names it is
   * written, so those younger than `olderThanMs` (default: a day) are left alone.
   */
  readonly removeUnreferenced: (
    isReferenced: (ref: SecretRef) => boolean,
    olderThanMs?: number,
  ) => TaskEither<VaultUnavailable, readonly SecretRef[]>;
  /** Forgets the keys in memory. Nothing has to be written: every call was durable when it resolved. */
  readonly close: () => Promise<void>;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

const masterKeysOf = async ({ directory, key }: VaultOptions): Promise<MasterKeys> => {
  if ('masterKeys' in key) return key.masterKeys;
  if ('environment' in key) return keyEnvironment(key.environment, process.env);
  // A vault without its key file has lost it: a new key would open nothing, and would hide that.
  return keyFile(key.file, !(await hasRootKey(directory)));
};

/** What killed processes left half written; younger files may still be in use. */
const sweepScratch = async (scratch: string): Promise<void> => {
  for (const name of await readdir(scratch)) {
    const path = join(scratch, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > hourMs) await rm(path, { recursive: true, force: true });
  }
};

const unreadable = (reason: SecretUnreadable['reason']): E.Either<SecretUnreadable, never> =>
  E.left({ _tag: 'SecretUnreadable', reason });

/** Opens a vault, or makes one where none is. Fails when the key is missing, of another vault, or readable by others. */
export const openVault = (options: VaultOptions): TaskEither<VaultUnavailable, Vault> =>
  attempt(async () => {
    const { directory } = options;
    const at = (name: string): string => join(directory, name);
    const [secrets, scratch] = [at('secrets'), at('scratch')];
    for (const path of [directory, secrets, scratch]) await mkdir(path, { recursive: true, mode: 0o700 });
    await sweepScratch(scratch);
    const masterKeys = await masterKeysOf(options);
    const root = await rootKey(directory, scratch, masterKeys);
    const envelopes = envelopesIn(secrets, scratch);
    const personKeys = await personKeysIn({ keys: at('persons'), erased: at('erased'), scratch }, masterKeys);
    await personKeys.sweep();
    const cipher = personCipher(personKeys, vaultName(root));

    const rewrapSecrets = async (): Promise<number> => {
      let count = 0;
      for await (const { envelope, writtenAt } of envelopes.list()) {
        const again = await rewrap(masterKeys, envelope);
        if (again === null) continue;
        await envelopes.replace({ ...envelope, ...again }, writtenAt);
        count += 1;
      }
      return count;
    };

    type Found = readonly [Envelope, Uint8Array] | SecretUnreadable['reason'];
    const find = async (ref: SecretRef): Promise<Found> => {
      const envelope = await envelopes.read(ref);
      if (envelope === null) return 'missing';
      if (envelope === 'damaged') return 'damaged';
      const key = await unwrap(masterKeys, envelope);
      return typeof key === 'string' ? key : [envelope, key];
    };
    const keyOfEnvelope = async (ref: SecretRef): Promise<Found> => {
      const found = await find(ref);
      // A rotation may have wrapped it anew between reading it and asking for a key that has been deleted since.
      return found === 'keyMissing' ? find(ref) : found;
    };

    return {
      ...cipher,
      ...addressDigest(root),
      put: (ref, owner, secret) =>
        attempt(async () => {
          const key = aes.newKey();
          const sealed = aes.seal(key, bindingOf(ref, owner), Buffer.from(secret.reveal(), 'utf8'));
          const wrapped = await wrap(masterKeys, key);
          key.fill(0);
          await envelopes.write({ ref, ...wrapped, sealed: sealed.toString('base64') });
        }),
      reveal: (ref, owner) => async () => {
        const found = await attempt(() => keyOfEnvelope(ref))();
        if (E.isLeft(found)) return found;
        if (typeof found.right === 'string') return unreadable(found.right);
        const [envelope, key] = found.right;
        try {
          const clear = aes.open(key, bindingOf(ref, owner), Buffer.from(envelope.sealed, 'base64'));
          return E.right(new Secret(clear.toString('utf8')));
        } catch {
          return unreadable('damaged');
        } finally {
          key.fill(0);
        }
      },
      remove: (ref) => attempt(() => envelopes.remove(ref)),
      references: () =>
        attempt(async () => {
          const refs: SecretRef[] = [];
          for await (const { envelope } of envelopes.list()) refs.push(envelope.ref);
          return refs;
        }),
      rotate: () =>
        attempt(async () => {
          await masterKeys.advance?.();
          let rewrapped = await rewrapRootKey(directory, scratch, masterKeys);
          // Again until nothing is left: a `put` that had begun before may still have used the version before.
          for (let last = -1; last !== 0; rewrapped += last) {
            last = (await rewrapSecrets()) + (await personKeys.rewrapAll());
          }
          return { master: await masterKeys.current(), rewrapped };
        }),
      removeUnreferenced: (isReferenced, olderThanMs = dayMs) =>
        attempt(async () => {
          const removed: SecretRef[] = [];
          for await (const { envelope, writtenAt } of envelopes.list()) {
            if (Date.now() - writtenAt < olderThanMs || isReferenced(envelope.ref)) continue;
            await envelopes.remove(envelope.ref);
            removed.push(envelope.ref);
          }
          return removed;
        }),
      close: async () => cipher.close(),
    };
  });
