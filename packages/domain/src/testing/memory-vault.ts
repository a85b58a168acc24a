import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type {
  AddressDigest,
  PersonalCipher,
  SecretOwner,
  SecretUnreadable,
  SecretVault,
} from '../application/ports/index.ts';
import type { PersonId, Secret, SecretRef } from '../values/index.ts';

/** A vault for tests: nothing outlives the process, nothing is written. It passes `secretVaultLaws`. */
export interface MemoryVault extends SecretVault, PersonalCipher, AddressDigest {
  /** A second vault over the same contents, with nothing in its cache, as another process would open it. */
  readonly reopen: () => MemoryVault;
  /** Another vault that begins with this contents, and goes its own way. */
  readonly copy: () => MemoryVault;
}

interface Contents {
  readonly secrets: Map<string, { readonly ref: SecretRef; readonly owner: string; readonly secret: Secret }>;
  /** null: erased. */
  readonly persons: Map<PersonId, Buffer | null>;
  readonly digestKey: Buffer;
  /** Begins what it seals for persons, so that it knows its own. */
  readonly name: string;
}

const keyOf = (ref: SecretRef): string => JSON.stringify([ref.id, ref.version]);
const nameOf = (owner: SecretOwner): string =>
  JSON.stringify([owner.organizationId, owner.kind, owner.ownerId, owner.field]);
const unreadable = (reason: SecretUnreadable['reason']): E.Either<SecretUnreadable, never> =>
  E.left({ _tag: 'SecretUnreadable', reason });

const seal = (key: Buffer, context: string, text: string): string => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
};

const open = (key: Buffer, context: string, sealed: string): string => {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
};

const over = (contents: Contents): MemoryVault => {
  const prepared = new Set<PersonId>();
  return {
    put: (ref, owner, secret) => async () => {
      contents.secrets.set(keyOf(ref), { ref, owner: nameOf(owner), secret });
      return E.right(undefined);
    },
    reveal: (ref, owner) => async () => {
      const found = contents.secrets.get(keyOf(ref));
      if (found === undefined) return unreadable('missing');
      return found.owner === nameOf(owner) ? E.right(found.secret) : unreadable('damaged');
    },
    remove: (ref) => async () => {
      contents.secrets.delete(keyOf(ref));
      return E.right(undefined);
    },
    references: () => TE.fromIO(() => [...contents.secrets.values()].map(({ ref }) => ref)),
    prepare: (persons, missing) => async () => {
      for (const person of persons) {
        if (!contents.persons.has(person) && missing === 'create') contents.persons.set(person, randomBytes(32));
        if (contents.persons.has(person)) prepared.add(person);
      }
      return E.right(undefined);
    },
    isPrepared: (person) => prepared.has(person),
    seal: (person, context, text) => {
      const key = prepared.has(person) ? contents.persons.get(person) : undefined;
      if (!key) throw new Error('seal: the key of this person was not prepared, or has been erased');
      return `${contents.name}.${seal(key, context, text)}`;
    },
    open: (person, context, sealed) => {
      const key = prepared.has(person) ? contents.persons.get(person) : null;
      const [name, body = ''] = sealed.split('.');
      if (!key || (sealed.includes('.') && name !== contents.name)) return null;
      return open(key, context, body);
    },
    erase: (person) => async () => {
      contents.persons.set(person, null);
      prepared.add(person);
      return E.right(undefined);
    },
    digest: (organizationId, text) => async () =>
      E.right(
        createHmac('sha256', contents.digestKey)
          .update(JSON.stringify([organizationId, text]))
          .digest('hex'),
      ),
    reopen: () => over(contents),
    copy: () => over({ ...contents, secrets: new Map(contents.secrets), persons: new Map(contents.persons) }),
  };
};

/** Opens an empty vault in memory. */
export const memoryVault = (): MemoryVault =>
  over({ secrets: new Map(), persons: new Map(), digestKey: randomBytes(32), name: randomBytes(6).toString('hex') });
