// A process that writes as fast as it can until it is killed, and says on standard output what was acknowledged.
// It begins when its standard input ends. Run by the tests: FILE, a name for its streams, how many writers, and
// optionally how many appends to make in all.
import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream/promises';
import * as E from 'fp-ts/lib/Either.js';
import { type ExpectedRevision, StreamName } from '@mailroom/domain';
import { sqliteEventStore } from './index.ts';

const [file = '', name = '', writers = '16', total = '1000000000'] = process.argv.slice(2);
await finished(process.stdin.resume());
const store = sqliteEventStore({ file, durability: 'normal' });
let left = Number(total);

const write = async (writer: number): Promise<void> => {
  // Some streams are this process's own, one is shared with all others.
  const stream = StreamName.orThrow(writer === 0 ? 'crash-shared' : `crash-${name}-${writer}`);
  const before = await store.readStream(stream, { backwards: true, limit: 1 })();
  let expected: ExpectedRevision = E.isRight(before) ? (before.right[0]?.revision ?? 'noStream') : 'noStream';
  while (left-- > 0) {
    const commandId = randomUUID();
    const metadata = {
      commandId,
      correlationId: commandId,
      causationId: commandId,
      actorId: name,
      actorKind: 'system' as const,
      organizationId: 'organization',
      command: 'Write',
    };
    const events = Array.from({ length: 1 + (left % 3) }, (_, index) => ({
      id: randomUUID(),
      type: 'Written',
      schemaVersion: 1,
      data: { index, filler: 'x'.repeat(300) },
      metadata,
    }));
    for (;;) {
      const result = await store.append(stream, expected, events)();
      if (E.isRight(result)) {
        expected = result.right.revision;
        process.stdout.write(`${events.map(({ id }) => `${stream} ${id}`).join('\n')}\n`);
        break;
      }
      if (result.left._tag === 'WrongExpectedRevision') {
        const now = await store.readStream(stream, { backwards: true, limit: 1 })();
        if (E.isRight(now)) expected = now.right[0]?.revision ?? 'noStream';
      } else if (result.left._tag !== 'StoreUnavailable' && result.left._tag !== 'OutcomeUnknown') {
        throw new Error(result.left._tag);
      }
    }
  }
};

await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
await store.close();
