import { END, EventStoreDBClient } from '@eventstore/db-client';
import { start } from '@mailroom/eventstoredb-sandbox';
import { expect, it } from 'vitest';

import { aStream, eventually, right, someEvents, storeOn } from '../test-support.ts';
import { openRead } from './read-call.ts';

it('a read that is left when all has come stays behind neither on the server nor in the client', async () => {
  const sandbox = await start();
  const store = storeOn(sandbox);
  right(await store.append(aStream(), 'noStream', someEvents(20))());
  const client = EventStoreDBClient.connectionString(sandbox.connectionString);
  const { disposableStreams } = client as unknown as { readonly disposableStreams: ReadonlySet<unknown> };
  for (const maxCount of [1, 10, 20]) {
    for (let round = 0; round < 20; round += 1) {
      await new Promise<void>((resolve, reject) => {
        const request = { of: 'log', from: END, backwards: true, maxCount } as const;
        const read = openRead(client, request, {
          onAnswer: () => {
            read.pause();
            resolve(eventually(() => sandbox.callsOpen('read') === 0).then(async () => await read.close()));
          },
          onEnd: () => undefined,
          onError: reject,
        });
      });
    }
    await eventually(() => disposableStreams.size === 0);
  }
  expect(sandbox.callsOpen('read')).toBe(0);
  await client.dispose();
  await store.close();
  await sandbox.close();
});
