import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Position, StoreUnavailable } from '@mailroom/domain';
import type { Database, SqliteRow } from '@mailroom/sqlite';
import { chainHash, linkText } from './chain.ts';
import type { KnownNames } from './known-names.ts';
import { placeOf, positionOf } from './positions.ts';

/** A place in the chain, to be kept where nobody who can write the file can write. */
export interface Seal {
  readonly position: Position;
  /** SHA-256 over the whole history up to there, in hexadecimal. */
  readonly hash: string;
}

/** The history is not what was written. `position` is the first event where that shows. */
export interface HistoryDamaged {
  readonly _tag: 'HistoryDamaged';
  readonly position: Position;
  readonly problem: string;
}

export interface Verified {
  readonly events: number;
  /** Keep it and give it to the next verification: then also a history that was cut off or rewritten whole shows. */
  readonly seal: Seal | null;
}

interface Progress {
  readonly revisions: Map<number, number>;
  readonly seals: Map<number, string>;
  place: number;
  hash: Uint8Array;
  text: string;
}

const pageSize = 200;

/**
 * Reads the whole history, page by page, and computes the chain of hashes anew. Also checks that positions and the
 * revisions of every stream have no gaps, and that the index says what the events say.
 */
export const verify =
  (
    database: Database,
    types: KnownNames,
    known: readonly Seal[],
  ): TaskEither<StoreUnavailable | HistoryDamaged, Verified> =>
  async () => {
    const progress: Progress = {
      revisions: new Map(),
      seals: new Map(known.map(({ position, hash }) => [placeOf(position), hash])),
      place: 0,
      hash: new Uint8Array(32),
      text: '',
    };
    try {
      for (;;) {
        const rows = database
          .sql(
            'SELECT position, stream, revision, type, head, data, metadata, hash FROM events WHERE position > ? ORDER BY position LIMIT ?',
          )
          .all([progress.place, pageSize]);
        for (const row of rows) {
          const problem = check(row, types, progress);
          if (problem !== undefined) return damaged(progress.place + 1, problem);
          progress.place += 1;
        }
        if (rows.length < pageSize) break;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { place, hash, text, seals } = progress;
      if (text !== '') return damaged(place, 'the last commit has no end');
      for (const sealed of seals.keys()) if (sealed > place) return damaged(place + 1, 'the history has been cut off');
      const indexProblem = checkIndex(database, place);
      if (indexProblem !== undefined) return damaged(place, indexProblem);
      const seal = place === 0 ? null : { position: positionOf(place), hash: hex(hash) };
      return E.right({ events: place, seal });
    } catch (cause) {
      return E.left({ _tag: 'StoreUnavailable', cause });
    }
  };

const damaged = (place: number, problem: string): E.Either<HistoryDamaged, never> =>
  E.left({ _tag: 'HistoryDamaged', position: positionOf(place), problem });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const check = (row: SqliteRow, types: KnownNames, progress: Progress): string | undefined => {
  const [position, stream, revision, type, head, data, metadata, hash] = row;
  const expected = progress.place + 1;
  if (position !== expected) return 'an event is missing';

  let place: readonly unknown[];
  try {
    place = JSON.parse(`[${String(head)}]`) as readonly unknown[];
  } catch {
    return 'the head of an event cannot be read';
  }
  if (place[0] !== positionOf(expected) || place[2] !== revision || place[3] !== type) {
    return 'the head of an event contradicts its columns';
  }
  const last = progress.revisions.get(Number(stream)) ?? -1;
  if (revision !== last + 1) return 'a stream has a gap';
  progress.revisions.set(Number(stream), revision);

  progress.text += linkText({
    head: String(head),
    type: types.nameOf(Number(type)),
    data: String(data),
    metadata: String(metadata),
  });
  if (hash === null || hash === undefined) {
    return progress.seals.has(expected) ? 'the history is not the one that was sealed' : undefined;
  }
  const computed = chainHash(progress.hash, progress.text);
  if (!(hash instanceof Uint8Array) || hex(hash) !== hex(computed)) return 'the chain of hashes is broken';
  const sealed = progress.seals.get(expected);
  if (sealed !== undefined && sealed !== hex(computed)) return 'the history is not the one that was sealed';
  progress.hash = computed;
  progress.text = '';
  return undefined;
};

const checkIndex = (database: Database, place: number): string | undefined => {
  const count = (sql: string, parameters: readonly number[]): number => Number(database.sql(sql).get(parameters)?.[0]);
  const indexedTo = count('SELECT indexed_to FROM log', []);
  if (indexedTo > place) return 'the index goes beyond the history';
  const right = count(
    `SELECT count(*) FROM stream_index i JOIN events e ON e.position = i.position
     WHERE e.stream = i.stream AND e.revision = i.revision AND i.position <= ?`,
    [indexedTo],
  );
  const all = count('SELECT count(*) FROM stream_index WHERE position <= ?', [indexedTo]);
  return right === all && all === indexedTo ? undefined : 'the index contradicts the events';
};
