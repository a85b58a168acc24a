import { END, START } from '@eventstore/db-client';
import {
  StreamName,
  type Position,
  type ReadStreamOptions,
  type RecordedEvent,
  type StoreError,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

import { collect, type OnRecord } from './calls/collect.ts';
import type { Connection } from './calls/connection.ts';
import { asStoreError, classify } from './calls/failures.ts';
import type { Timing } from './options.ts';
import { isSystem, Recorder } from './stored/decode.ts';
import { serverPositionOf, type Newest } from './stored/position.ts';

/** What reads need. */
export interface Reading {
  readonly connection: Connection;
  readonly timing: Timing;
  readonly newest: Newest;
}

/** Records looked at in one go while searching for the newest event that is not the server's own. */
const HEAD_PAGE = 200;

const invalid = (problem: string): E.Either<StoreError, never> =>
  E.left({ _tag: 'StoreRefused', reason: 'invalid', problem });

const isPlace = (place: number | undefined): boolean =>
  place === undefined || (Number.isSafeInteger(place) && place >= 0);

/** Reads one stream; a stream that does not exist, or was deleted softly, reads as no events. */
export async function readStream(
  { connection, timing, newest }: Reading,
  stream: StreamName,
  { from, to, backwards = false, limit }: ReadStreamOptions,
): Promise<E.Either<StoreError, readonly RecordedEvent[]>> {
  if (!StreamName.is(stream)) return invalid('stream: expected category-id in printable ASCII');
  if (![from, to, limit].every(isPlace)) return invalid('from, to, limit: expected whole numbers from 0 up');
  // Zero is an error to the server.
  const maxCount = countOf(from, to, backwards, limit);
  if (maxCount === 0) return E.right([]);

  const revision = from === undefined ? (backwards ? END : START) : BigInt(from);
  const request = { of: 'stream', stream, from: revision, backwards, maxCount } as const;
  const events: RecordedEvent[] = [];
  try {
    await connection.stream(async (client, signal) => {
      events.length = 0;
      const recorder = new Recorder();
      await collect(client, request, { what: 'readStream', idleMs: timing.readIdleMs, signal }, (record) => {
        const event = record === undefined ? undefined : recorder.eventOf(record);
        if (event === undefined) return 'more';
        if (to !== undefined && (backwards ? event.revision < to : event.revision > to)) return 'enough';
        events.push(event);
        return 'more';
      });
    });
  } catch (error) {
    const classified = classify(error);
    return classified.failure.is === 'notFound' ? E.right([]) : E.left(asStoreError(classified));
  }
  const last = backwards ? events[0] : events.at(-1);
  if (last !== undefined) newest.note(last.position);
  return E.right(events);
}

/** How many events can come at most, where that is known. */
function countOf(
  from: number | undefined,
  to: number | undefined,
  backwards: boolean,
  limit: number | undefined,
): number | undefined {
  const first = backwards ? to : (from ?? 0);
  const last = backwards ? from : to;
  const inRange = first === undefined || last === undefined ? undefined : Math.max(0, last - first + 1);
  if (inRange === undefined || limit === undefined) return inRange ?? limit;
  return Math.min(inRange, limit);
}

/**
 * Position of the newest event that is not the server's own; null when there is none. Looks back from the end of the log,
 * and no further than to what is known already.
 */
export async function head({ connection, timing, newest }: Reading): Promise<E.Either<StoreError, Position | null>> {
  const known = newest.position;
  const search: { found?: Position | null; before?: Position; records: number } = { records: 0 };
  const onRecord: OnRecord = (event, link) => {
    search.records += 1;
    // A link stands where it stands itself, not where it points.
    const position = (link ?? event)?.position;
    if (position !== undefined) search.before = position;
    const isKnown = position !== undefined && known !== null && position <= known;
    const found = isKnown ? known : event === undefined || isSystem(event) ? undefined : event.position;
    if (found === undefined) return 'more';
    search.found = found;
    return 'enough';
  };
  try {
    while (search.found === undefined) {
      // The newest record is almost always the one; if not, the server has been writing for itself.
      const maxCount = search.before === undefined ? 1 : HEAD_PAGE;
      const from = search.before === undefined ? END : (serverPositionOf(search.before) ?? END);
      await connection.stream(async (client, signal) => {
        search.records = 0;
        const request = { of: 'log', from, backwards: true, maxCount } as const;
        await collect(client, request, { what: 'head', idleMs: timing.readIdleMs, signal }, onRecord);
      });
      if (search.records === 0) search.found ??= known;
    }
  } catch (error) {
    return E.left(asStoreError(classify(error)));
  }
  if (search.found !== null) newest.note(search.found);
  return E.right(search.found);
}
