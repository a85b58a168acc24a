import type { Position } from '@mailroom/domain';
import type { LoadedStore } from '../host/load-store.ts';

/** How many events lie up to the head, for a progress bar; null where the store cannot count them. */
export const eventsUpTo = (distance: LoadedStore['distance'], head: Position | null): number | null => {
  if (head === null) return 0;
  const found = distance(null, head);
  return found?.unit === 'events' ? found.count : null;
};
