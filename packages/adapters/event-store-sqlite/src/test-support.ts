import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type JsonObject, type NewEvent, StreamName } from '@mailroom/domain';
import { libsqlDriver, type SqliteDriver, SqliteFailure } from '@mailroom/sqlite';
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

/**
 * A disk that can be told to fail: at the next statement that starts so, either before it does anything or after it
 * has done everything. It also says which statements were run.
 */
export const failingDriver = () => {
  let failing: { readonly prefix: string; readonly when: 'before' | 'after' } | undefined;
  const ran: string[] = [];
  const driver: SqliteDriver = {
    ...libsqlDriver,
    open: (file) => {
      const connection = libsqlDriver.open(file);
      return {
        ...connection,
        prepare: (sql) => {
          const statement = connection.prepare(sql);
          return {
            run: (parameters) => {
              ran.push(sql);
              const when = failing !== undefined && sql.startsWith(failing.prefix) ? failing.when : undefined;
              if (when !== 'before') statement.run(parameters);
              if (when === undefined) return;
              failing = undefined;
              throw new SqliteFailure('disk I/O error', 'SQLITE_IOERR');
            },
            get: (parameters) => {
              ran.push(sql);
              return statement.get(parameters);
            },
            all: (parameters) => {
              ran.push(sql);
              return statement.all(parameters);
            },
          };
        },
      };
    },
  };
  return {
    driver,
    fail: (prefix: string, when: 'before' | 'after' = 'before') => (failing = { prefix, when }),
    /** What was run since this was asked last. */
    ran: () => ran.splice(0),
  };
};
