import type { JsonObject, Position, ViewCheckpoint, ViewError, ViewName, ViewStore } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

interface Kept {
  rows: Map<string, JsonObject>;
  position: Position | null;
  fence: number;
}

const scanBatch = 1000;

/** Rows in the memory of this process; gone with it. For views that are folded again at each start, and for tests. */
export const memoryViewStore = (): ViewStore => {
  const views = new Map<string, Kept>();
  const active = new Map<string, number>();
  const keyOf = ({ name, version }: ViewName): string => `${version}/${name}`;
  const of = (view: ViewName): Kept => {
    const found = views.get(keyOf(view));
    if (found !== undefined) return found;
    const fresh: Kept = { rows: new Map(), position: null, fence: 0 };
    views.set(keyOf(view), fresh);
    return fresh;
  };
  const checkpointOf = ({ position, fence }: Kept): ViewCheckpoint => ({ position, fence });

  return {
    open: (view) => async () => {
      const kept = of(view);
      kept.fence += 1;
      return E.right(checkpointOf(kept));
    },

    checkpoint: (view) => async () => {
      const kept = views.get(keyOf(view));
      return E.right(kept === undefined ? null : checkpointOf(kept));
    },

    load: (view, keys) => async () => {
      const { rows } = of(view);
      const found = new Map<string, JsonObject>();
      for (const key of keys) {
        const row = rows.get(key);
        if (row !== undefined) found.set(key, row);
      }
      return E.right(found);
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

    scan: async function* (view) {
      let batch: (readonly [string, JsonObject])[] = [];
      for (const entry of [...of(view).rows]) {
        batch.push(entry);
        if (batch.length === scanBatch) {
          yield batch;
          batch = [];
        }
      }
      if (batch.length > 0) yield batch;
    },

    activate:
      ({ name, version }) =>
      async () => {
        active.set(name, version);
        return E.right(undefined);
      },
    active: (name) => async () => E.right(active.get(name) ?? null),
    drop: (view) => async () => {
      // The fence stays: a holder from before must not write the view that is built anew.
      const kept = of(view);
      kept.rows = new Map();
      kept.position = null;
      kept.fence += 1;
      if (active.get(view.name) === view.version) active.delete(view.name);
      return E.right(undefined);
    },
    close: async () => undefined,
  };
};
