import type { RecordedEvent as ServerEvent, ResolvedEvent } from '@eventstore/db-client';
import type { JsonObject, Metadata, Position, RecordedEvent, StreamName } from '@mailroom/domain';

import { positionOf } from './position.ts';

/** Where an event has what ours have not: no version of ours fits, so whoever reads it as one of ours is told. */
const NO_VERSION = 0;

type Record_ = Readonly<Record<string, unknown>>;

/** The client hands on JSON that does not parse as text, and broken metadata as bytes. */
const isObject = (value: unknown): value is Record_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function metadataOf(stored: Record_): Metadata {
  const { traceparent } = stored as { readonly traceparent?: unknown };
  return {
    commandId: text(stored['commandId']),
    correlationId: text(stored['$correlationId']),
    causationId: text(stored['$causationId']),
    actorId: text(stored['actorId']),
    actorKind: stored['actorKind'] === 'person' ? 'person' : 'system',
    organizationId: text(stored['organizationId']),
    command: text(stored['command']),
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
  };
}

/** Events that the server writes for itself: into streams of its own, or with types of its own. */
const isSystem = ({ streamId, type }: ServerEvent): boolean => streamId.startsWith('$') || type.startsWith('$');

/** Where a record stands in the log: a link where it stands itself, not where it points. */
export function positionIn({ link, event }: ResolvedEvent): Position | undefined {
  const position = (link ?? event)?.position;
  return position === undefined ? undefined : positionOf(position);
}

/**
 * An event as the port has it; undefined for the server's own and for what can no longer be resolved. One that was not
 * written by this adapter, or whose JSON is broken, comes without data and with schema version 0, which no codec takes:
 * readers of its type stop and say so, all others never notice.
 */
export function recordedFrom({ event }: ResolvedEvent): RecordedEvent | undefined {
  if (event?.position === undefined || isSystem(event)) return undefined;
  const stored = isObject(event.metadata) ? event.metadata : undefined;
  const version = stored?.['schemaVersion'];
  const readable = event.isJson && isObject(event.data) && typeof version === 'number';
  return {
    id: event.id,
    type: event.type,
    schemaVersion: readable ? version : NO_VERSION,
    data: readable ? (event.data as JsonObject) : {},
    metadata: metadataOf(stored ?? {}),
    stream: event.streamId as StreamName,
    revision: Number(event.revision),
    position: positionOf(event.position),
    recordedAt: event.created,
  };
}
