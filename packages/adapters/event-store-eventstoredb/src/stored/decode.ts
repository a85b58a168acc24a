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
const isSystem = ({ streamId, type }: ServerEvent): boolean => streamId.startsWith('$') || type.startsWith('$');

/** Where a record stands in the log: a link where it stands itself, not where it points. */
export function positionIn({ link, event }: ResolvedEvent): Position | undefined {
  const position = (link ?? event)?.position;
  return position === undefined ? undefined : positionOf(position);
}

/**
 * An event as the port has it; undefined for the server's own and for what can no longer be resolved. One that was not
 * written by this adapter, or whose JSON is broken, comes without data and with schema version 0, which no codec takes:
 * readers of its type stop and say so, all others never notice. What it has in common with the event that was read `before`
 * it is not kept twice: most of the time a long read takes is spent on what it keeps.
 */
export function recordedFrom({ event }: ResolvedEvent, before?: RecordedEvent): RecordedEvent | undefined {
  if (event?.position === undefined || isSystem(event)) return undefined;
  const stored = isObject(event.metadata) ? event.metadata : undefined;
  const version = stored?.['schemaVersion'];
  const readable = event.isJson && isObject(event.data) && typeof version === 'number';
  return {
    id: event.id,
    type: shared(event.type, before?.type),
    schemaVersion: readable ? version : NO_VERSION,
    data: readable ? (event.data as JsonObject) : {},
    metadata: metadataOf(stored ?? {}, before?.metadata),
    stream: shared(event.streamId, before?.stream) as StreamName,
    revision: Number(event.revision),
    position: positionOf(event.position),
    recordedAt: event.created,
  };
}
