import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';

import type { NewRecord } from '../log/records.ts';
import { unarySuccess, unaryWrongRevision } from '../wire/append-answers.ts';
import type { streamsPb } from '../wire/protocol.ts';
import { recordFrom, streamNameFrom } from '../wire/records.ts';
import { expectedFrom } from '../wire/requests.ts';
import { commit, tooLarge } from './commit.ts';
import { answering, gate, track, type Answering, type Context } from './context.ts';

type Request = InstanceType<typeof streamsPb.AppendReq>;
type Response = InstanceType<typeof streamsPb.AppendResp>;
type Options = InstanceType<typeof streamsPb.AppendReq.Options>;

/** The append of a call of its own: options first, then one message per event, one answer at the end. */
export function append(context: Context) {
  return (call: ServerReadableStream<Request, Response>, callback: sendUnaryData<Response>): void => {
    let options: Options | undefined;
    const events: (NewRecord | undefined)[] = [];
    const over = track(context, 'append', call);
    call.on('error', () => undefined);
    call.on('data', (request: Request) => {
      const proposed = request.getProposedMessage();
      if (request.hasOptions()) options = request.getOptions();
      else if (proposed !== undefined) events.push(recordFrom(proposed));
    });
    call.on('end', () => void finish(context, call, options, events, answering(context, call, over, callback)));
  };
}

async function finish(
  context: Context,
  call: ServerReadableStream<Request, Response>,
  options: Options | undefined,
  events: readonly (NewRecord | undefined)[],
  answer: Answering<Response>,
): Promise<void> {
  const stream = streamNameFrom(options?.getStreamIdentifier());
  const fault = context.faults.take('append', stream);
  const whole = events.filter((event) => event !== undefined);
  const expected = options === undefined ? undefined : expectedFrom(options, options.getRevision());
  const refused = gate(context, call.metadata, true);
  if (refused !== undefined) {
    answer.refuse(refused);
    return;
  }
  if (stream === '' || expected === undefined || whole.length < events.length) {
    answer.refuse({ is: 'handlerThrew' });
    return;
  }
  const oversize = tooLarge(context, whole);
  if (oversize !== undefined) {
    answer.refuse(oversize);
    return;
  }
  const result = await commit(context, answer, {
    stream,
    ids: whole.map((event) => event.id),
    fault,
    abandoned: () => call.cancelled,
    change: () => context.log.append(stream, expected, whole),
  });
  if (result === undefined) return;
  if (result.is === 'done') answer.succeed(unarySuccess(result.appended));
  else if (result.why.is === 'wrongRevision') answer.succeed(unaryWrongRevision(result.why));
  else answer.refuse(result.why);
}
