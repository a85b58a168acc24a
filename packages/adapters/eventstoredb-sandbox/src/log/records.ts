/** Expected revisions as the protocol counts them: any stream at all. */
export const ANY = -2n;
/** Expected revision: the stream must not exist. Also the "last revision" of a stream that was never written. */
export const NO_STREAM = -1n;
/** Expected revision: the stream must exist. */
export const STREAM_EXISTS = -4n;
/** The revision of a tombstone, and the truncation mark of a soft delete: the largest 64-bit number. */
export const DELETED = 9_223_372_036_854_775_807n;

/** An event as a client proposes it. */
export interface NewRecord {
  /** A lower-case UUID with dashes. */
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as it stands in the log. */
export interface LogRecord extends NewRecord {
  readonly stream: string;
  readonly revision: bigint;
  /** 100-nanosecond ticks since the Unix epoch. */
  readonly createdTicks: bigint;
  /** Where the record starts in the log, in bytes. Commit and prepare positions are equal, as for all gRPC writes. */
  readonly position: bigint;
  /** The first byte after the record. */
  readonly end: bigint;
}

/** What came of an append, a delete or a tombstone. */
export type CommitOutcome =
  | { readonly is: 'written'; readonly revision: bigint; readonly position: bigint }
  | { readonly is: 'repeated'; readonly revision: bigint; readonly position: bigint }
  /** The same events are being written by a call that has no answer yet. */
  | { readonly is: 'inFlight' }
  | { readonly is: 'wrongRevision'; readonly expected: bigint; readonly current: bigint }
  | { readonly is: 'deleted' };

/** Bytes of a record beside its texts and payloads: makes positions as sparse as those of a real log. */
const RECORD_OVERHEAD = 96;

/** Length of a record in the log, in bytes. */
export const sizeOf = (stream: string, record: NewRecord): bigint =>
  BigInt(RECORD_OVERHEAD + stream.length + record.type.length + record.data.length + record.metadata.length);
