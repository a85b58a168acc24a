import type { EventLog } from './event-log.ts';
import { DELETED, type LogRecord } from './records.ts';
import { isSoftDeleted } from './stream-metadata.ts';

/** What reading a stream starts from. */
export type StreamWindow =
  | { readonly is: 'missing' }
  | { readonly is: 'deleted' }
  /** Readable revisions are `first` to `last`, both included; `first > last` when all were truncated. */
  | { readonly is: 'readable'; readonly first: bigint; readonly last: bigint };

/** Which revisions of a stream can be read now, by its metadata. */
export function windowOf(log: EventLog, stream: string): StreamWindow {
  const last = log.lastRevision(stream);
  if (last === DELETED) return { is: 'deleted' };
  const metadata = log.metadataOf(stream);
  if (last < 0n || isSoftDeleted(metadata)) return { is: 'missing' };
  const byCount = metadata.maxCount === undefined ? 0n : last - metadata.maxCount + 1n;
  const byMark = metadata.truncateBefore ?? 0n;
  let first = byCount > byMark ? byCount : byMark;
  if (first < 0n) first = 0n;
  if (metadata.maxAge === undefined) return { is: 'readable', first, last };
  const oldest = (BigInt(log.now()) - metadata.maxAge * 1_000n) * 10_000n;
  const records = log.recordsOf(stream);
  while (first <= last && (records[Number(first)]?.createdTicks ?? 0n) < oldest) first += 1n;
  return { is: 'readable', first, last };
}

/** Index of the first record at or after a position; the number of records when there is none. */
export function indexAt(log: EventLog, position: bigint): number {
  let low = 0;
  let high = log.all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((log.all[middle]?.position ?? position) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True when a position points into the middle of a record: a real server cannot read from there. */
export function isInsideRecord(log: EventLog, position: bigint): boolean {
  const before = log.all[indexAt(log, position) - 1];
  return before !== undefined && before.position < position && position < before.end;
}

/** A record as a reader gets it: links followed when asked, with the event missing when the target cannot be read. */
export interface ResolvedRecord {
  readonly event?: LogRecord;
  readonly link?: LogRecord;
}

const LINK_TYPE = '$>';

/** Follows a link event (`revision@stream`) when `follow` is set. */
export function resolve(log: EventLog, record: LogRecord, follow: boolean): ResolvedRecord {
  if (!follow || record.type !== LINK_TYPE) return { event: record };
  const [, revision, stream] = /^(\d+)@(.*)$/s.exec(Buffer.from(record.data).toString('utf8')) ?? [];
  if (revision === undefined || stream === undefined) return { link: record };
  const window = windowOf(log, stream);
  const wanted = BigInt(revision);
  if (window.is !== 'readable' || wanted < window.first || wanted > window.last) return { link: record };
  const event = log.recordsOf(stream)[Number(wanted)];
  return event === undefined ? { link: record } : { event, link: record };
}
