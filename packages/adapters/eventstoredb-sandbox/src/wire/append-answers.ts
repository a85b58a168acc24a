import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/records.ts';
import { anyPb, protobufEmptyPb, sharedPb, statusPb, streamsPb } from './protocol.ts';
import { toStatus, type Refusal } from './refusals.ts';
import { streamIdentifier } from './records.ts';

type WrongRevision = Extract<Refusal, { readonly is: 'wrongRevision' }>;
type BatchAnswer = InstanceType<typeof streamsPb.BatchAppendResp>;

/** What a successful append reports. A negative revision means that nothing was ever written. */
export interface Appended {
  readonly revision: bigint;
  readonly position: bigint;
}

export function unarySuccess({ revision, position }: Appended): InstanceType<typeof streamsPb.AppendResp> {
  const success = new streamsPb.AppendResp.Success();
  if (revision < 0n) success.setNoStream(new sharedPb.Empty());
  else success.setCurrentRevision(String(revision));
  const place = new streamsPb.AppendResp.Position();
  place.setCommitPosition(String(position));
  place.setPreparePosition(String(position));
  success.setPosition(place);
  const response = new streamsPb.AppendResp();
  response.setSuccess(success);
  return response;
}

/** A wrong revision is an answer of the unary append, not a failed call. */
export function unaryWrongRevision({ expected, current }: WrongRevision): InstanceType<typeof streamsPb.AppendResp> {
  const wrong = new streamsPb.AppendResp.WrongExpectedVersion();
  if (current < 0n) wrong.setCurrentNoStream(new sharedPb.Empty());
  else wrong.setCurrentRevision(String(current));
  if (expected === ANY) wrong.setExpectedAny(new sharedPb.Empty());
  else if (expected === NO_STREAM) wrong.setExpectedNoStream(new sharedPb.Empty());
  else if (expected === STREAM_EXISTS) wrong.setExpectedStreamExists(new sharedPb.Empty());
  else wrong.setExpectedRevision(String(expected));
  const response = new streamsPb.AppendResp();
  response.setWrongExpectedVersion(wrong);
  return response;
}

/** An answer on the batch stream carries the correlation id and the stream it belongs to. */
function batchAnswer(correlationId: string, stream: string): BatchAnswer {
  const id = new sharedPb.UUID();
  id.setString(correlationId);
  const response = new streamsPb.BatchAppendResp();
  response.setCorrelationId(id);
  response.setStreamIdentifier(streamIdentifier(stream));
  return response;
}

export function batchSuccess(correlationId: string, stream: string, appended: Appended): BatchAnswer {
  const success = new streamsPb.BatchAppendResp.Success();
  if (appended.revision < 0n) success.setNoStream(new protobufEmptyPb.Empty());
  else success.setCurrentRevision(String(appended.revision));
  const place = new sharedPb.AllStreamPosition();
  place.setCommitPosition(String(appended.position));
  place.setPreparePosition(String(appended.position));
  success.setPosition(place);
  const response = batchAnswer(correlationId, stream);
  response.setSuccess(success);
  return response;
}

function wrongRevisionDetails({ expected, current }: WrongRevision): Uint8Array {
  const wrong = new sharedPb.WrongExpectedVersion();
  if (current < 0n) wrong.setCurrentNoStream(new protobufEmptyPb.Empty());
  else wrong.setCurrentStreamRevision(String(current));
  if (expected === ANY) wrong.setExpectedAny(new protobufEmptyPb.Empty());
  else if (expected === NO_STREAM) wrong.setExpectedNoStream(new protobufEmptyPb.Empty());
  else if (expected === STREAM_EXISTS) wrong.setExpectedStreamExists(new protobufEmptyPb.Empty());
  else wrong.setExpectedStreamPosition(String(expected));
  return wrong.serializeBinary();
}

interface Details {
  readonly type: string;
  readonly message: string;
  readonly bytes: Uint8Array;
}

function batchDetails(refusal: Refusal): Details {
  const EMPTY = new Uint8Array();
  switch (refusal.is) {
    case 'wrongRevision':
      return { type: 'WrongExpectedVersion', message: 'WrongExpectedVersion', bytes: wrongRevisionDetails(refusal) };
    case 'streamDeleted': {
      const deleted = new sharedPb.StreamDeleted();
      deleted.setStreamIdentifier(streamIdentifier(refusal.stream));
      return { type: 'StreamDeleted', message: 'StreamDeleted', bytes: deleted.serializeBinary() };
    }
    case 'tooLarge': {
      const tooLarge = new sharedPb.MaximumAppendSizeExceeded();
      tooLarge.setMaxappendsize(refusal.limit);
      const bytes = tooLarge.serializeBinary();
      return { type: 'MaximumAppendSizeExceeded', message: 'MaximumAppendSizeExceeded', bytes };
    }
    case 'accessDenied':
      return { type: 'AccessDenied', message: 'AccessDenied', bytes: EMPTY };
    case 'writeTimeout':
      return { type: 'Timeout', message: 'Timeout', bytes: EMPTY };
    case 'badRequest':
      return { type: 'BadRequest', message: 'BadRequest', bytes: EMPTY };
    case 'notReady':
    case 'tooBusy':
    case 'notLeader':
    case 'noLeader':
    case 'consumerTooSlow':
    case 'shuttingDown':
    case 'handlerThrew':
    case 'status':
      // The batch stream has no form of its own for these: the text is all a client gets.
      return { type: 'BadRequest', message: toStatus(refusal).details ?? '', bytes: EMPTY };
  }
}

export function batchRefusal(correlationId: string, stream: string, refusal: Refusal): BatchAnswer {
  const { type, message, bytes } = batchDetails(refusal);
  const any = new anyPb.Any();
  any.pack(bytes, `event_store.client.${type}`);
  const error = new statusPb.Status();
  error.setMessage(message);
  error.setDetails(any);
  const response = batchAnswer(correlationId, stream);
  response.setError(error);
  return response;
}
