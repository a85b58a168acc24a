import type { EventLog } from '../log/event-log.ts';
import { indexAt, windowOf } from '../log/read.ts';
import type { LogRecord } from '../log/records.ts';
import type { ReadRequest } from '../wire/requests.ts';

/** Where a subscription takes its records from. The starting point itself is not delivered. */
export interface Source {
  /** The next record to consider, `deleted` for a stream with a tombstone, undefined when there is none yet. */
  readonly next: () => LogRecord | 'deleted' | undefined;
  /** Moves past a record. */
  readonly advance: (record: LogRecord) => void;
  /** Whether a record committed just now is one to consider. */
  readonly concerns: (record: LogRecord) => boolean;
  /** Whether to have read everything counts as having caught up: not for a stream that is not there. */
  readonly exists: () => boolean;
}

export function sourceOf(log: EventLog, request: ReadRequest): Source {
  return request.stream === undefined ? wholeLog(log, request.from) : oneStream(log, request.stream, request.from);
}

function wholeLog(log: EventLog, from: ReadRequest['from']): Source {
  const start = from === 'start' ? 0 : from === 'end' ? log.all.length : indexAt(log, from + 1n);
  const after = typeof from === 'bigint' ? from : -1n;
  let index = start;
  return {
    next: () => log.all[index],
    advance: () => (index += 1),
    concerns: (record) => record.position > after,
    exists: () => true,
  };
}

function oneStream(log: EventLog, stream: string, from: ReadRequest['from']): Source {
  const last = log.lastRevision(stream);
  let next = from === 'start' ? 0n : (from === 'end' ? last : from) + 1n;
  return {
    next: () => {
      const window = windowOf(log, stream);
      if (window.is === 'deleted') return 'deleted';
      if (window.is === 'missing') return undefined;
      const revision = next > window.first ? next : window.first;
      return revision > window.last ? undefined : log.recordsOf(stream)[Number(revision)];
    },
    advance: (record) => (next = record.revision + 1n),
    concerns: (record) => record.stream === stream && record.revision >= next,
    exists: () => from === 'end' || windowOf(log, stream).is === 'readable',
  };
}
