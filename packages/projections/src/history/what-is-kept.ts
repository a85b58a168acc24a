import { type EventStore, eventFamilies, type PersonId, type StoreError } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** The events of one type that hold data of a person. */
export interface KeptOfPerson {
  readonly type: string;
  /** Which fields hold it. */
  readonly fields: readonly string[];
  readonly events: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

const personalTypes: ReadonlyMap<string, readonly string[]> = new Map(
  eventFamilies
    .flatMap(({ definitions }) => definitions)
    .filter(({ personalFields }) => personalFields.length > 0)
    .map(({ type, personalFields }) => [type, personalFields]),
);

/** Everything in the history that is kept under the key of a person, by event type: what erasing makes unreadable. */
export const whatIsKept =
  (store: Pick<EventStore, 'readAll'>, personId: PersonId): TaskEither<StoreError, readonly KeptOfPerson[]> =>
  async () => {
    const found = new Map<string, KeptOfPerson>();
    for await (const batch of store.readAll({ types: [...personalTypes.keys()] })) {
      if (E.isLeft(batch)) return batch;
      for (const { type, data, recordedAt } of batch.right) {
        if (data['personId'] !== personId) continue;
        const at = recordedAt.toISOString();
        const fields = personalTypes.get(type) ?? [];
        const before = found.get(type) ?? { type, fields, events: 0, firstAt: at, lastAt: at };
        found.set(type, { ...before, events: before.events + 1, lastAt: at });
      }
    }
    return E.right([...found.values()]);
  };

/** The organizations of a history. */
export const organizationsIn =
  (store: Pick<EventStore, 'readAll'>): TaskEither<StoreError, ReadonlySet<string>> =>
  async () => {
    const found = new Set<string>();
    for await (const batch of store.readAll()) {
      if (E.isLeft(batch)) return batch;
      for (const { metadata } of batch.right) found.add(metadata.organizationId);
    }
    return E.right(found);
  };
