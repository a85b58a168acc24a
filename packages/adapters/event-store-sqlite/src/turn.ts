import type * as E from 'fp-ts/lib/Either.js';
import type { AppendError, Appended } from '@mailroom/domain';
import type { Database } from '@mailroom/sqlite';
import type { KnownLog } from './known-log.ts';
import type { KnownNames } from './known-names.ts';
import type { Reader } from './reader.ts';

export type Answer = E.Either<AppendError, Appended>;

/** How a turn ended. `failed`: nothing was written. `unknown`: the commit itself failed, and may have arrived. */
export type Turn =
  | { readonly _tag: 'Done'; readonly answers: readonly Answer[]; readonly written: number }
  | { readonly _tag: 'Busy'; readonly cause: unknown }
  | { readonly _tag: 'Failed'; readonly cause: unknown }
  | { readonly _tag: 'Unknown'; readonly cause: unknown };

export interface TurnDependencies {
  readonly database: Database;
  readonly log: KnownLog;
  readonly streams: KnownNames;
  readonly types: KnownNames;
  readonly reader: Reader;
  readonly now: () => number;
}

/** After a failure nothing in memory is trusted, and the connection is not either. */
export const startAfresh = ({ database, log, streams, types }: TurnDependencies): void => {
  log.forget();
  streams.forget();
  types.forget();
  try {
    // Closing alone would not do: the lock is held until the last statement of the connection has been collected.
    database.sql('ROLLBACK').run([]);
  } catch {
    // There was no transaction any more.
  }
  try {
    database.reopen();
  } catch {
    // The file cannot be opened now; whoever uses it next is told so.
  }
};
