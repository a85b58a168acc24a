import { existsSync } from 'node:fs';
import type { ProcessSettings } from '../configuration/process-settings.ts';
import { isEventStoreDb } from '../host/load-store.ts';
import type { MailroomOptions } from '../host/mailroom.ts';

type GivenViews = Exclude<NonNullable<MailroomOptions['views']>, 'memory'>;

/** Where the settings say that rows are kept, if they are; null: nowhere. Nothing is created to find out. */
export const viewsIn = ({ views }: ProcessSettings): GivenViews | null => {
  if (views === null || isEventStoreDb(views)) return null;
  return existsSync(views) ? { file: views } : null;
};
