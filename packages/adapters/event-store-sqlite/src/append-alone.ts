import * as E from 'fp-ts/lib/Either.js';
import { isBusy, isConflict } from '@mailroom/sqlite';
import { chainHash } from './chain.ts';
import type { Waiting } from './encode.ts';
import { addRows, type EventRows, noRows, seal, writeAtOnce } from './event-rows.ts';
import { positionOf } from './positions.ts';
import { startAfresh, type Turn, type TurnDependencies } from './turn.ts';

/** More events are rare, and for each number of them a statement stays prepared. */
const mostEvents = 16;

interface Prepared {
  readonly rows: EventRows;
  readonly stream: number;
  readonly first: number;
  readonly recordedAt: number;
  readonly hash: Uint8Array;
}

/** What to write if nothing has changed since this process looked last; undefined when it takes more than events. */
const prepare = ({ log, streams, types, now }: TurnDependencies, waiting: Waiting): Prepared | undefined => {
  const { expected, events, largest } = waiting;
  if (events.length > mostEvents || largest > log.largest()) return undefined;
  const stream = streams.find(waiting.stream);
  if (stream === undefined || log.revisionOf(stream) !== expected) return undefined;
  if (events.some(({ type }) => types.find(type) === undefined)) return undefined;

  const first = expected === 'noStream' ? 0 : expected + 1;
  const recordedAt = Math.max(now(), log.recordedAt());
  const rows = noRows();
  addRows(rows, waiting, { stream, revision: first, position: log.head() + 1, recordedAt }, types);
  const hash = chainHash(log.hash(), rows.linked);
  seal(rows, hash);
  return { rows, stream, first, recordedAt, hash };
};

/**
 * An append that waits alone is written by one statement, which is its own transaction: to begin one, to look for news
 * and to commit would each cost as much again. Nobody looks for news because the position tells: it is the key of the
 * row, and taken if another process has written meanwhile. Undefined: nothing was written, and it takes a whole
 * transaction to write it, or to say why not.
 */
export const appendAlone = (dependencies: TurnDependencies, waiting: Waiting): Turn | undefined => {
  const { database, log } = dependencies;
  let prepared: Prepared | undefined;
  try {
    prepared = prepare(dependencies, waiting);
  } catch {
    // Nothing could be read; the transaction will meet that too.
  }
  if (prepared === undefined) return undefined;
  const { rows, stream, first, recordedAt, hash } = prepared;
  try {
    writeAtOnce(database, rows);
  } catch (cause) {
    if (isConflict(cause)) return undefined;
    if (isBusy(cause)) return { _tag: 'Busy', cause };
    startAfresh(dependencies);
    // One statement writes and commits: which of them failed is not known.
    return { _tag: 'Unknown', cause };
  }
  const written = waiting.events.length;
  const revision = first + written - 1;
  for (let each = first; each <= revision; each += 1) log.appended(stream, each);
  log.committed(hash, recordedAt, waiting.largest);
  const position = positionOf(log.head());
  const answer = E.right({ revision, position, recordedAt: new Date(recordedAt), repeated: false });
  return { _tag: 'Done', answers: [answer], written };
};
