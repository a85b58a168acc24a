import { randomUUID } from 'node:crypto';

import {
  type Aggregate,
  type CommandContext,
  count,
  defineEvent,
  eventFamily,
  type EventOf,
  happened,
  OrganizationId,
  PrincipalId,
  repository,
  type StreamName,
} from '@mailroom/domain';
import { start, type CallName } from '@mailroom/eventstoredb-sandbox';
import * as t from 'io-ts';
import { expect, it } from 'vitest';

import { aStream, right, storeOn } from './test-support.ts';

const Counted = defineEvent('Counted', t.strict({ value: count }));
const events = eventFamily([Counted]);

interface Count {
  readonly type: 'Count';
  readonly context: CommandContext;
  readonly stream: StreamName;
}

const counter: Aggregate<Count, EventOf<typeof events>, number, { readonly _tag: 'Never' }> = {
  name: 'counter',
  events,
  streamOf: ({ stream }) => stream,
  decider: {
    initialState: 0,
    decide: (_, value) => happened<EventOf<typeof events>>(Counted({ value: value + 1 })),
    evolve: (_, { data }) => data.value,
  },
};

const countOn = (stream: StreamName): Count => {
  const commandId = randomUUID();
  const organizationId = OrganizationId.orThrow('organization');
  return {
    type: 'Count',
    stream,
    context: {
      commandId,
      correlationId: commandId,
      causationId: commandId,
      actor: { kind: 'person', id: PrincipalId.orThrow('somebody'), organizationId, privileges: [], teams: [] },
      secureChannel: true,
      at: new Date('2026-01-01T09:00:00.000Z'),
      traceparent: null,
    },
  };
};

it('a command on an aggregate that is known takes exactly one round trip', async () => {
  const sandbox = await start();
  const store = storeOn(sandbox);
  const commands = repository({ store });
  const stream = aStream();
  right(await commands.execute(counter, countOn(stream))());

  const calls: readonly CallName[] = ['append', 'batchAppend', 'read', 'subscribe', 'features', 'gossip'];
  const started = (): readonly number[] => calls.map((call) => sandbox.callsStarted(call));
  const before = started();
  for (let n = 0; n < 20; n += 1) right(await commands.execute(counter, countOn(stream))());
  expect(started().map((now, index) => now - (before[index] ?? 0))).toEqual([20, 0, 0, 0, 0, 0]);
  expect(right(await store.readStream(stream)()).map(({ data }) => data)).toEqual(
    Array.from({ length: 21 }, (_, index) => ({ value: index + 1 })),
  );
  await store.close();
  await sandbox.close();
});
