import type { ExpectedRevision, NewEvent, StoreLimits, StoreRefused, TooLarge } from '@mailroom/domain';
import { StreamName } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

import { LONGEST_TYPE } from './limits.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';
/** The server keeps names that start with `$` for itself. */
const TYPE = new RegExp(`^[\\x21-\\x23\\x25-\\x7e][\\x20-\\x7e]{0,${LONGEST_TYPE - 1}}$`);

const invalid = (problem: string): E.Either<StoreRefused, never> =>
  E.left({ _tag: 'StoreRefused', reason: 'invalid', problem });

const utf8 = new TextEncoder();

/** An event as it is sent: what was checked and measured, whatever becomes of the objects it was made from. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  /** JSON of an object, in UTF-8. */
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** JSON of an object; undefined for anything that JSON cannot hold: the client would take the process down with it. */
function jsonOf(value: unknown): string | undefined {
  try {
    const json = JSON.stringify(value) as string | undefined;
    return json?.startsWith('{') === true ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Metadata as it is stored, and how long it would be without what is added here. */
interface EncodedMetadata {
  readonly of: NewEvent['metadata'];
  readonly schemaVersion: number;
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** The names of correlation and causation are those that the server's projections know. */
function encodeMetadata({ schemaVersion, metadata }: NewEvent): EncodedMetadata | undefined {
  const isObject = typeof metadata === 'object' && (metadata as unknown) !== null && !Array.isArray(metadata);
  const json = isObject ? jsonOf(storedMetadata(schemaVersion, metadata)) : undefined;
  if (json === undefined) return undefined;
  const bytes = utf8.encode(json);
  const added = `"schemaVersion":${schemaVersion},$$`.length;
  return { of: metadata, schemaVersion, bytes, length: bytes.length - added };
}

function storedMetadata(schemaVersion: number, metadata: NewEvent['metadata']): object {
  const { correlationId, causationId, ...others } = metadata;
  return { schemaVersion, $correlationId: correlationId, $causationId: causationId, ...others };
}

function encodeOne(event: NewEvent, metadata: Uint8Array): E.Either<StoreRefused, EncodedEvent> {
  const { id, type } = event;
  if (!UUID.test(id) || id === NIL) return invalid('id: expected a UUID in lower case');
  if (!TYPE.test(type)) return invalid(`type: expected a name of at most ${LONGEST_TYPE} ASCII characters`);
  const data = jsonOf(event.data);
  if (data === undefined) return invalid('data: expected a JSON object');
  return E.right({ id, type, data: utf8.encode(data), metadata });
}

/** Everything about an append is checked here, before the client sees any of it. */
export function encodeAppend(
  stream: StreamName,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
  limits: StoreLimits,
): E.Either<StoreRefused | TooLarge, readonly EncodedEvent[]> {
  if (!StreamName.is(stream)) return invalid('stream: expected category-id in printable ASCII');
  if (expected !== 'noStream' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    return invalid('expected: expected noStream or a revision');
  }
  if (events.length === 0) return invalid('events: expected at least one');
  const { maxAppendEvents: max } = limits;
  if (events.length > max) return E.left({ _tag: 'TooLarge', limit: 'maxAppendEvents', max, actual: events.length });

  const encoded: EncodedEvent[] = [];
  let total = 0;
  let metadata: EncodedMetadata | undefined;
  for (const event of events) {
    if (!Number.isSafeInteger(event.schemaVersion)) return invalid('schemaVersion: expected a whole number');
    // The events of one decision share it.
    const isSame = metadata?.of === event.metadata && metadata.schemaVersion === event.schemaVersion;
    if (!isSame) metadata = encodeMetadata(event);
    if (metadata === undefined) return invalid('metadata: expected a JSON object');
    const one = encodeOne(event, metadata.bytes);
    if (E.isLeft(one)) return one;
    const bytes = one.right.data.length + metadata.length;
    if (bytes > limits.maxEventBytes) {
      return E.left({ _tag: 'TooLarge', limit: 'maxEventBytes', max: limits.maxEventBytes, actual: bytes });
    }
    total += bytes;
    encoded.push(one.right);
  }
  if (total > limits.maxAppendBytes) {
    return E.left({ _tag: 'TooLarge', limit: 'maxAppendBytes', max: limits.maxAppendBytes, actual: total });
  }
  return E.right(encoded);
}
