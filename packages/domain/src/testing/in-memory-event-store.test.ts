import { eventStoreLaws } from './event-store-laws.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';

eventStoreLaws('memory', async () => {
  const store = inMemoryEventStore();
  return { store, reopen: async () => store.reopen(), close: store.close };
});
