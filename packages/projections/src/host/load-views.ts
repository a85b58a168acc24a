import type { ViewStore } from '@mailroom/domain';
import { memoryViewStore } from '../runner/memory-view-store.ts';
import type { MailroomOptions } from './mailroom.ts';
import { OpenFailure } from './open-failure.ts';

/** A view store, how it is closed again, and whether its rows outlive the process (then nothing personal may be clear). */
export interface LoadedViews {
  readonly views: ViewStore;
  readonly close: () => Promise<void>;
  readonly isKept: boolean;
}

/** Rows in memory, in a file, or in a store of the host's own (which the host closes). */
export const loadViews = async (given: MailroomOptions['views'] = 'memory'): Promise<LoadedViews> => {
  if (given === 'memory') {
    const views = memoryViewStore();
    return { views, close: views.close, isKept: false };
  }
  if (!('file' in given)) return { views: given, close: async () => undefined, isKept: true };
  const { sqliteViewStore } = await import('@mailroom/view-store-sqlite');
  try {
    const views = sqliteViewStore({ file: given.file });
    return { views, close: views.close, isKept: true };
  } catch (cause) {
    throw new OpenFailure('views', cause);
  }
};
