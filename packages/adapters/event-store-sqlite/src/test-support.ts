import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type JsonObject, type NewEvent, StreamName } from '@mailroom/domain';
import { onTestFinished } from 'vitest';

/** A folder that goes when the test ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-events-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const stream = (name: string | number): StreamName => StreamName.orThrow(`test-${name}`);

export const event = (data: JsonObject = {}, type = 'Happened'): NewEvent => {
  const commandId = randomUUID();
  return {
    id: randomUUID(),
    type,
    schemaVersion: 1,
    data,
    metadata: {
      commandId,
      correlationId: commandId,
      causationId: commandId,
      actorId: 'somebody',
      actorKind: 'person',
      organizationId: 'organization',
      command: 'DoIt',
    },
  };
};

export const events = (count: number): readonly NewEvent[] => Array.from({ length: count }, (_, n) => event({ n }));

export const right = async <L, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};
