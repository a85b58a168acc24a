import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import {
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type RecordedEvent,
  StreamName,
  type SubscriptionItem,
} from '../../kernel/event-store.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** A store that the laws may fill. It may hold other events already, and others may write to it meanwhile. */
export interface EventStoreUnderTest {
  readonly store: EventStore;
  /** Opens the same history once more, while the first stays open: what another process would see. */
  readonly reopen: () => Promise<EventStore>;
  /** Closes what `open` opened, and removes what it made. Stores from `reopen` are closed by the laws. */
  readonly close: () => Promise<void>;
}

/** The store of the law that runs, and what it opened besides. */
export interface Subject {
  readonly store: EventStore;
  readonly reopen: () => Promise<EventStore>;
}

/** Names that nobody else uses: the laws may run on a store with a history, and several of them at once. */
export const names = () => {
  const unique = randomUUID().replaceAll('-', '');
  return {
    stream: (name = 'one'): StreamName => StreamName.orThrow(`law${unique.slice(0, 12)}-${name}`),
    type: (name = 'Happened'): string => `${name}${unique}`,
  };
};

export type Names = ReturnType<typeof names>;

export const anEvent = (type: string, data: JsonObject = {}): NewEvent => ({
  id: randomUUID(),
  type,
  schemaVersion: 1,
  data,
  metadata: {
    commandId: randomUUID(),
    correlationId: randomUUID(),
    causationId: randomUUID(),
    actorId: 'somebody',
    actorKind: 'person',
    organizationId: 'organization',
    command: 'DoIt',
  },
});

/** So many events, numbered in their data. */
export const someEvents = (count: number, type: string, from = 0): readonly NewEvent[] =>
  Array.from({ length: count }, (_, index) => anEvent(type, { number: from + index }));

/** How a store measures an event: the JSON of data and metadata, in UTF-8. */
export const bytesOf = ({ data, metadata }: NewEvent): number =>
  Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(metadata));

/** An event of exactly this size. */
export const eventOfBytes = (type: string, bytes: number): NewEvent => {
  const empty = anEvent(type, { text: '' });
  return { ...empty, data: { text: 'x'.repeat(bytes - bytesOf(empty)) } };
};

export const right = async <L, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};

export const left = async <L, A>(task: TaskEither<L, A>): Promise<L> => {
  const result = await task();
  if (E.isRight(result)) throw new Error(`expected a failure, got ${JSON.stringify(result.right)}`);
  return result.left;
};

/** Appends one event after the other, each to its stream, and returns them as they were recorded. */
export const appendEach = async (
  store: EventStore,
  items: readonly (readonly [stream: StreamName, event: NewEvent])[],
): Promise<readonly RecordedEvent[]> => {
  const revisions = new Map<StreamName, number>();
  const recorded: RecordedEvent[] = [];
  for (const [stream, event] of items) {
    const expected: ExpectedRevision = revisions.get(stream) ?? 'noStream';
    const { revision, position, recordedAt } = await right(store.append(stream, expected, [event]));
    revisions.set(stream, revision);
    recorded.push({ ...event, stream, revision, position, recordedAt });
  }
  return recorded;
};

/** Everything `readAll` gives, batches joined. */
export const drain = async (
  store: EventStore,
  options: Parameters<EventStore['readAll']>[0],
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const batch of store.readAll(options)) {
    if (E.isLeft(batch)) throw new Error(`expected events, got ${JSON.stringify(batch.left)}`);
    events.push(...batch.right);
  }
  return events;
};

/** The items of a subscription until `enough` says so; then it is cancelled. */
export const follow = async (
  store: EventStore,
  options: { readonly after: Position | 'start' | 'end'; readonly types: readonly string[] },
  enough: (items: readonly SubscriptionItem[]) => boolean | Promise<boolean>,
): Promise<readonly SubscriptionItem[]> => {
  const stop = new AbortController();
  const items: SubscriptionItem[] = [];
  for await (const item of store.subscribe({ ...options, signal: stop.signal })) {
    if (E.isLeft(item)) throw new Error(`expected items, got ${JSON.stringify(item.left)}`);
    items.push(item.right);
    if (await enough(items)) stop.abort();
  }
  return items;
};

export const eventsIn = (items: readonly SubscriptionItem[]): readonly RecordedEvent[] =>
  items.flatMap((item) => (item._tag === 'Events' ? item.events : []));

export const isCaughtUp = (items: readonly SubscriptionItem[]): boolean =>
  items.some(({ _tag }) => _tag === 'CaughtUp');

export const idsOf = (events: readonly { readonly id: string }[]): readonly string[] => events.map(({ id }) => id);

export const numbersOf = (events: readonly NewEvent[]): readonly unknown[] => events.map(({ data }) => data['number']);

/** Each position is beyond the one before it. */
export const isAscending = (positions: readonly Position[]): boolean =>
  positions.every((position, index) => index === 0 || (positions[index - 1] as string) < position);
