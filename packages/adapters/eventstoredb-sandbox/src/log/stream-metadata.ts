import { DELETED, type LogRecord } from './records.ts';

/** What a stream's metadata says about which of its events can be read. */
export interface StreamMetadata {
  readonly maxCount?: bigint;
  /** Seconds. */
  readonly maxAge?: bigint;
  readonly truncateBefore?: bigint;
  /** All keys as they were written, for a rewrite that must keep the others. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Metadata streams themselves keep their last event only. */
const OF_METADATA_STREAMS: StreamMetadata = { maxCount: 1n, raw: {} };
const NONE: StreamMetadata = { raw: {} };

/** The name of the stream that holds a stream's metadata. */
export const metadataStreamOf = (stream: string): string => `$$${stream}`;

export const isMetadataStream = (stream: string): boolean => stream.startsWith('$$');

/** `$tb` of a soft delete has more digits than a JSON number keeps, so whole numbers are read from the text itself. */
function wholeNumber(text: string, key: string): bigint | undefined {
  const found = new RegExp(`"\\${key}"\\s*:\\s*(\\d+)`).exec(text)?.[1];
  return found === undefined ? undefined : BigInt(found);
}

/** The metadata in force: that of the last event of the metadata stream; unreadable JSON counts as none. */
export function metadataFrom(stream: string, last: LogRecord | undefined): StreamMetadata {
  if (isMetadataStream(stream)) return OF_METADATA_STREAMS;
  if (last === undefined) return NONE;
  const text = Buffer.from(last.data).toString('utf8');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return NONE;
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return NONE;
  const maxCount = wholeNumber(text, '$maxCount');
  const maxAge = wholeNumber(text, '$maxAge');
  const truncateBefore = wholeNumber(text, '$tb');
  return {
    ...(maxCount === undefined ? {} : { maxCount }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(truncateBefore === undefined ? {} : { truncateBefore }),
    raw: raw as Record<string, unknown>,
  };
}

/** A soft delete is a truncation before the largest revision there can be. */
export const isSoftDeleted = (metadata: StreamMetadata): boolean => metadata.truncateBefore === DELETED;

/** The JSON of metadata with another truncation mark; every other key stays as it was. */
export function withTruncation(metadata: StreamMetadata, before: bigint): Uint8Array {
  const others = Object.entries(metadata.raw).filter(([key]) => key !== '$tb');
  const written = others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return Buffer.from(`{${[`"$tb":${before}`, ...written].join(',')}}`, 'utf8');
}
