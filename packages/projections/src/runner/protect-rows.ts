import {
  erased,
  type JsonObject,
  type PersonalCipher,
  type PersonId,
  type StoredRows,
  type ViewError,
  type ViewName,
  type ViewStore,
  type ViewUnavailable,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type AnyFold, fromJson, toJson } from './definition.ts';

interface Sealed {
  readonly sealed: string;
}
const isSealed = (value: unknown): value is Sealed => typeof value === 'object' && value !== null && 'sealed' in value;

/** A person who is being erased meanwhile: what would be written about them is erased from the start. */
const sealOrErase = (cipher: PersonalCipher, person: PersonId, context: string, text: string): JsonObject[string] => {
  if (!cipher.isPrepared(person)) return erased;
  try {
    return { sealed: cipher.seal(person, context, text) };
  } catch {
    return erased;
  }
};

/**
 * The same view store, with the personal fields of rows sealed on the way in and opened on the way out, under the key
 * of their person, as events are. So a file of rows holds no name or address in clear, and erasing a person erases
 * their rows too: a field whose key is gone reads as `[erased]`.
 */
export const protectRows = (views: ViewStore, cipher: PersonalCipher, folds: readonly AnyFold[]): ViewStore => {
  const nameOf = ({ name, version }: ViewName): string => `${version}/${name}`;
  const byName = new Map(folds.map((fold) => [fold.name, fold.personal]));

  const prepare =
    (persons: readonly PersonId[], missing: 'create' | 'leave'): TaskEither<ViewError, void> =>
    async () => {
      const needed = [...new Set(persons)];
      if (needed.every(cipher.isPrepared)) return E.right(undefined);
      // All of them: while some are fetched, the cipher may let go of others.
      const prepared = await cipher.prepare(needed, missing)();
      return E.isLeft(prepared) ? E.left({ _tag: 'ViewUnavailable', cause: prepared.left }) : prepared;
    };

  const open = (view: ViewName, key: string, row: JsonObject): JsonObject => {
    const personal = byName.get(view.name);
    const person = personal?.personId(fromJson(row)) ?? null;
    if (personal === undefined || person === null) return row;
    const opened: Record<string, JsonObject[string]> = { ...row };
    for (const field of personal.fields) {
      const value = row[field];
      if (!isSealed(value)) continue;
      const context = `${nameOf(view)}/${key}/${field}`;
      const text = cipher.isPrepared(person) ? cipher.open(person, context, value.sealed) : null;
      opened[field] = text === null ? erased : (JSON.parse(text) as JsonObject[string]);
    }
    return opened;
  };

  const seal = (view: ViewName, key: string, row: JsonObject): JsonObject => {
    const personal = byName.get(view.name);
    const person = personal?.personId(fromJson(row)) ?? null;
    if (personal === undefined || person === null) return row;
    const sealed: Record<string, JsonObject[string]> = { ...row };
    for (const field of personal.fields) {
      const value = row[field];
      if (value === undefined || value === null || value === erased) continue;
      const context = `${nameOf(view)}/${key}/${field}`;
      sealed[field] = sealOrErase(cipher, person, context, JSON.stringify(value));
    }
    return toJson(sealed);
  };

  const personsOf = (view: ViewName, rows: Iterable<JsonObject | null>) => {
    const personal = byName.get(view.name);
    if (personal === undefined) return [];
    return [...rows].flatMap((row) => {
      const person = row === null ? null : personal.personId(fromJson(row));
      return person === null ? [] : [person];
    });
  };

  const openAll = async (view: ViewName, rows: StoredRows): Promise<E.Either<ViewUnavailable, StoredRows>> => {
    if (byName.get(view.name) === undefined) return E.right(rows);
    const prepared = await prepare(personsOf(view, rows.values()), 'leave')();
    if (E.isLeft(prepared)) return E.left({ _tag: 'ViewUnavailable', cause: prepared.left });
    return E.right(new Map([...rows].map(([key, row]) => [key, open(view, key, row)])));
  };

  return {
    ...views,
    load: (view, keys) => async () => {
      const loaded = await views.load(view, keys)();
      return E.isLeft(loaded) ? loaded : openAll(view, loaded.right);
    },
    find: (view, field, texts) => async () => {
      const found = await views.find(view, field, texts)();
      return E.isLeft(found) ? found : openAll(view, found.right);
    },
    commit: (view, from, to, rows) => async () => {
      const prepared = await prepare(personsOf(view, rows.values()), 'create')();
      if (E.isLeft(prepared)) return prepared;
      const sealed = new Map([...rows].map(([key, row]) => [key, row === null ? null : seal(view, key, row)]));
      return await views.commit(view, from, to, sealed)();
    },
    scan: async function* (view, options) {
      for await (const { position, rows } of views.scan(view, options)) {
        const opened = await openAll(view, new Map(rows));
        if (E.isLeft(opened)) throw new Error('the keys of personal data cannot be read now');
        yield { position, rows: [...opened.right] };
      }
    },
  };
};
