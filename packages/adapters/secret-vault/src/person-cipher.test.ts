import { randomUUID } from 'node:crypto';
import { PersonId } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, expect, test } from 'vitest';
import * as aes from './aes.ts';
import { type CachedCipher, personCipher } from './person-cipher.ts';
import type { PersonKey, PersonKeys } from './person-keys.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const personsOf = (count: number): readonly PersonId[] =>
  Array.from({ length: count }, () => PersonId.orThrow(randomUUID()));

/** Keys that are read in a turn of the event loop each, and counted. */
const keysInMemory = () => {
  const stored = new Map<PersonId, PersonKey>();
  let loads = 0;
  const keys: PersonKeys = {
    load: async (person, create) => {
      loads += 1;
      await turn();
      if (create && !stored.has(person)) stored.set(person, aes.newKey());
      return stored.get(person) ?? null;
    },
    erase: async (person) => void stored.set(person, 'erased'),
    erased: async () => new Set([...stored].flatMap(([person, key]) => (key === 'erased' ? [person] : []))),
    erasedStamp: async () => 1,
    sweep: async () => undefined,
    rewrapAll: async () => 0,
  };
  return { keys, loads: () => loads };
};

const opened: CachedCipher[] = [];
const cipherOver = (keys: PersonKeys, kept: number): CachedCipher => {
  const cipher = personCipher(keys, 'a-vault', kept);
  opened.push(cipher);
  return cipher;
};
afterEach(() => {
  for (const cipher of opened.splice(0)) cipher.close();
});

const prepared = async (cipher: CachedCipher, persons: readonly PersonId[]): Promise<void> => {
  expect(await cipher.prepare(persons, 'create')()).toEqual(E.right(undefined));
};

test('keys of more persons than are kept are all there for whoever has asked for them, and few of them later', async () => {
  const { keys, loads } = keysInMemory();
  const cipher = cipherOver(keys, 10);
  const all = personsOf(200);
  const sealed = new Map<PersonId, string>();
  await Promise.all(
    Array.from({ length: 5 }, async (_, n) => {
      const some = all.slice(n * 40, n * 40 + 80);
      await prepared(cipher, some);
      expect(some.every(cipher.isPrepared)).toBe(true);
      for (const person of some) sealed.set(person, cipher.seal(person, 'context', person));
    }),
  );
  await turn();
  await prepared(cipher, personsOf(10));
  await turn();
  expect(all.filter(cipher.isPrepared)).toEqual([]);
  const before = loads();
  for (const person of all) {
    await prepared(cipher, [person]);
    expect(cipher.open(person, 'context', sealed.get(person) ?? '')).toBe(person);
  }
  expect(loads()).toBe(before + all.length);
});

test('a text that was sealed before vaults had names opens, and still not for another field', async () => {
  const { keys } = keysInMemory();
  const [ada] = personsOf(1);
  if (ada === undefined) throw new Error('nobody');
  const key = await keys.load(ada, true);
  if (!(key instanceof Uint8Array)) throw new Error('there is no key');
  const old = aes.seal(key, 'context', Buffer.from('Ada')).toString('base64');
  const cipher = cipherOver(keys, 10);
  await prepared(cipher, [ada]);
  expect(cipher.open(ada, 'context', old)).toBe('Ada');
  expect(() => cipher.open(ada, 'another', old)).toThrow();
  expect(cipher.open(ada, 'context', `another-vault.${old}`)).toBeNull();
});

test('a key that is used again and again stays', async () => {
  const { keys, loads } = keysInMemory();
  const cipher = cipherOver(keys, 10);
  const [ada, ...others] = personsOf(101);
  if (ada === undefined) throw new Error('nobody');
  await prepared(cipher, [ada]);
  for (const other of others) {
    await prepared(cipher, [other, ada]);
    await turn();
  }
  expect(loads()).toBe(101);
});

test('whoever was erased stays so, though the key was read before and is asked for by many', async () => {
  const { keys } = keysInMemory();
  const cipher = cipherOver(keys, 4);
  const [ada, bob] = personsOf(2);
  if (ada === undefined || bob === undefined) throw new Error('nobody');
  await prepared(cipher, [ada, bob]);
  const [ofAda, ofBob] = [cipher.seal(ada, 'context', 'Ada'), cipher.seal(bob, 'context', 'Bob')];
  await prepared(cipher, personsOf(20));
  await turn();
  const asked = [cipher.prepare([ada, bob], 'leave')(), cipher.prepare([ada, ...personsOf(20)], 'create')()];
  const erasing = cipher.erase(ada)();
  // From the moment on at which it was asked for.
  expect(cipher.open(ada, 'context', ofAda)).toBeNull();
  await Promise.all([...asked, erasing]);
  for (let round = 0; round < 3; round += 1) {
    await prepared(cipher, [ada, bob, ...personsOf(20)]);
    expect(cipher.open(ada, 'context', ofAda)).toBeNull();
    expect(() => cipher.seal(ada, 'context', 'Ada')).toThrow('erased');
    expect(cipher.open(bob, 'context', ofBob)).toBe('Bob');
    await turn();
  }
});
