import type { EventStore, ViewStore } from '@mailroom/domain';
import { memoryViewStore } from '../runner/memory-view-store.ts';
import { isEventStoreDb } from './load-store.ts';
import { OpenFailure } from './open-failure.ts';

/**
 * Where rows are kept: `'memory'`, a SQLite file (which may be the file of the events), a `postgres://` address, or a
 * store of the host's own, which the host closes.
 */
export type ViewsLocation = string | { readonly file: string } | ViewStore;

/** A view store, how it is closed again, and whether its rows outlive the process (then nothing personal may be clear). */
export interface LoadedViews {
  readonly views: ViewStore;
  readonly close: () => Promise<void>;
  readonly isKept: boolean;
}

/** PostgreSQL, by its address. */
export const isPostgres = (address: string): boolean => /^postgres(ql)?:\/\//.test(address);

/** Beside the events where they are in a file; in memory, folded again at each start, where they are not. */
export const defaultViews = (store: string | EventStore): ViewsLocation =>
  typeof store === 'string' && !isEventStoreDb(store) ? store : 'memory';

const open = async (place: string): Promise<ViewStore> => {
  if (isPostgres(place)) {
    const { postgresViewStore } = await import('@mailroom/view-store-postgres');
    return postgresViewStore({ connectionString: place });
  }
  const { sqliteViewStore } = await import('@mailroom/view-store-sqlite');
  return sqliteViewStore({ file: place });
};

export const loadViews = async (given: ViewsLocation): Promise<LoadedViews> => {
  if (given === 'memory') {
    const views = memoryViewStore();
    return { views, close: views.close, isKept: false };
  }
  if (typeof given !== 'string' && !('file' in given)) {
    return { views: given, close: async () => undefined, isKept: true };
  }
  try {
    const views = await open(typeof given === 'string' ? given : given.file);
    return { views, close: views.close, isKept: true };
  } catch (cause) {
    throw new OpenFailure('views', cause);
  }
};
