import * as E from 'fp-ts/lib/Either.js';
import type {
  AppendError,
  Appended,
  EventStore,
  NewEvent,
  Position,
  RecordedEvent,
  StoreError,
  StoreLimits,
  StreamName,
  SubscriptionItem,
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
  const json = JSON.stringify({ data: event.data, metadata: event.metadata });
  return {
    event: { ...event, ...(JSON.parse(json) as Pick<NewEvent, 'data' | 'metadata'>) },
    bytes: Buffer.byteLength(json),
  };
};

const tooLarge = (limit: keyof StoreLimits, actual: number): E.Either<AppendError, never> =>
  E.left({ _tag: 'TooLarge', limit, max: limits[limit], actual });

const invalid = (problem: string): E.Either<AppendError, never> =>
  E.left({ _tag: 'StoreRefused', reason: 'invalid', problem });

/** A real event store that forgets when the process ends. It passes the same laws as the others. */
export const inMemoryEventStore = (now: () => Date = () => new Date()): EventStore => {
  const log: RecordedEvent[] = [];
  const streams = new Map<StreamName, RecordedEvent[]>();
  let wake: (() => void)[] = [];
  let isClosed = false;

  const closed: E.Either<StoreError, never> = E.left({ _tag: 'StoreUnavailable', cause: 'the store is closed' });
  const indexAfter = (position: Position | undefined): number => (position === undefined ? 0 : Number(position));
  const woken = (): Promise<void> => new Promise((resolve) => wake.push(resolve));

  const append = (
    stream: StreamName,
    expected: Parameters<EventStore['append']>[1],
    events: readonly NewEvent[],
  ): E.Either<AppendError, Appended> => {
    if (isClosed) return closed;
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
    const sleepers = wake;
    wake = [];
    for (const resume of sleepers) resume();
    return E.right({ revision: history.length - 1, position: positionAt(log.length), recordedAt, repeated: false });
  };

  async function* readAll({ after, types, upTo, signal }: Parameters<EventStore['readAll']>[0] = {}): ReturnType<
    typeof batches
  > {
    yield* batches(indexAfter(after), upTo === undefined ? log.length : indexAfter(upTo), types, signal);
  }

  async function* batches(
    from: number,
    end: number,
    types: readonly string[] | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<E.Either<StoreError, readonly RecordedEvent[]>, void, undefined> {
    for (let index = from; index < Math.min(end, log.length); index += batchSize) {
      if (isClosed) return yield closed;
      if (signal?.aborted === true) return;
      const batch = log.slice(index, Math.min(index + batchSize, end));
      const wanted = types === undefined ? batch : batch.filter(({ type }) => types.includes(type));
      if (wanted.length > 0) yield E.right(wanted);
    }
  }

  async function* subscribe({
    after,
    types,
    signal,
  }: Parameters<EventStore['subscribe']>[0]): AsyncGenerator<E.Either<StoreError, SubscriptionItem>, void, undefined> {
    let index = after === 'start' ? 0 : after === 'end' ? log.length : indexAfter(after);
    const startHead = log.length;
    let announced = false;
    const aborted = new Promise<void>((resolve) => {
      (signal as unknown as EventTarget).addEventListener('abort', () => resolve(), { once: true });
    });

    while (!signal.aborted && !isClosed) {
      const batch = log.slice(index, index + batchSize);
      index += batch.length;
      const wanted = types === undefined ? batch : batch.filter(({ type }) => types.includes(type));
      const [first, ...rest] = wanted;
      if (first !== undefined) yield E.right({ _tag: 'Events', events: [first, ...rest] });
      if (batch.length > 0 && !signal.aborted) yield E.right({ _tag: 'Checkpoint', position: positionAt(index) });
      if (!announced && index >= startHead && !signal.aborted) {
        announced = true;
        yield E.right({ _tag: 'CaughtUp' });
      }
      if (index >= log.length && !signal.aborted && !isClosed) await Promise.race([woken(), aborted]);
    }
    if (isClosed && !signal.aborted) yield closed;
  }

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
      for (const resume of wake) resume();
    },
  };
};
