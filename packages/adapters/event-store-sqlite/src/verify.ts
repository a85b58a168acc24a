import * as E from 'fp-ts/lib/Either.js';
import type { HistoryDamaged, Seal, SealedHistory } from '@mailroom/domain';
import type { Database, SqliteRow } from '@mailroom/sqlite';
import { chainHash, linkText } from './chain.ts';
import { type KnownNames, knownNames } from './known-names.ts';
import { placeOf, positionOf } from './positions.ts';

interface Progress {
  /** Names are read anew: what this process remembers of them may be older than what somebody did to the file. */
  readonly streams: KnownNames;
  readonly types: KnownNames;
  readonly revisions: Map<number, number>;
  readonly seals: ReadonlyMap<number, string>;
  place: number;
  hash: Uint8Array;
  /** What was read since the last commit that ended. */
  text: string;
}

const pageSize = 200;

/** Bytes of a hash before the first commit. */
const noHash = new Uint8Array(32);

/**
 * Reads the history page by page and computes the chain of hashes anew. Also checks that positions and the revisions of
 * every stream have no gaps, and that the index says what the events say.
 */
export const verify =
  (database: Database): SealedHistory['verify'] =>
  ({ known = [], after, upTo, onProgress, signal } = {}) =>
  async () => {
    const first = after === undefined ? 0 : placeOf(after.position);
    const trusted = after === undefined ? known : [...known, after];
    const progress: Progress = {
      streams: knownNames(database, 'streams'),
      types: knownNames(database, 'types'),
      revisions: new Map(),
      seals: new Map(trusted.map(({ position, hash }) => [placeOf(position), hash])),
      place: first,
      hash: after === undefined ? noHash : Buffer.from(after.hash, 'hex'),
      text: '',
    };
    const end = upTo === undefined ? Number.MAX_SAFE_INTEGER : placeOf(upTo);
    try {
      if (after !== undefined) {
        const problem = checkStart(database, after);
        if (problem !== undefined) return damaged(first, problem);
      }
      for (;;) {
        const rows = pageAfter(database, progress.place);
        for (const row of rows) {
          const problem = check(row, progress, first === 0);
          if (problem !== undefined) return damaged(progress.place + 1, problem);
          progress.place += 1;
          if (progress.place >= end && progress.text === '') break;
        }
        onProgress?.(progress.place - first);
        if (rows.length < pageSize || (progress.place >= end && progress.text === '')) break;
        await new Promise((resolve) => setImmediate(resolve));
        if (signal?.aborted === true) return E.left({ _tag: 'StoreUnavailable', cause: signal.reason as unknown });
      }
      const { place, hash, text, seals } = progress;
      if (text !== '') return damaged(place, 'the last commit has no end');
      const cutOff = [...seals.keys()].some((sealed) => sealed > place && sealed <= end);
      if (cutOff) return damaged(place + 1, 'the history has been cut off');
      const indexProblem = checkIndex(database, first, place);
      if (indexProblem !== undefined) return damaged(place, indexProblem);
      return E.right({
        events: place - first,
        seal: place === 0 ? null : { position: positionOf(place), hash: hex(hash) },
      });
    } catch (cause) {
      return E.left({ _tag: 'StoreUnavailable', cause });
    }
  };

/** The seal of the newest commit, as it was written. Throws when SQLite does. */
export const newestSeal = (database: Database): Seal | null => {
  const row = database.sql('SELECT position, hash FROM events ORDER BY position DESC LIMIT 1').get([]);
  if (row === undefined) return null;
  const [position, hash] = row;
  if (!(hash instanceof Uint8Array)) throw new Error('the newest event ends no commit: the file is damaged');
  return { position: positionOf(Number(position)), hash: hex(hash) };
};

const pageAfter = (database: Database, place: number): readonly SqliteRow[] =>
  database
    .sql(
      'SELECT position, stream, revision, type, head, data, metadata, hash FROM events WHERE position > ? ORDER BY position LIMIT ?',
    )
    .all([place, pageSize]);

const damaged = (place: number, problem: string): E.Either<HistoryDamaged, never> =>
  E.left({ _tag: 'HistoryDamaged', position: positionOf(place), problem });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What is not read again must at least still say what was sealed. */
const checkStart = (database: Database, { position, hash }: Seal): string | undefined => {
  const stored = database.sql('SELECT hash FROM events WHERE position = ?').get([placeOf(position)])?.[0];
  if (stored === undefined) return 'the history has been cut off';
  return stored instanceof Uint8Array && hex(stored) === hash ? undefined : notSealed;
};

const notSealed = 'the history is not the one that was sealed';

const check = (row: SqliteRow, progress: Progress, fromStart: boolean): string | undefined => {
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
  if (place[1] !== progress.streams.nameOf(Number(stream))) return 'a stream has another name than its events';
  // Where the reading began later, a stream may begin with any revision.
  const last = progress.revisions.get(Number(stream)) ?? (fromStart ? -1 : Number(revision) - 1);
  if (revision !== last + 1) return 'a stream has a gap';
  progress.revisions.set(Number(stream), revision);

  progress.text += linkText({
    head: String(head),
    type: progress.types.nameOf(Number(type)),
    data: String(data),
    metadata: String(metadata),
  });
  const sealed = progress.seals.get(expected);
  if (hash === null || hash === undefined) return sealed === undefined ? undefined : notSealed;
  const computed = chainHash(progress.hash, progress.text);
  if (!(hash instanceof Uint8Array) || hex(hash) !== hex(computed)) return 'the chain of hashes is broken';
  if (sealed !== undefined && sealed !== hex(computed)) return notSealed;
  progress.hash = computed;
  progress.text = '';
  return undefined;
};

/** Every event up to there that the index should know stands in it, and nothing else does. */
const checkIndex = (database: Database, after: number, upTo: number): string | undefined => {
  const count = (sql: string, parameters: readonly number[]): number => Number(database.sql(sql).get(parameters)?.[0]);
  const indexedTo = count('SELECT indexed_to FROM log', []);
  const head = count('SELECT coalesce(max(position), 0) FROM events', []);
  if (indexedTo > head) return 'the index goes beyond the history';
  const end = Math.min(indexedTo, upTo);
  const right = count(
    `SELECT count(*) FROM events e JOIN stream_index i ON i.stream = e.stream AND i.revision = e.revision
     WHERE e.position > ? AND e.position <= ? AND i.position = e.position`,
    [after, end],
  );
  const isWhole = after > 0 || count('SELECT count(*) FROM stream_index', []) === indexedTo;
  return right === Math.max(0, end - after) && isWhole ? undefined : 'the index contradicts the events';
};
