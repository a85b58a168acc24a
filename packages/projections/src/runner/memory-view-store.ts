import type { JsonObject, Position, ViewCheckpoint, ViewError, ViewName, ViewStore } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

interface Kept {
  rows: Map<string, JsonObject>;
  position: Position | null;
  fence: number;
  /** null: dropped, or never opened. */
  definition: number | null;
  indexes: ReadonlySet<string>;
}

export interface MemoryViewStoreOptions {
  /** Milliseconds: what leases are measured by. */
  readonly now?: () => number;
}

const scanBatch = 1000;

/** Rows in the memory of this process; gone with it. For views that are folded again at each start, and for tests. */
export const memoryViewStore = ({ now = Date.now }: MemoryViewStoreOptions = {}): ViewStore => {
  const views = new Map<string, Map<number, Kept>>();
  const active = new Map<string, number>();
  const leases = new Map<string, { readonly holder: string; readonly until: number }>();
  const none = (): Kept => ({ rows: new Map(), position: null, fence: 0, definition: null, indexes: new Set() });
  const of = ({ name, version }: ViewName): Kept => {
    const builds = views.get(name) ?? new Map<number, Kept>();
    views.set(name, builds);
    const kept = builds.get(version) ?? none();
    builds.set(version, kept);
    return kept;
  };
  const checkpointOf = ({ position, fence }: Kept): ViewCheckpoint => ({ position, fence });

  return {
    open:
      (view, { definition = view.version, indexes = [] } = {}) =>
      async () => {
        const kept = of(view);
        kept.fence += 1;
        kept.definition = definition;
        kept.indexes = new Set([...kept.indexes, ...indexes]);
        return E.right(checkpointOf(kept));
      },

    checkpoint: (view) => async () => {
      const kept = of(view);
      return E.right(kept.definition === null ? null : checkpointOf(kept));
    },

    versions: (name) => async () =>
      E.right(
        [...(views.get(name) ?? [])]
          .flatMap(([version, { definition, position }]) =>
            definition === null ? [] : [{ version, definition, position }],
          )
          .sort((a, b) => a.version - b.version),
      ),

    load: (view, keys) => async () => {
      const { rows } = of(view);
      const found = new Map<string, JsonObject>();
      for (const key of keys) {
        const row = rows.get(key);
        if (row !== undefined) found.set(key, row);
      }
      return E.right(found);
    },

    find: (view, field, texts) => async () => {
      const { rows, indexes } = of(view);
      if (!indexes.has(field)) return E.right(new Map());
      const wanted = new Set<unknown>(texts);
      return E.right(new Map([...rows].filter(([, row]) => wanted.has(row[field]))));
    },

    commit: (view, from, to, changes) => async () => {
      const kept = of(view);
      if (kept.fence !== from.fence || kept.position !== from.position) {
        return E.left<ViewError>({ _tag: 'Fenced' });
      }
      for (const [key, row] of changes) {
        if (row === null) kept.rows.delete(key);
        else kept.rows.set(key, row);
      }
      kept.position = to;
      return E.right(checkpointOf(kept));
    },

    scan: async function* (view, { prefix = '' } = {}) {
      const { rows, position, definition } = of(view);
      if (definition === null) return;
      const all = [...rows].filter(([key]) => key.startsWith(prefix));
      for (let from = 0; from === 0 || from < all.length; from += scanBatch) {
        yield { position, rows: all.slice(from, from + scanBatch) };
      }
    },

    activate:
      ({ name, version }) =>
      async () => {
        active.set(name, version);
        return E.right(undefined);
      },
    takeOver:
      ({ name, version }) =>
      async () => {
        const seen = active.get(name);
        const place = seen === undefined ? null : of({ name, version: seen }).position;
        if ((of({ name, version }).position ?? '') < (place ?? '')) return E.right(false);
        active.set(name, version);
        return E.right(true);
      },
    active: (name) => async () => E.right(active.get(name) ?? null),
    drop: (view) => async () => {
      // The fence stays: a holder from before must not write the view that is built anew.
      Object.assign(of(view), { ...none(), fence: of(view).fence + 1 });
      if (active.get(view.name) === view.version) active.delete(view.name);
      return E.right(undefined);
    },

    lease: (names, holder, ttlMs) => async () => {
      const isFree = (name: string): boolean => {
        const lease = leases.get(name);
        return lease === undefined || lease.holder === holder || lease.until <= now();
      };
      const taken = names.filter(isFree);
      for (const name of taken) leases.set(name, { holder, until: now() + ttlMs });
      return E.right(new Set(taken));
    },
    release: (names, holder) => async () => {
      for (const name of names) if (leases.get(name)?.holder === holder) leases.delete(name);
      return E.right(undefined);
    },
    close: async () => undefined,
  };
};
