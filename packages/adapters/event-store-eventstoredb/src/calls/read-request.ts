import { END, START, type Position as ServerPosition } from '@eventstore/db-client';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';

const { Options } = streamsPb.ReadReq;

/** How far a read goes. */
interface Extent {
  readonly backwards: boolean;
  /** Undefined: to the end. */
  readonly maxCount: number | undefined;
}

/** A read of one stream. */
interface StreamRead extends Extent {
  readonly of: 'stream';
  readonly stream: string;
  readonly from: bigint | typeof START | typeof END;
}

/** A read of the log. */
interface LogRead extends Extent {
  readonly of: 'log';
  readonly from: ServerPosition | typeof START | typeof END;
}

/** A subscription to the log. */
interface Subscription {
  readonly of: 'subscription';
  readonly from: ServerPosition | typeof START;
  /** Matches the types of events that are wanted. */
  readonly types: string;
  /** Records the server looks at between two checkpoints. */
  readonly window: number;
}

/** What is asked of the server. */
export type ReadRequest = StreamRead | LogRead | Subscription;

/** The request as it is sent. */
export function messageOf(request: ReadRequest): InstanceType<typeof streamsPb.ReadReq> {
  const options = new Options();
  if (request.of === 'stream') options.setStream(streamOptions(request));
  else options.setAll(logOptions(request.from));
  if (request.of === 'subscription') {
    options.setSubscription(new Options.SubscriptionOptions());
    options.setFilter(filterOptions(request));
  } else {
    const { FORWARDS, BACKWARDS } = Options.ReadDirection;
    options.setReadDirection(request.backwards ? BACKWARDS : FORWARDS);
    options.setCount(String(request.maxCount ?? Number.MAX_SAFE_INTEGER));
    options.setNoFilter(new sharedPb.Empty());
  }
  options.setUuidOption(uuidsAsText());
  const message = new streamsPb.ReadReq();
  message.setOptions(options);
  return message;
}

function streamOptions({ stream, from }: StreamRead): InstanceType<typeof Options.StreamOptions> {
  const identifier = new sharedPb.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  const options = new Options.StreamOptions();
  options.setStreamIdentifier(identifier);
  if (from === START) options.setStart(new sharedPb.Empty());
  else if (from === END) options.setEnd(new sharedPb.Empty());
  else options.setRevision(String(from));
  return options;
}

function logOptions(from: LogRead['from']): InstanceType<typeof Options.AllOptions> {
  const options = new Options.AllOptions();
  if (from === START) options.setStart(new sharedPb.Empty());
  else if (from === END) options.setEnd(new sharedPb.Empty());
  else {
    const position = new Options.Position();
    position.setCommitPosition(String(from.commit));
    position.setPreparePosition(String(from.prepare));
    options.setPosition(position);
  }
  return options;
}

/** A checkpoint after every window. */
function filterOptions({ types, window }: Subscription): InstanceType<typeof Options.FilterOptions> {
  const expression = new Options.FilterOptions.Expression();
  expression.setRegex(types);
  const options = new Options.FilterOptions();
  options.setEventType(expression);
  options.setMax(window);
  options.setCheckpointintervalmultiplier(1);
  return options;
}

function uuidsAsText(): InstanceType<typeof Options.UUIDOption> {
  const option = new Options.UUIDOption();
  option.setString(new sharedPb.Empty());
  return option;
}
