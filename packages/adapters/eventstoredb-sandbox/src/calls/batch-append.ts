import type { ServerDuplexStream } from '@grpc/grpc-js';

import type { Fault } from '../faults/faults.ts';
import type { NewRecord } from '../log/records.ts';
import { batchRefusal, batchSuccess } from '../wire/append-answers.ts';
import type { streamsPb } from '../wire/protocol.ts';
import { recordFrom, streamNameFrom } from '../wire/records.ts';
import { toStatus, type Refusal } from '../wire/refusals.ts';
import { expectedFrom } from '../wire/requests.ts';
import { commit, tooLarge } from './commit.ts';
import { endable, gate, track, type Context } from './context.ts';

type Request = InstanceType<typeof streamsPb.BatchAppendReq>;
type Response = InstanceType<typeof streamsPb.BatchAppendResp>;
type Call = ServerDuplexStream<Request, Response>;

/** An append of which some chunks may still be missing. */
interface Pending {
  readonly correlationId: string;
  readonly stream: string;
  readonly expected: bigint | undefined;
  /** Milliseconds since the epoch after which the server does not start to write. */
  readonly deadline: number;
  readonly events: NewRecord[];
  readonly fault: Fault | undefined;
  /** Answered already: later chunks of it are read and forgotten. */
  answered: boolean;
}

/** The append stream that all appends of a client share, answers told apart by correlation ids. */
export function batchAppend(context: Context) {
  return (call: Call): void => {
    const pending = new Map<string, Pending>();
    track(context, 'batchAppend', call);
    const ended = endable(context, () => call.emit('error', toStatus({ is: 'shuttingDown' })));
    for (const event of ['cancelled', 'close']) call.once(event, ended);
    call.on('error', () => undefined);
    call.on('data', (request: Request) => void take(context, call, pending, request));
    call.on('end', () => call.end());
  };
}

/** On the shared stream most refusals are messages about one append; the others end the stream for everybody. */
function refuse(call: Call, append: Pending, why: Refusal): void {
  append.answered = true;
  if (why.is === 'handlerThrew' || why.is === 'shuttingDown' || why.is === 'status') {
    call.emit('error', toStatus(why));
  } else if (!call.cancelled && call.writable) call.write(batchRefusal(append.correlationId, append.stream, why));
}

async function take(context: Context, call: Call, pending: Map<string, Pending>, request: Request): Promise<void> {
  const correlationId = request.getCorrelationId()?.getString() ?? '';
  const isFirst = !pending.has(correlationId);
  const append = pending.get(correlationId) ?? begin(context, correlationId, request);
  pending.set(correlationId, append);
  if (request.getIsFinal()) pending.delete(correlationId);
  if (append.answered) return;

  const events = request.getProposedMessagesList().map(recordFrom);
  const whole = events.filter((event) => event !== undefined);
  if (whole.length < events.length) {
    // A broken event in a later chunk is an exception in the server, and everything pending on the stream goes with it.
    if (!isFirst) {
      refuse(call, append, { is: 'handlerThrew' });
      return;
    }
    refuse(call, append, { is: 'badRequest' });
    if (context.answersBrokenAppendsTwice) await answerAgain(context, call, append);
    return;
  }
  append.events.push(...whole);
  const refused = gate(context, call.metadata, true) ?? tooLarge(context, append.events);
  if (refused !== undefined) {
    refuse(call, append, refused);
    return;
  }
  if (append.expected === undefined || append.stream === '') {
    refuse(call, append, { is: 'badRequest' });
    return;
  }
  if (request.getIsFinal()) await finish(context, call, append, append.expected);
}

function begin(context: Context, correlationId: string, request: Request): Pending {
  const options = request.getOptions();
  const stream = streamNameFrom(options?.getStreamIdentifier());
  return {
    correlationId,
    stream,
    expected: options === undefined ? undefined : expectedFrom(options, options.getStreamPosition()),
    deadline: options?.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY,
    events: [],
    fault: context.faults.take('batchAppend', stream),
    answered: false,
  };
}

async function finish(context: Context, call: Call, append: Pending, expected: bigint): Promise<void> {
  if (Date.now() > append.deadline) {
    refuse(call, append, { is: 'writeTimeout' });
    return;
  }
  const { fault, stream, events } = append;
  const faulted = {
    peer: () => call.getPeer(),
    refuse: (why: Refusal) => refuse(call, append, why),
    end: () => void call.end(),
  };
  const result = await commit(context, faulted, {
    stream,
    ids: events.map((event) => event.id),
    fault,
    abandoned: () => call.cancelled,
    change: () => context.log.append(stream, expected, events),
  });
  if (result?.is === 'done') call.write(batchSuccess(append.correlationId, stream, result.appended));
  else if (result !== undefined) refuse(call, append, result.why);
  if (fault?.kind === 'secondAnswer') await answerAgain(context, call, append, fault.afterMs);
}

/** What poisons a client: a write that was given up is answered once more when its time is up. */
async function answerAgain(
  context: Context,
  call: Call,
  append: Pending,
  afterMs = context.writeTimeoutMs,
): Promise<void> {
  await context.wait(afterMs);
  refuse(call, append, { is: 'writeTimeout' });
}
