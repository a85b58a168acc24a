import * as E from 'fp-ts/lib/Either.js';
import {
  type AppendError,
  type Appended,
  type ExpectedRevision,
  type Metadata,
  type NewEvent,
  type StoreLimits,
  StreamName,
} from '@mailroom/domain';

export const limits: StoreLimits = { maxEventBytes: 1_048_576, maxAppendBytes: 16_777_216, maxAppendEvents: 10_000 };

interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: string;
  readonly metadata: string;
}

/** An append that waits for its turn. */
export interface Waiting {
  readonly stream: StreamName;
  readonly expected: ExpectedRevision;
  readonly events: readonly EncodedEvent[];
  /** Bytes of all events, or somewhat more. */
  readonly bytes: number;
  /** Bytes of the largest event, or somewhat more. */
  readonly largest: number;
  readonly resolve: (result: E.Either<AppendError, Appended>) => void;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
const typeName = /^[^\u0000-\u001f\u007f\ud800-\udfff]{1,200}$/u;

const invalid = (problem: string): E.Either<AppendError, never> =>
  E.left({ _tag: 'StoreRefused', reason: 'invalid', problem });

const tooLarge = (limit: keyof StoreLimits, actual: number): E.Either<AppendError, never> =>
  E.left({ _tag: 'TooLarge', limit, max: limits[limit], actual });

/** Says what is wrong with an append, or encodes it once and for all: what the caller changes later does not matter. */
export const encode = (
  stream: StreamName,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): E.Either<AppendError, Omit<Waiting, 'resolve'>> => {
  if (!StreamName.is(stream)) return invalid('stream: expected category-id in printable ASCII');
  if (expected !== 'noStream' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    return invalid('expected: expected noStream or a whole number from 0 up');
  }
  if (events.length === 0) return invalid('events: expected at least one');
  if (events.length > limits.maxAppendEvents) return tooLarge('maxAppendEvents', events.length);

  let bytes = 0;
  let largest = 0;
  let lastMetadata: Metadata | undefined;
  let lastMetadataJson: string | undefined;
  const encoded: EncodedEvent[] = [];
  for (const { id, type, schemaVersion, data, metadata } of events) {
    if (!uuid.test(id)) return invalid('id: expected a UUID in lower case');
    if (!isTypeName(type)) return invalid('type: expected 1 to 200 printable characters');
    if (!(Number.isSafeInteger(schemaVersion) && schemaVersion >= 1)) {
      return invalid('schemaVersion: expected a whole number from 1 up');
    }
    const dataJson = jsonOf(data);
    // The events of one command share their metadata: encoded once.
    if (metadata !== lastMetadata) lastMetadataJson = jsonOf(metadata);
    lastMetadata = metadata;
    if (dataJson === undefined) return invalid('data: expected a plain JSON object');
    if (lastMetadataJson === undefined) return invalid('metadata: expected a plain JSON object');
    const size = sizeOf(dataJson, lastMetadataJson);
    if (size > limits.maxEventBytes) return tooLarge('maxEventBytes', size);
    if (size > largest) largest = size;
    bytes += size;
    encoded.push({ id, type, schemaVersion, data: dataJson, metadata: lastMetadataJson });
  }
  if (bytes > limits.maxAppendBytes) {
    const exact = encoded.reduce(
      (sum, event) => sum + Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata),
      0,
    );
    if (exact > limits.maxAppendBytes) return tooLarge('maxAppendBytes', exact);
  }
  return E.right({ stream, expected, events: encoded, bytes, largest });
};

/** A character takes three bytes at most; where even that is far from every limit, nobody need count. */
const sizeOf = (data: string, metadata: string): number => {
  const most = (data.length + metadata.length) * 3;
  return most <= 30_000 ? most : Buffer.byteLength(data) + Buffer.byteLength(metadata);
};

const knownTypes = new Set<string>();

/** There are few types and many events: each name is looked at once. */
const isTypeName = (type: string): boolean => {
  if (knownTypes.has(type)) return true;
  if (!typeName.test(type)) return false;
  if (knownTypes.size < 10_000) knownTypes.add(type);
  return true;
};

const jsonOf = (value: unknown): string | undefined => {
  try {
    const json = JSON.stringify(value) as string | undefined;
    return json?.startsWith('{') === true ? json : undefined;
  } catch {
    return undefined;
  }
};
