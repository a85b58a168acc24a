import * as E from 'fp-ts/lib/Either.js';
import {
  type AppendError,
  type Appended,
  type EventStore,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type RecordedEvent,
  type StoreError,
  type StoreLimits,
  StreamName,
  type SubscribeOptions,
  type SubscriptionItem,
} from '../kernel/event-store.ts';

const limits: StoreLimits = { maxEventBytes: 1_048_576, maxAppendBytes: 16_777_216, maxAppendEvents: 10_000 };
const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
const positionAt = (index: number): Position => String(index).padStart(16, '0') as Position;
const batchSize = 500;

interface Encoded {
  readonly event: NewEvent;
  readonly bytes: number;
}

/** What is stored is a copy, as JSON has it: later changes of the caller's objects do not reach it. */
const encode = (event: NewEvent): Encoded => {
  const data = JSON.stringify(event.data);
  const metadata = JSON.stringify(event.metadata);
  return {
    event: {
      ...event,
      data: JSON.parse(data) as NewEvent['data'],
      metadata: JSON.parse(metadata) as NewEvent['metadata'],
    },
    bytes: Buffer.byteLength(data) + Buffer.byteLength(metadata),
  };
};

const tooLarge = (limit: keyof StoreLimits, actual: number): E.Either<AppendError, never> =>
  E.left({ _tag: 'TooLarge', limit, max: limits[limit], actual });

const invalid = (problem: string): E.Either<AppendError, never> =>
  E.left({ _tag: 'StoreRefused', reason: 'invalid', problem });

/** A real event store that forgets when the process ends. It passes the same laws as the others. */
export interface InMemoryEventStore extends EventStore {
  /** A second store over the same events, as another process would open it; closing one leaves the other open. */
  readonly reopen: () => InMemoryEventStore;
  /** Another store that begins with these events, and goes its own way. */
  readonly copy: () => InMemoryEventStore;
}

interface Contents {
  readonly log: RecordedEvent[];
  readonly streams: Map<StreamName, RecordedEvent[]>;
  /** Called, and taken out, at the next append. */
  readonly sleepers: Set<() => void>;
}

const wake = (sleepers: Set<() => void>): void => {
  const woken = [...sleepers];
  sleepers.clear();
  for (const resume of woken) resume();
};

/** Opens an empty store. `now` is the clock that `recordedAt` comes from. */
export const inMemoryEventStore = (now: () => Date = () => new Date()): InMemoryEventStore =>
  over({ log: [], streams: new Map(), sleepers: new Set() }, now);

const over = (contents: Contents, now: () => Date): InMemoryEventStore => {
  const { log, streams, sleepers } = contents;
  let isClosed = false;

  const closed: E.Either<StoreError, never> = E.left({ _tag: 'StoreUnavailable', cause: 'the store is closed' });
  const indexAfter = (position: Position | undefined): number => (position === undefined ? 0 : Number(position));

  const append = (
    stream: StreamName,
    expected: Parameters<EventStore['append']>[1],
    events: readonly NewEvent[],
  ): E.Either<AppendError, Appended> => {
    if (isClosed) return closed;
    if (!StreamName.is(stream)) return invalid('stream: expected category-id in printable ASCII');
    if (events.length === 0) return invalid('events: expected at least one');
    if (events.length > limits.maxAppendEvents) return tooLarge('maxAppendEvents', events.length);
    if (events.some(({ id }) => !isUuid(id))) return invalid('id: expected a UUID in lower case');
    if (events.some(({ type }) => type === '')) return invalid('type: expected a name');

    let encoded: readonly Encoded[];
    try {
      encoded = events.map(encode);
    } catch {
      return invalid('data: expected plain JSON');
    }
    const largest = Math.max(...encoded.map(({ bytes }) => bytes));
    const total = encoded.reduce((sum, { bytes }) => sum + bytes, 0);
    if (largest > limits.maxEventBytes) return tooLarge('maxEventBytes', largest);
    if (total > limits.maxAppendBytes) return tooLarge('maxAppendBytes', total);

    const history = streams.get(stream) ?? [];
    const next = expected === 'noStream' ? 0 : expected + 1;
    if (next !== history.length) {
      const there = history.slice(next, next + events.length);
      const last = there.at(-1);
      const isRepeat = there.length === events.length && there.every(({ id }, i) => id === events[i]?.id);
      if (isRepeat && last !== undefined) {
        return E.right({
          revision: last.revision,
          position: last.position,
          recordedAt: last.recordedAt,
          repeated: true,
        });
      }
      const actual = history.at(-1)?.revision ?? 'noStream';
      return E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual });
    }

    const recordedAt = now();
    for (const { event } of encoded) {
      const recorded = { ...event, stream, revision: history.length, position: positionAt(log.length + 1), recordedAt };
      history.push(recorded);
      log.push(recorded);
    }
    streams.set(stream, history);
    wake(sleepers);
    return E.right({ revision: history.length - 1, position: positionAt(log.length), recordedAt, repeated: false });
  };

  const matching = (types: readonly string[] | undefined, batch: readonly RecordedEvent[]) =>
    types === undefined ? batch : batch.filter(({ type }) => types.includes(type));

  async function* readAll({ after, types, upTo, signal }: ReadAllOptions = {}): AsyncGenerator<
    E.Either<StoreError, readonly RecordedEvent[]>
  > {
    const end = upTo === undefined ? log.length : Math.min(indexAfter(upTo), log.length);
    if (isClosed) yield closed;
    for (let index = indexAfter(after); index < end && signal?.aborted !== true && !isClosed; index += batchSize) {
      const wanted = matching(types, log.slice(index, Math.min(index + batchSize, end)));
      if (wanted.length > 0) yield E.right(wanted);
    }
  }

  async function* subscribe({
    after,
    types,
    signal,
  }: SubscribeOptions): AsyncGenerator<E.Either<StoreError, SubscriptionItem>> {
    let index = after === 'start' ? 0 : after === 'end' ? log.length : indexAfter(after);
    const headAtStart = log.length;
    let isLive = false;
    const goesOn = (): boolean => !signal.aborted && !isClosed;

    while (goesOn()) {
      const batch = log.slice(index, index + batchSize);
      index += batch.length;
      const [first, ...rest] = matching(types, batch);
      if (first !== undefined) yield E.right({ _tag: 'Events', events: [first, ...rest] });
      if (batch.length > 0 && goesOn()) yield E.right({ _tag: 'Checkpoint', position: positionAt(index) });
      if (!isLive && index >= headAtStart && goesOn()) {
        isLive = true;
        yield E.right({ _tag: 'CaughtUp' });
      }
      if (index >= log.length && goesOn()) await sleep(signal);
    }
    if (!signal.aborted) yield closed;
  }

  const sleep = (signal: globalThis.AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const resume = (): void => {
        sleepers.delete(resume);
        signal.removeEventListener('abort', resume);
        resolve();
      };
      sleepers.add(resume);
      signal.addEventListener('abort', resume, { once: true });
    });

  return {
    limits,
    append: (stream, expected, events) => async () => append(stream, expected, events),
    readStream:
      (stream, { from, to, backwards = false, limit } = {}) =>
      async () => {
        if (isClosed) return closed;
        const history = streams.get(stream) ?? [];
        const low = backwards ? (to ?? 0) : (from ?? 0);
        const high = backwards ? (from ?? history.length - 1) : (to ?? history.length - 1);
        const range = history.slice(Math.max(0, low), Math.max(0, high + 1));
        return E.right((backwards ? range.reverse() : range).slice(0, limit));
      },
    readAll,
    subscribe,
    head: async () => (isClosed ? closed : E.right(log.at(-1)?.position ?? null)),
    close: async () => {
      isClosed = true;
      wake(sleepers);
    },
    reopen: () => over(contents, now),
    copy: () => {
      const histories = new Map([...streams].map(([stream, history]) => [stream, history.slice()]));
      return over({ log: [...log], streams: histories, sleepers: new Set() }, now);
    },
  };
};
