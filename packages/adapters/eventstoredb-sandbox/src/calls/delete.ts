import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';

import { streamsPb } from '../wire/protocol.ts';
import { streamNameFrom } from '../wire/records.ts';
import { expectedFrom } from '../wire/requests.ts';
import { commit } from './commit.ts';
import { answering, gate, track, type Context, type Faulted } from './context.ts';

type DeleteRequest = InstanceType<typeof streamsPb.DeleteReq>;
type DeleteResponse = InstanceType<typeof streamsPb.DeleteResp>;
type TombstoneRequest = InstanceType<typeof streamsPb.TombstoneReq>;
type TombstoneResponse = InstanceType<typeof streamsPb.TombstoneResp>;

/** The soft delete: the stream reads as missing, and a later append goes on counting. */
export function softDelete(context: Context) {
  return async (
    call: ServerUnaryCall<DeleteRequest, DeleteResponse>,
    callback: sendUnaryData<DeleteResponse>,
  ): Promise<void> => {
    const answer = answering(context, call, track(context, 'delete', call), callback);
    const position = await change(context, call, answer, 'delete');
    if (position === undefined) return;
    const place = new streamsPb.DeleteResp.Position();
    place.setCommitPosition(String(position));
    place.setPreparePosition(String(position));
    const response = new streamsPb.DeleteResp();
    response.setPosition(place);
    answer.succeed(response);
  };
}

/** The hard delete: nothing can ever be appended to the stream again. */
export function tombstone(context: Context) {
  return async (
    call: ServerUnaryCall<TombstoneRequest, TombstoneResponse>,
    callback: sendUnaryData<TombstoneResponse>,
  ): Promise<void> => {
    const answer = answering(context, call, track(context, 'tombstone', call), callback);
    const position = await change(context, call, answer, 'tombstone');
    if (position === undefined) return;
    const place = new streamsPb.TombstoneResp.Position();
    place.setCommitPosition(String(position));
    place.setPreparePosition(String(position));
    const response = new streamsPb.TombstoneResp();
    response.setPosition(place);
    answer.succeed(response);
  };
}

async function change(
  context: Context,
  call: ServerUnaryCall<DeleteRequest | TombstoneRequest, unknown>,
  answer: Faulted,
  name: 'delete' | 'tombstone',
): Promise<bigint | undefined> {
  const options = call.request.getOptions();
  const stream = streamNameFrom(options?.getStreamIdentifier());
  const fault = context.faults.take(name, stream);
  const refused = gate(context, call.metadata, true);
  if (refused !== undefined) {
    answer.refuse(refused);
    return;
  }
  const expected = options === undefined ? undefined : expectedFrom(options, options.getRevision());
  if (stream === '' || expected === undefined) {
    answer.refuse({ is: 'handlerThrew' });
    return;
  }
  const result = await commit(context, answer, {
    stream,
    ids: [],
    fault,
    abandoned: () => call.cancelled,
    change: () =>
      name === 'delete' ? context.log.softDelete(stream, expected) : context.log.tombstone(stream, expected),
  });
  if (result?.is === 'done') return result.appended.position;
  if (result !== undefined) answer.refuse(result.why);
  return undefined;
}
