import { existsSync } from 'node:fs';
import { placesOf } from '../configuration/read-process.ts';
import type { ProcessSettings } from '../configuration/process-settings.ts';
import { isEventStoreDb } from '../host/load-store.ts';
import { isPostgres } from '../host/load-views.ts';

/** Where the settings say that rows are kept; null: nowhere. Rows of EventStoreDB have no place by default. */
export const viewsIn = ({ views, store }: ProcessSettings): string | null =>
  views ?? (store === null || isEventStoreDb(store) ? null : store);

const expected = 'expected a SQLite file, or a postgres:// address';

/** What is wrong with where rows are said to be, before anything is opened. `mayBeNew`: a file may be made. */
export const findingsOfViews = (
  settings: ProcessSettings,
  { mayBeNew }: { readonly mayBeNew: boolean },
): readonly string[] => {
  const place = viewsIn(settings);
  if (place === null) return [`${placesOf('views')}: ${expected}`];
  if (isEventStoreDb(place)) return [`--views: ${expected}`];
  return mayBeNew || isPostgres(place) || existsSync(place)
    ? []
    : ['--views: expected a file that exists, or a postgres:// address'];
};
