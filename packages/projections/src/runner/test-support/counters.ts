import {
  defineEvent,
  eventFamily,
  type EventOf,
  type EventStore,
  type NewEvent,
  type Projection,
  StreamName,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/** A small history to follow: counters that are raised, and may burst. */
export const Raised = defineEvent('Raised', t.strict({ counter: t.string, by: t.number }));
export const Burst = defineEvent('Burst', t.strict({ counter: t.string }));
export const counterEvents = eventFamily([Raised, Burst]);
export type CounterEvent = EventOf<typeof counterEvents>;

export interface CounterRow {
  readonly sum: number;
  readonly seen: readonly string[];
}

export const counters: Projection<CounterRow, CounterEvent> = {
  name: 'counters',
  version: 1,
  events: counterEvents,
  keys: (event) => [event.data.counter],
  evolve: (row, event, _key, { id }) => {
    if (event.type === 'Burst') throw new TypeError('a fold with a mistake');
    if (event.data.by === 0) return undefined;
    return { sum: (row?.sum ?? 0) + event.data.by, seen: [...(row?.seen ?? []), id] };
  },
};

const metadata: NewEvent['metadata'] = {
  commandId: '00000000-0000-4000-8000-000000000000',
  correlationId: '00000000-0000-4000-8000-000000000000',
  causationId: '00000000-0000-4000-8000-000000000000',
  actorId: 'tester',
  actorKind: 'system',
  organizationId: 'org',
  command: 'Raise',
};

/** Appends to the streams of counters, in order, as fast as the store takes it. */
export const writer = (store: EventStore) => {
  const revisions = new Map<string, number>();
  let written = 0;
  return async (...events: readonly (CounterEvent & { readonly schemaVersion?: number; readonly raw?: unknown })[]) => {
    let last = null;
    for (const event of events) {
      const stream = StreamName.orThrow(`counter-${event.data.counter}`);
      const revision = revisions.get(stream);
      const stored = counterEvents.encode(event);
      written += 1;
      const appended = await store.append(stream, revision ?? 'noStream', [
        {
          ...stored,
          ...(event.schemaVersion === undefined ? {} : { schemaVersion: event.schemaVersion }),
          ...(event.raw === undefined ? {} : { data: event.raw as NewEvent['data'] }),
          id: `00000000-0000-4000-8000-${String(written).padStart(12, '0')}`,
          metadata,
        },
      ])();
      if (E.isLeft(appended)) throw new Error(appended.left._tag);
      revisions.set(stream, appended.right.revision);
      last = appended.right.position;
    }
    if (last === null) throw new Error('nothing to write');
    return last;
  };
};
