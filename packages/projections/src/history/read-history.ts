import type { EventStore, EventUndecodable, RecordedEvent, StoreError } from '@mailroom/domain';
import { StreamName } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { HistoryLine } from '../queries/rows.ts';
import { historian, historyTypes } from './history.ts';

export interface HistoryScope {
  /** null: all of them, for an operator. */
  readonly organizationId: string | null;
  /** Only this record; null: everything of the organization. */
  readonly record: { readonly kind: 'mailbox' | 'profile'; readonly id: string } | null;
}

type Batch = E.Either<StoreError, readonly RecordedEvent[]>;

async function* batches(store: EventStore, { record }: HistoryScope): AsyncGenerator<Batch> {
  if (record === null) {
    yield* store.readAll({ types: historyTypes });
    return;
  }
  const stream = StreamName.from(`${record.kind}-${record.id}`);
  if (E.isRight(stream)) yield await store.readStream(stream.right)();
}

/**
 * The history of a record, or of an organization, told in words, oldest first. Reads the events themselves, so it is
 * as new as they are. What another organization did is not there. An event that cannot be read is a `Left`, never left out.
 */
export const readHistory =
  (
    store: EventStore,
    scope: HistoryScope,
    profileName: (profileId: string) => string,
  ): TaskEither<StoreError | EventUndecodable, readonly HistoryLine[]> =>
  async () => {
    const tell = historian(profileName);
    const lines: HistoryLine[] = [];
    for await (const batch of batches(store, scope)) {
      if (E.isLeft(batch)) return batch;
      for (const recorded of batch.right) {
        const { organizationId } = recorded.metadata;
        if (scope.organizationId !== null && organizationId !== scope.organizationId) continue;
        const told = tell(recorded);
        if (E.isLeft(told)) return told;
        if (told.right !== null) lines.push(told.right);
      }
    }
    return E.right(lines);
  };
