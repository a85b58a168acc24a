import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import { openMailroom } from '@mailroom/projections/host';
import { createApp } from './app.ts';
import { clockFrom } from './clock.ts';
import type { Settings } from './settings.ts';
import { readUsers } from './users.ts';

/** The application, running. */
export interface Running {
  readonly url: string;
  /** Finishes the requests under way, ends the streams, gives everything back. */
  readonly stop: () => Promise<void>;
}

export const start = async (settings: Settings): Promise<Running> => {
  const { folder, allowedAddresses, trustedCertificates, startsAt } = settings;
  const users = readUsers(settings.users);
  mkdirSync(folder, { recursive: true });
  // #region open
  const mailroom = await openMailroom({
    store: `${folder}/mailroom.db`,
    vault: { directory: `${folder}/vault`, key: { file: `${folder}/vault.key` } },
    deployment: { allowedAddresses, trustedCertificates },
    clock: clockFrom(startsAt),
  });
  // #endregion open

  const stopping = new AbortController();
  const server = createAdaptorServer({ fetch: createApp(mailroom, users, stopping.signal).fetch });
  try {
    server.listen(settings.port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    await mailroom.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    // #region stop
    stop: async () => {
      const closed = once(server, 'close');
      server.close(); // takes no more requests and waits for those under way
      stopping.abort(); // streams never end by themselves
      await closed;
      await mailroom.close(); // checks under way are owed again at the next start
    },
    // #endregion stop
  };
};
