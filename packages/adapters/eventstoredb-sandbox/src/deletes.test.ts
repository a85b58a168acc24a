import { ANY, NO_STREAM, type EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Sandbox } from './sandbox.ts';
import { start } from './start.ts';
import { connect, events, recorded, unary } from './test-support.ts';

const lines = recorded('deletes-23.10.8.txt').trimEnd().split('\n');

/** How a stream got into the state a line of the recording names. */
const PREPARATIONS: Record<string, (client: EventStoreDBClient, stream: string) => Promise<unknown>> = {
  never: () => Promise.resolve(),
  'meta-only': (client, stream) => client.setStreamMetadata(stream, { maxCount: 9 }, unary),
  'has-events': (client, stream) => client.appendToStream(stream, events('A'), unary),
  'soft-deleted': async (client, stream) => {
    await client.appendToStream(stream, events('A'), unary);
    await client.deleteStream(stream);
  },
  tombstoned: async (client, stream) => {
    await client.appendToStream(stream, events('A'), unary);
    await client.tombstoneStream(stream);
  },
};

const revisionOf = (text: string): 'any' | 'no_stream' | bigint =>
  text === 'any' ? ANY : text === 'no_stream' ? NO_STREAM : BigInt(text);

describe('deletes and tombstones, as a real server answered them', () => {
  let sandbox: Sandbox;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    sandbox = await start();
    client = connect(sandbox.connectionString);
  });
  afterAll(async () => {
    await client.dispose();
    await sandbox.close();
  });

  it.each(lines.map((line, index) => [line, index] as const))('%s', async (line, index) => {
    const [operation = '', state = '', expectation = ''] = line.split(/\s+/);
    const stream = `deletes-${index}`;
    await PREPARATIONS[state]?.(client, stream);
    const call = async (): Promise<string> => {
      const options = { expectedRevision: revisionOf(expectation) };
      const result = await (operation === 'deleteStream'
        ? client.deleteStream(stream, options)
        : client.tombstoneStream(stream, options));
      return result.position === undefined ? 'ok' : 'ok position';
    };
    const outcome = await call().catch((error: unknown) => {
      const { expectedVersion, actualVersion } = error as { expectedVersion?: bigint; actualVersion?: bigint };
      const revisions = expectedVersion === undefined ? '' : `exp=${expectedVersion} act=${actualVersion}`;
      return `${(error as Error).constructor.name} ${revisions}`;
    });
    expect([operation, state, expectation, outcome.trimEnd()]).toEqual([
      ...line.split(/\s+/).slice(0, 3),
      line.trimEnd().split(/\s+/).slice(3).join(' '),
    ]);
  });
});
