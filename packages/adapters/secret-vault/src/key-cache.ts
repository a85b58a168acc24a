import type { PersonId } from '@mailroom/domain';

/**
 * The keys that were used last, between `limit` and about twice as many. Dropping waits for the turn of the event loop
 * to end: whoever awaited keys, however many, finds all of them there.
 */
export const keyCache = (limit: number) => {
  let young = new Map<PersonId, Uint8Array>();
  let old = new Map<PersonId, Uint8Array>();
  let isAgeing = false;

  const age = (): void => {
    isAgeing = false;
    old = young;
    young = new Map();
  };
  const put = (person: PersonId, key: Uint8Array): void => {
    young.set(person, key);
    if (young.size < limit || isAgeing) return;
    isAgeing = true;
    setImmediate(age);
  };

  return {
    get: (person: PersonId): Uint8Array | undefined => {
      const key = young.get(person);
      if (key !== undefined) return key;
      const aged = old.get(person);
      if (aged !== undefined) put(person, aged);
      return aged;
    },
    put,
    delete: (person: PersonId): void => {
      young.delete(person);
      old.delete(person);
    },
    clear: (): void => {
      young.clear();
      old.clear();
    },
  };
};
