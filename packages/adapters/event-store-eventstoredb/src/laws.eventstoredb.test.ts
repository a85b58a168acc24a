import { start } from '@mailroom/eventstoredb-sandbox';
import { eventStoreLaws } from '@mailroom/domain/testing';

import { eventStoreDb } from './event-store-db.ts';

const real = process.env['EVENTSTOREDB_URL'];

eventStoreLaws(real === undefined ? 'EventStoreDB (scripted)' : 'EventStoreDB', async () => {
  const sandbox = real === undefined ? await start() : undefined;
  const connectionString = real ?? sandbox?.connectionString ?? '';
  const store = eventStoreDb({ connectionString });
  return {
    store,
    reopen: () => Promise.resolve(eventStoreDb({ connectionString })),
    close: async () => {
      await store.close();
      await sandbox?.close();
    },
  };
});
