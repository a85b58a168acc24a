import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ViewStore } from '@mailroom/domain';
import { viewStoreLaws } from '@mailroom/domain/testing';
import { sqliteViewStore } from './view-store-sqlite.ts';

viewStoreLaws('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-views-'));
  const file = join(folder, 'views.db');
  const opened: ViewStore[] = [];
  const open = (): ViewStore => {
    const views = sqliteViewStore({ file });
    opened.push(views);
    return views;
  };
  return {
    views: open(),
    reopen: async () => open(),
    dispose: async () => {
      for (const views of opened) await views.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
