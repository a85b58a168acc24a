import { createHash } from 'node:crypto';
import {
  eventFamilies,
  type EventStore,
  type HistoryDamaged,
  type Position,
  type RecordedEvent,
  type SealedHistory,
  type StoreUnavailable,
  type VerifyOptions,
  type Verified,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

/** What is chained: everything that Mailroom ever writes. What others write beside it changes nothing here. */
export const chainedTypes: readonly string[] = eventFamilies.flatMap(({ types }) => types);

/** Before the first event. */
export const noHash = '0'.repeat(64);

/**
 * SHA-256 over the hash before and all that is stored of the event: its place, its identity, when it was recorded, what
 * it says and who did it. Personal data goes in as it is stored, sealed: erasing a person changes no hash.
 */
export const chained = (before: string, event: RecordedEvent): string => {
  const { position, stream, revision, id, type, schemaVersion, recordedAt, data, metadata } = event;
  const text = JSON.stringify([
    position,
    stream,
    revision,
    id,
    type,
    schemaVersion,
    recordedAt.getTime(),
    data,
    metadata,
  ]);
  return createHash('sha256').update(before).update('\n').update(text).digest('hex');
};

const damaged = (position: Position, problem: string): E.Either<HistoryDamaged, never> =>
  E.left({ _tag: 'HistoryDamaged', position, problem });
const unavailable = (cause: unknown): E.Either<StoreUnavailable, never> => E.left({ _tag: 'StoreUnavailable', cause });

const walk = async (
  store: Pick<EventStore, 'readAll'>,
  { known = [], after, upTo, onProgress, signal }: VerifyOptions,
): Promise<E.Either<StoreUnavailable | HistoryDamaged, Verified>> => {
  const seals = new Map(
    known
      .filter(({ position }) => after === undefined || position > after.position)
      .map((seal) => [seal.position, seal.hash]),
  );
  const revisions = new Map<string, number>();
  let last = after ?? null;
  let events = 0;
  const read = store.readAll({
    types: chainedTypes,
    ...(after === undefined ? {} : { after: after.position }),
    ...(upTo === undefined ? {} : { upTo }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const batch of read) {
    if (E.isLeft(batch)) return unavailable(batch.left);
    for (const event of batch.right) {
      const { position, stream, revision } = event;
      const before = revisions.get(stream);
      // A stream that began before where this began may begin anywhere.
      const expected = before === undefined ? (after === undefined ? 0 : revision) : before + 1;
      if (revision !== expected) return damaged(position, 'a stream has a gap');
      revisions.set(stream, revision);
      last = { position, hash: chained(last?.hash ?? noHash, event) };
      events += 1;
      const sealed = seals.get(position);
      if (sealed !== undefined && sealed !== last.hash)
        return damaged(position, 'the history is not the one that was sealed');
      seals.delete(position);
    }
    onProgress?.(events);
    if (signal?.aborted === true) return unavailable(signal.reason);
  }
  for (const position of seals.keys()) {
    if (upTo !== undefined && position > upTo) continue;
    return last !== null && position < last.position
      ? damaged(position, 'an event that was sealed is missing')
      : damaged(last?.position ?? position, 'the history has been cut off');
  }
  return E.right({ events, seal: last });
};

/** The chain of a store that keeps none itself: computed from what is read, each time anew. */
export const chainOf = (store: Pick<EventStore, 'readAll'>): SealedHistory => ({
  seal: async () => {
    const walked = await walk(store, {});
    if (E.isRight(walked)) return E.right(walked.right.seal);
    return unavailable(walked.left._tag === 'StoreUnavailable' ? walked.left.cause : walked.left.problem);
  },
  verify:
    (options = {}) =>
    () =>
      walk(store, options),
});
