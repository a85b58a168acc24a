import type { EventStore, StoreError } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { HistoryCause } from '../queries/rows.ts';
import { subjectOf } from './told.ts';

/** Finds events by their ids, reading the history until it has them all. An id that is none of an event is left out. */
export const findCauses = async (
  store: EventStore,
  wanted: ReadonlySet<string>,
): Promise<E.Either<StoreError, ReadonlyMap<string, HistoryCause>>> => {
  const found = new Map<string, HistoryCause>();
  if (wanted.size === 0) return E.right(found);
  for await (const batch of store.readAll()) {
    if (E.isLeft(batch)) return batch;
    for (const recorded of batch.right) {
      if (!wanted.has(recorded.id)) continue;
      const { id, type, recordedAt, metadata } = recorded;
      found.set(id, { id, type, ...subjectOf(recorded), at: recordedAt.toISOString(), actorId: metadata.actorId });
      if (found.size === wanted.size) return E.right(found);
    }
  }
  return E.right(found);
};
