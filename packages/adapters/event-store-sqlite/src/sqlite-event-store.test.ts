import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreLaws } from '@mailroom/domain/testing';
import { sqliteEventStore } from './index.ts';

for (const durability of ['full', 'normal'] as const) {
  eventStoreLaws(`SQLite, ${durability}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroom-events-'));
    const file = join(folder, 'events.db');
    const store = sqliteEventStore({ file, durability });
    return {
      store,
      reopen: async () => sqliteEventStore({ file, durability }),
      close: async () => {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  });
}
