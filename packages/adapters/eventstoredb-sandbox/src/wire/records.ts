import type { LogRecord, NewRecord } from '../log/records.ts';
import { canonicalUuid } from '../log/uuid.ts';
import type { ResolvedRecord } from '../log/read.ts';
import { sharedPb, streamsPb } from './protocol.ts';

type Proposed = InstanceType<typeof streamsPb.AppendReq.ProposedMessage>;
type ProposedInBatch = InstanceType<typeof streamsPb.BatchAppendReq.ProposedMessage>;
export type ReadResponse = InstanceType<typeof streamsPb.ReadResp>;

/** The bytes of UTF-8 text, or undefined when the text has half of a surrogate pair. */
const isWellFormed = (text: string): boolean => !/[\ud800-\udfff]/u.test(text);

/** A proposed event, or undefined for what makes a real server throw: a bad id, an empty or broken type. */
export function recordFrom(message: Proposed | ProposedInBatch): NewRecord | undefined {
  const id = canonicalUuid(message.getId()?.getString() ?? '');
  const type = message.getMetadataMap().get('type') ?? '';
  if (id === undefined || type === '' || !isWellFormed(type)) return undefined;
  return {
    id,
    type,
    contentType: message.getMetadataMap().get('content-type') ?? 'application/octet-stream',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** Text of a stream identifier; names are bytes on the wire and become UTF-8 text, broken sequences U+FFFD. */
export const streamNameFrom = (identifier: InstanceType<typeof sharedPb.StreamIdentifier> | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? new Uint8Array()).toString('utf8');

export function streamIdentifier(stream: string): InstanceType<typeof sharedPb.StreamIdentifier> {
  const identifier = new sharedPb.StreamIdentifier();
  identifier.setStreamName(new Uint8Array(Buffer.from(stream, 'utf8')));
  return identifier;
}

function recorded(record: LogRecord): InstanceType<typeof streamsPb.ReadResp.ReadEvent.RecordedEvent> {
  const message = new streamsPb.ReadResp.ReadEvent.RecordedEvent();
  const id = new sharedPb.UUID();
  id.setString(record.id);
  message.setId(id);
  message.setStreamIdentifier(streamIdentifier(record.stream));
  message.setStreamRevision(String(record.revision));
  message.setCommitPosition(String(record.position));
  message.setPreparePosition(String(record.position));
  message.setData(record.data);
  message.setCustomMetadata(record.metadata);
  const map = message.getMetadataMap();
  map.set('type', record.type);
  map.set('created', String(record.createdTicks));
  map.set('content-type', record.contentType);
  return message;
}

/** What is sent to readers: a message, or one that was made into bytes already. */
export type Outgoing = ReadResponse | Buffer;

/** Events are read again and again, and making bytes of them is most of the work. */
const encoded = new WeakMap<LogRecord, Buffer>();

/** The bytes of what is sent to readers. */
export const bytesOf = (outgoing: Outgoing): Buffer =>
  Buffer.isBuffer(outgoing) ? outgoing : Buffer.from(outgoing.serializeBinary());

/** An event on its way to a reader, no link: made once for all of them. */
export function eventBytes(record: LogRecord): Buffer {
  const known = encoded.get(record);
  if (known !== undefined) return known;
  const bytes = bytesOf(eventResponse({ event: record }));
  encoded.set(record, bytes);
  return bytes;
}

/** An event on its way to a reader; the commit position is that of the link where one was followed. */
export function eventResponse(resolved: ResolvedRecord): ReadResponse {
  const read = new streamsPb.ReadResp.ReadEvent();
  if (resolved.event !== undefined) read.setEvent(recorded(resolved.event));
  if (resolved.link !== undefined) read.setLink(recorded(resolved.link));
  const original = resolved.link ?? resolved.event;
  if (original !== undefined) read.setCommitPosition(String(original.position));
  const response = new streamsPb.ReadResp();
  response.setEvent(read);
  return response;
}

export function confirmationResponse(id: string): ReadResponse {
  const confirmation = new streamsPb.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(id);
  const response = new streamsPb.ReadResp();
  response.setConfirmation(confirmation);
  return response;
}

export function caughtUpResponse(): ReadResponse {
  const response = new streamsPb.ReadResp();
  response.setCaughtUp(new streamsPb.ReadResp.CaughtUp());
  return response;
}

export function checkpointResponse(position: bigint): ReadResponse {
  const checkpoint = new streamsPb.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  const response = new streamsPb.ReadResp();
  response.setCheckpoint(checkpoint);
  return response;
}

/** A missing stream is a message of a read, not a failed call. */
export function notFoundResponse(stream: string): ReadResponse {
  const notFound = new streamsPb.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(streamIdentifier(stream));
  const response = new streamsPb.ReadResp();
  response.setStreamNotFound(notFound);
  return response;
}
