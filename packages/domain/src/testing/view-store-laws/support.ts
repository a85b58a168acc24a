import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { expect } from 'vitest';
import type { Rows, ViewName, ViewStore } from '../../application/ports/index.ts';
import type { Position } from '../../kernel/event-store.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** A view store that the laws may fill. */
export interface ViewStoreUnderTest {
  readonly views: ViewStore;
  /** The same rows through other eyes, as another process sees them; the store itself where rows cannot outlive it. */
  readonly reopen: () => Promise<ViewStore>;
  readonly dispose: () => Promise<void>;
}

/** The store of the law that is running. */
export type Subject = Pick<ViewStoreUnderTest, 'views' | 'reopen'>;

export const view: ViewName = { name: 'law', version: 1 };
export const at = (place: number): Position => String(place).padStart(16, '0') as Position;
export const rows = (entries: Readonly<Record<string, JsonObject | null>>): Rows => new Map(Object.entries(entries));

export const right = async <L extends { readonly _tag: string }, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`expected success, got ${result.left._tag}`);
  return result.right;
};

export const everything = async (
  views: ViewStore,
  of: ViewName = view,
): Promise<Readonly<Record<string, JsonObject>>> => {
  const found = new Map<string, JsonObject>();
  for await (const { rows } of views.scan(of)) {
    for (const [key, row] of rows) {
      expect(found.has(key)).toBe(false);
      found.set(key, row);
    }
  }
  return Object.fromEntries(found);
};

export const loaded = async (
  views: ViewStore,
  ...keys: readonly string[]
): Promise<Readonly<Record<string, JsonObject>>> => Object.fromEntries(await right(views.load(view, keys)));
