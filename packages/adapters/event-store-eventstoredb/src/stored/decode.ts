import type { JsonObject, Metadata, RecordedEvent, StreamName } from '@mailroom/domain';

import type { ServerRecord } from './answers.ts';

/** Where an event has what ours have not: no version of ours fits, so whoever reads it as one of ours is told. */
const NO_VERSION = 0;

type Record_ = Readonly<Record<string, unknown>>;

/** The object that the bytes are JSON of; undefined where they are not. */
function objectIn(bytes: Buffer, from: number, to: number): Record_ | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', from, to));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record_) : undefined;
  } catch {
    return undefined;
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The text; the very string that is known already where they are equal, so that the fresh one can go at once. */
const shared = (value: unknown, known: string | undefined): string =>
  known !== undefined && value === known ? known : text(value);

/** Events of one command have all of it in common, those of one stream some: what is equal is kept once. */
function metadataOf(stored: Record_, before: Metadata | undefined): Metadata {
  const { traceparent } = stored as { readonly traceparent?: unknown };
  const commandId = shared(stored['commandId'], before?.commandId);
  const metadata: Metadata = {
    commandId,
    correlationId: shared(stored['$correlationId'], commandId),
    causationId: shared(stored['$causationId'], commandId),
    actorId: shared(stored['actorId'], before?.actorId),
    actorKind: stored['actorKind'] === 'person' ? 'person' : 'system',
    organizationId: shared(stored['organizationId'], before?.organizationId),
    command: shared(stored['command'], before?.command),
    ...(typeof traceparent === 'string' ? { traceparent } : undefined),
  };
  return before !== undefined && isSame(metadata, before) ? before : metadata;
}

const isSame = (one: Metadata, other: Metadata): boolean =>
  one.commandId === other.commandId &&
  one.correlationId === other.correlationId &&
  one.causationId === other.causationId &&
  one.actorId === other.actorId &&
  one.actorKind === other.actorKind &&
  one.organizationId === other.organizationId &&
  one.command === other.command &&
  one.traceparent === other.traceparent;

/** Events that the server writes for itself: into streams of its own, or with types of its own. */
export const isSystem = ({ stream, type }: ServerRecord): boolean => stream.startsWith('$') || type.startsWith('$');

/** The metadata of a record, and the bytes they were made of. */
interface Made {
  readonly from: ServerRecord;
  readonly version: number | undefined;
  readonly metadata: Metadata;
}

/**
 * Makes records into events as the port has them, in the order they come. What an event has in common with the one before
 * is made and kept once: most of the time a long read takes is spent on what it keeps.
 */
export class Recorder {
  #made: Made | undefined;

  /**
   * Undefined for the server's own. An event that was not written by this adapter, or whose JSON is broken, comes without
   * data and with schema version 0, which no codec takes: readers of its type stop and say so, all others never notice.
   */
  eventOf(record: ServerRecord): RecordedEvent | undefined {
    if (isSystem(record)) return undefined;
    const { version, metadata } = this.#metadataOf(record);
    const readable = record.isJson && version !== undefined;
    const data = readable ? objectIn(record.bytes, record.dataFrom, record.dataTo) : undefined;
    return {
      id: record.id,
      type: record.type,
      schemaVersion: data === undefined || version === undefined ? NO_VERSION : version,
      data: (data ?? {}) as JsonObject,
      metadata,
      stream: record.stream as StreamName,
      revision: record.revision,
      position: record.position,
      recordedAt: new Date(record.createdAt),
    };
  }

  #metadataOf(record: ServerRecord): Made {
    const before = this.#made;
    if (before !== undefined && haveSameMetadata(before.from, record)) return before;
    const stored = objectIn(record.bytes, record.metadataFrom, record.metadataTo);
    const version = stored?.['schemaVersion'];
    const made: Made = {
      from: record,
      version: typeof version === 'number' ? version : undefined,
      metadata: metadataOf(stored ?? {}, before?.metadata),
    };
    this.#made = made;
    return made;
  }
}

/** Byte for byte. */
const haveSameMetadata = (one: ServerRecord, other: ServerRecord): boolean =>
  one.metadataTo - one.metadataFrom === other.metadataTo - other.metadataFrom &&
  one.bytes.compare(other.bytes, other.metadataFrom, other.metadataTo, one.metadataFrom, one.metadataTo) === 0;
