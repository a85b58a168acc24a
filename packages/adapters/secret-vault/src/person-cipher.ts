import type { PersonalCipher, PersonId } from '@mailroom/domain';
import * as aes from './aes.ts';
import { attempt } from './attempt.ts';
import { keyCache } from './key-cache.ts';
import type { PersonKeys } from './person-keys.ts';

/** Keys read or made at the same time: enough to share the disk's flushes, too few to exhaust file handles. */
const atOnce = 16;
/** How long another process may go on reading after somebody was erased. */
const forgetWithinMs = 1000;
/** Keys kept in memory, at least: those of a few batches of events, however many persons there are. */
const keptKeys = 10_000;

export interface CachedCipher extends PersonalCipher {
  /** Forgets every key and stops watching for erasures. */
  readonly close: () => void;
}

/**
 * The cipher over keys in files. What it seals begins with the name of the vault: where two vaults meet in one history,
 * what the other one sealed reads as erased, and is not taken for tampered with. Keys that are used stay in memory; one
 * that another process erases is forgotten within a second. Who was erased is never forgotten.
 */
export const personCipher = (keys: PersonKeys, vault: string, kept = keptKeys): CachedCipher => {
  const cache = keyCache(kept);
  const erased = new Set<PersonId>();
  let stamp = 0;

  const forget = (person: PersonId): void => {
    erased.add(person);
    cache.delete(person);
  };

  const forgetErased = async (): Promise<void> => {
    const now = await keys.erasedStamp();
    if (now === stamp) return;
    for (const person of await keys.erased()) forget(person);
    // A directory's time has coarse steps: two erasures in one step show one time. So a young time is asked again.
    stamp = Date.now() - now > forgetWithinMs ? now : 0;
  };

  // A failed look is repeated a second later; nothing here may reject into the host's process.
  const watch = setInterval(() => void forgetErased().catch(() => undefined), forgetWithinMs);
  watch.unref();

  const keyOf = (person: PersonId): Uint8Array | null => {
    if (erased.has(person)) return null;
    const key = cache.get(person);
    if (key === undefined) throw new Error('the key of this person has not been prepared');
    return key;
  };

  return {
    prepare: (persons, missing) =>
      attempt(async () => {
        const found = new Map<PersonId, Uint8Array>();
        const wanted: PersonId[] = [];
        for (const person of new Set(persons)) {
          if (erased.has(person)) continue;
          const key = cache.get(person);
          if (key === undefined) wanted.push(person);
          else found.set(person, key);
        }
        const worker = async (): Promise<void> => {
          for (let person = wanted.pop(); person !== undefined; person = wanted.pop()) {
            const key = await keys.load(person, missing === 'create');
            if (key === 'erased') forget(person);
            else if (key !== null) found.set(person, key);
          }
        };
        await Promise.all(Array.from({ length: Math.min(atOnce, wanted.length) }, worker));
        // All at once and last: while some were read, others may have been dropped.
        for (const [person, key] of found) if (!erased.has(person)) cache.put(person, key);
      }),
    isPrepared: (person) => erased.has(person) || cache.get(person) !== undefined,
    seal: (person, context, text) => {
      const key = keyOf(person);
      if (key === null) throw new Error('the key of this person has been erased');
      return `${vault}.${aes.seal(key, context, Buffer.from(text, 'utf8')).toString('base64')}`;
    },
    open: (person, context, sealed) => {
      const key = erased.has(person) ? undefined : cache.get(person);
      // Texts that were sealed before vaults had names bear none: they are taken for our own.
      const dot = sealed.indexOf('.');
      if (key === undefined || (dot >= 0 && sealed.slice(0, dot) !== vault)) return null;
      return aes.open(key, context, Buffer.from(sealed.slice(dot + 1), 'base64')).toString('utf8');
    },
    erase: (person) =>
      attempt(async () => {
        forget(person);
        await keys.erase(person);
      }),
    close: () => {
      clearInterval(watch);
      cache.clear();
    },
  };
};
