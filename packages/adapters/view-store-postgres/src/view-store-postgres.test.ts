import type { ViewStore } from '@mailroom/domain';
import { isRequired, viewStoreLaws } from '@mailroom/domain/testing';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { findPostgres, startPostgres, type TestServer } from './testing/index.ts';
import { postgresViewStore } from './view-store-postgres.ts';

const bin = findPostgres();

if (bin === undefined) {
  if (isRequired('postgresql')) {
    test('PostgreSQL is installed', () =>
      expect.unreachable('MAILROOM_REQUIRE asks for it: apt-get install postgresql'));
  } else test.skip('the PostgreSQL view store: no server here (apt-get install postgresql)', () => undefined);
} else {
  describe('PostgreSQL', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres(bin);
    });
    afterAll(() => server.stop());

    viewStoreLaws('PostgreSQL', async () => {
      const connectionString = await server.createDatabase();
      const opened: ViewStore[] = [];
      const open = (): ViewStore => {
        const views = postgresViewStore({ connectionString });
        opened.push(views);
        return views;
      };
      return {
        views: open(),
        reopen: async () => open(),
        dispose: async () => {
          for (const views of opened) await views.close();
        },
      };
    });

    it('says that a server has gone, and does not end the process', async () => {
      const other = await startPostgres(bin);
      const connectionString = await other.createDatabase();
      const views = postgresViewStore({ connectionString });
      expect(E.isRight(await views.open({ name: 'law', version: 1 })())).toBe(true);
      await other.stop();
      expect(await views.checkpoint({ name: 'law', version: 1 })()).toMatchObject(E.left({ _tag: 'ViewUnavailable' }));
      await views.close();
    });
  });
}
