import type { PersonalCipher, PersonId } from '@mailroom/domain';
import * as aes from './aes.ts';
import { attempt } from './attempt.ts';
import type { PersonKey, PersonKeys } from './person-keys.ts';

/** Keys read or made at the same time: enough to share the disk's flushes, too few to exhaust file handles. */
const atOnce = 16;
/** How long another process may go on reading after somebody was erased. */
const forgetWithinMs = 1000;

export interface CachedCipher extends PersonalCipher {
  /** Forgets every key and stops watching for erasures. */
  readonly close: () => void;
}

/** The cipher over keys in files. Keys stay in memory; one that another process erases is forgotten within a second. */
export const personCipher = (keys: PersonKeys): CachedCipher => {
  const cache = new Map<PersonId, PersonKey>();
  let stamp = 0;

  const forgetErased = async (): Promise<void> => {
    const now = await keys.erasedStamp();
    if (now === stamp) return;
    for (const person of await keys.erased()) if (cache.has(person)) cache.set(person, 'erased');
    // A directory's time has coarse steps: two erasures in one step show one time. So a young time is asked again.
    stamp = Date.now() - now > forgetWithinMs ? now : 0;
  };

  // A failed look is repeated a second later; nothing here may reject into the host's process.
  const watch = setInterval(() => void forgetErased().catch(() => undefined), forgetWithinMs);
  watch.unref();

  const keyOf = (person: PersonId): PersonKey => {
    const key = cache.get(person);
    if (key === undefined) throw new Error('the key of this person has not been prepared');
    return key;
  };

  return {
    prepare: (persons, missing) =>
      attempt(async () => {
        const wanted = [...new Set(persons)].filter((person) => !cache.has(person));
        const worker = async (): Promise<void> => {
          for (let person = wanted.pop(); person !== undefined; person = wanted.pop()) {
            const key = await keys.load(person, missing === 'create');
            if (key !== null && cache.get(person) !== 'erased') cache.set(person, key);
          }
        };
        await Promise.all(Array.from({ length: Math.min(atOnce, wanted.length) }, worker));
      }),
    isPrepared: (person) => cache.has(person),
    seal: (person, context, text) => {
      const key = keyOf(person);
      if (key === 'erased') throw new Error('the key of this person has been erased');
      return aes.seal(key, context, Buffer.from(text, 'utf8')).toString('base64');
    },
    open: (person, context, sealed) => {
      const key = cache.get(person);
      if (key === undefined || key === 'erased') return null;
      return aes.open(key, context, Buffer.from(sealed, 'base64')).toString('utf8');
    },
    erase: (person) =>
      attempt(async () => {
        cache.set(person, 'erased');
        await keys.erase(person);
      }),
    close: () => {
      clearInterval(watch);
      cache.clear();
    },
  };
};
