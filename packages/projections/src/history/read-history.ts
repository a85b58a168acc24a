import type { EventStore, EventUndecodable, RecordedEvent, StoreError } from '@mailroom/domain';
import { StreamName, waitForStore } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { HistoryCause, HistoryLine } from '../queries/rows.ts';
import { findCauses } from './find-causes.ts';
import { historian } from './history.ts';
import { told } from './told.ts';

export interface HistoryScope {
  /** null: all of them, for an operator. */
  readonly organizationId: string | null;
  /** Only this record; null: everything of the organization. */
  readonly record: { readonly kind: 'mailbox' | 'profile'; readonly id: string } | null;
  /** Only lines that fit; what they say may still follow from lines before them. */
  readonly isWanted?: (recorded: RecordedEvent) => boolean;
}

type Batch = E.Either<StoreError, readonly RecordedEvent[]>;

async function* batches(store: EventStore, { record }: HistoryScope): AsyncGenerator<Batch> {
  if (record === null) {
    yield* store.readAll({ types: told.types });
    return;
  }
  const stream = StreamName.from(`${record.kind}-${record.id}`);
  if (E.isRight(stream)) yield await store.readStream(stream.right)();
}

const belongs = ({ organizationId }: HistoryScope, { metadata }: RecordedEvent): boolean =>
  organizationId === null || metadata.organizationId === organizationId;

const isShown = (scope: HistoryScope, recorded: RecordedEvent): boolean =>
  belongs(scope, recorded) && (scope.isWanted?.(recorded) ?? true);

/** The events that automatic actors answered, as far as lines of this scope need them. */
const causesFor = async (
  store: EventStore,
  scope: HistoryScope,
): Promise<E.Either<StoreError, ReadonlyMap<string, HistoryCause>>> => {
  const wanted = new Set<string>();
  for await (const batch of batches(store, scope)) {
    if (E.isLeft(batch)) return batch;
    for (const recorded of batch.right) {
      if (recorded.metadata.actorKind === 'system' && isShown(scope, recorded))
        wanted.add(recorded.metadata.causationId);
    }
  }
  return findCauses(store, wanted);
};

/**
 * The history of a record, or of an organization, told in words, oldest first, a line at a time. Reads the events
 * themselves, so it is as new as they are. What another organization did is not there. An event that cannot be read is
 * a `Left`, never left out; nothing comes after it.
 */
export async function* tellHistory(
  store: EventStore,
  scope: HistoryScope,
  profileName: (profileId: string) => string,
): AsyncGenerator<E.Either<StoreError | EventUndecodable, HistoryLine>> {
  const causes = await causesFor(store, scope);
  if (E.isLeft(causes)) {
    yield causes;
    return;
  }
  const tell = historian({ profileName, cause: (id) => causes.right.get(id) ?? null });
  for await (const batch of batches(store, scope)) {
    if (E.isLeft(batch)) {
      yield batch;
      return;
    }
    for (const recorded of batch.right) {
      if (!belongs(scope, recorded)) continue;
      const line = tell(recorded);
      if (E.isLeft(line)) {
        yield line;
        return;
      }
      if (line.right !== null && isShown(scope, recorded)) yield E.right(line.right);
    }
  }
}

/** All lines of `tellHistory` at once; a store that is away for a few seconds is waited for. */
export const readHistory = (
  store: EventStore,
  scope: HistoryScope,
  profileName: (profileId: string) => string,
): TaskEither<StoreError | EventUndecodable, readonly HistoryLine[]> =>
  waitForStore(async () => {
    const lines: HistoryLine[] = [];
    for await (const line of tellHistory(store, scope, profileName)) {
      if (E.isLeft(line)) return line;
      lines.push(line.right);
    }
    return E.right(lines);
  }, scope.record?.id ?? 'history');
