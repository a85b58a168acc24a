import { randomUUID } from 'node:crypto';

import { checkCommit, type CommitDecision } from './check-commit.ts';
import { Journal } from './journal.ts';
import { RecentIds } from './recent-ids.ts';
import { ANY, DELETED, NO_STREAM, sizeOf, type CommitOutcome, type LogRecord, type NewRecord } from './records.ts';
import {
  isMetadataStream,
  isSoftDeleted,
  metadataFrom,
  metadataStreamOf,
  withTruncation,
  type StreamMetadata,
} from './stream-metadata.ts';

/** The real server remembers some hundred thousand ids. */
const REMEMBERED_IDS = 100_000;
/** The first bytes of a real log hold a record that nobody is shown. */
const LOG_START = 256n;
const JSON_TYPE = 'application/json';
const EMPTY = new Uint8Array();

/** The log of one server, or of one cluster. Every change is one synchronous step, so commits are atomic and ordered. */
export class EventLog {
  /** All records in commit order. */
  readonly all: LogRecord[] = [];
  readonly #streams = new Map<string, LogRecord[]>();
  readonly #tombstones = new Map<string, LogRecord>();
  readonly #recent = new RecentIds(REMEMBERED_IDS);
  readonly #inFlight = new Set<string>();
  readonly #listeners = new Set<(commit: readonly LogRecord[]) => void>();
  readonly #journal: Journal | undefined;
  readonly #now: () => number;
  #end = LOG_START;

  constructor(options: { readonly dataFile?: string; readonly now?: () => number }) {
    this.#now = options.now ?? Date.now;
    if (options.dataFile === undefined) return;
    const { journal, commits } = Journal.open(options.dataFile);
    this.#journal = journal;
    for (const commit of commits) for (const record of commit) this.#keep(record);
  }

  /** The byte after the last record. */
  get end(): bigint {
    return this.#end;
  }

  /** Milliseconds since the epoch, by this log's clock. */
  now(): number {
    return this.#now();
  }

  /** Last revision of a stream; NO_STREAM when never written, DELETED when it or the stream it describes has a tombstone. */
  lastRevision(stream: string): bigint {
    if (this.#tombstones.has(stream)) return DELETED;
    if (isMetadataStream(stream) && this.#tombstones.has(stream.slice(2))) return DELETED;
    return BigInt(this.#streams.get(stream)?.length ?? 0) - 1n;
  }

  /** All records of a stream but its tombstone; the index is the revision. */
  recordsOf(stream: string): readonly LogRecord[] {
    return this.#streams.get(stream) ?? [];
  }

  metadataOf(stream: string): StreamMetadata {
    return metadataFrom(stream, this.recordsOf(metadataStreamOf(stream)).at(-1));
  }

  append(stream: string, expected: bigint, events: readonly NewRecord[]): CommitOutcome {
    const ids = events.map((event) => event.id);
    const metadata = this.metadataOf(stream);
    const decision = this.#decide(stream, metadata, expected, ids);
    const records = this.recordsOf(stream);
    switch (decision.is) {
      case 'deleted':
        return { is: 'deleted' };
      case 'wrongRevision':
        return { is: 'wrongRevision', expected, current: this.lastRevision(stream) };
      case 'nothing':
        return { is: 'written', revision: this.lastRevision(stream), position: this.#lastPosition(records.at(-1)) };
      case 'repeat': {
        if (ids.some((id) => this.#inFlight.has(`${stream}\n${id}`))) return { is: 'inFlight' };
        return {
          is: 'repeated',
          revision: decision.last,
          position: this.#lastPosition(records[Number(decision.last)]),
        };
      }
      case 'write':
        return this.#write(stream, events, decision.reviving ? metadata : undefined);
    }
  }

  /** A soft delete: truncates everything there is; a later append goes on counting. A stream nobody wrote cannot be deleted. */
  softDelete(stream: string, expected: bigint): CommitOutcome {
    const metadata = this.metadataOf(stream);
    const last = this.lastRevision(stream);
    const decision = this.#decide(stream, metadata, expected, [randomUUID()]);
    if (decision.is === 'deleted') return { is: 'deleted' };
    const neverWritten = last === NO_STREAM && this.recordsOf(metadataStreamOf(stream)).length === 0;
    if (decision.is !== 'write' || neverWritten) return { is: 'wrongRevision', expected, current: last };
    const mark = this.#metadataEvent(withTruncation(metadata, DELETED));
    const [written] = this.#commit([this.#record(metadataStreamOf(stream), mark, this.#end)]);
    return { is: 'written', revision: last, position: this.#lastPosition(written) };
  }

  /** A hard delete: the stream ends with a tombstone for ever. */
  tombstone(stream: string, expected: bigint): CommitOutcome {
    const decision = this.#decide(stream, this.metadataOf(stream), expected, [randomUUID()]);
    if (decision.is === 'deleted') return { is: 'deleted' };
    if (decision.is !== 'write') return { is: 'wrongRevision', expected, current: this.lastRevision(stream) };
    const event = { id: randomUUID(), type: '$streamDeleted', contentType: JSON_TYPE, data: EMPTY, metadata: EMPTY };
    const record = { ...this.#record(stream, event, this.#end), revision: DELETED };
    this.#commit([record]);
    return { is: 'written', revision: DELETED, position: record.position };
  }

  /** Calls back after every commit, until the returned function is called. */
  onCommit(listener: (commit: readonly LogRecord[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Marks events as written but not yet answered: a repeat meanwhile is told to wait. Returns the release. */
  holdInFlight(stream: string, ids: readonly string[]): () => void {
    const keys = ids.map((id) => `${stream}\n${id}`);
    for (const key of keys) this.#inFlight.add(key);
    return () => {
      for (const key of keys) this.#inFlight.delete(key);
    };
  }

  /** What a restart loses though the log is kept: the ids of late and the writes in flight. */
  forgetMemory(): void {
    this.#recent.clear();
    this.#inFlight.clear();
  }

  close(): void {
    this.#journal?.close();
  }

  #decide(stream: string, metadata: StreamMetadata, expected: bigint, ids: readonly string[]): CommitDecision {
    const records = this.recordsOf(stream);
    const last = this.lastRevision(stream);
    const facts = {
      last,
      softDeleted: isSoftDeleted(metadata),
      hasMetadata: this.recordsOf(metadataStreamOf(stream)).length > 0,
      idAt: (revision: bigint) => records[Number(revision)]?.id,
      recent: (id: string) => this.#recent.find(id, stream),
    };
    return checkCommit(facts, expected, ids);
  }

  #write(stream: string, events: readonly NewRecord[], reviving: StreamMetadata | undefined): CommitOutcome {
    const commit: LogRecord[] = [];
    let end = this.#end;
    let revision = this.lastRevision(stream);
    if (reviving !== undefined) {
      const mark = this.#metadataEvent(withTruncation(reviving, revision + 1n));
      const record = this.#record(metadataStreamOf(stream), mark, end);
      commit.push(record);
      end = record.end;
    }
    for (const event of events) {
      revision += 1n;
      const record = { ...this.#record(stream, event, end), revision };
      commit.push(record);
      end = record.end;
    }
    this.#commit(commit);
    return { is: 'written', revision, position: this.#lastPosition(commit.at(-1)) };
  }

  #metadataEvent(data: Uint8Array): NewRecord {
    return { id: randomUUID(), type: '$metadata', contentType: JSON_TYPE, data, metadata: EMPTY };
  }

  #record(stream: string, event: NewRecord, position: bigint): LogRecord {
    const revision = this.lastRevision(stream) + 1n;
    const createdTicks = BigInt(Math.trunc(this.#now())) * 10_000n;
    return { ...event, stream, revision, createdTicks, position, end: position + sizeOf(stream, event) };
  }

  #lastPosition(record: LogRecord | undefined): bigint {
    return record?.position ?? this.all.at(-1)?.position ?? 0n;
  }

  #commit(commit: readonly LogRecord[]): readonly LogRecord[] {
    this.#journal?.write(commit);
    for (const record of commit) {
      this.#keep(record);
      this.#recent.add(record.id, record.stream, record.revision);
    }
    for (const listener of [...this.#listeners]) listener(commit);
    return commit;
  }

  #keep(record: LogRecord): void {
    this.all.push(record);
    this.#end = record.end;
    if (record.revision === DELETED) {
      this.#tombstones.set(record.stream, record);
      return;
    }
    const records = this.#streams.get(record.stream);
    if (records === undefined) this.#streams.set(record.stream, [record]);
    else records.push(record);
  }
}

/** A record nobody asked for, like those a real server writes when it starts: readers of the whole log must cope. */
export function writeSystemEvent(log: EventLog): void {
  const data = Buffer.from('{"$maxAge":86400}', 'utf8');
  const event = { id: randomUUID(), type: '$metadata', contentType: JSON_TYPE, data, metadata: EMPTY };
  log.append('$$$stats-127.0.0.1', ANY, [event]);
}
