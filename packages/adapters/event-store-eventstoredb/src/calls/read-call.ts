import { convertToCommandError, type EventStoreDBClient } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { CallOptions, ClientReadableStream, Metadata } from '@grpc/grpc-js';

import { AnswerReader, type ReadAnswer } from '../stored/answers.ts';
import { messageOf, type ReadRequest } from './read-request.ts';

/** What the client keeps for itself and for its commands: the connection behind it, and how a read is made on it. */
interface Internals {
  readonly GRPCStreamCreator: (
    Client: typeof StreamsClient,
    name: string,
    open: (client: InstanceType<typeof StreamsClient>) => ClientReadableStream<Buffer>,
  ) => () => Promise<unknown>;
  readonly callArguments: (
    options: { readonly requiresLeader: boolean },
    callOptions: { readonly deadline: number },
  ) => [Metadata, CallOptions];
}

/** Who is told what a read brings, until it is closed. */
export interface ReadListener {
  readonly onAnswer: (answer: ReadAnswer) => void;
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/** A read under way. */
export interface OpenRead {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Cancels it, unless it has ended: one that is merely left keeps its place on the connection for ever. */
  readonly close: () => Promise<void>;
}

const PATH = '/event_store.client.streams.Streams/Read';
const asItIs = (bytes: Buffer): Buffer => bytes;

/**
 * A read or a subscription by a call of its own, on the client's connection and with its credentials, reconnection and
 * errors. It asks for the leader: a follower may not have yet what was acknowledged. The client's own way makes objects of
 * objects of every event, and gives what is no event by another way than events, out of their order.
 */
export function openRead(client: EventStoreDBClient, request: ReadRequest, listener: ReadListener): OpenRead {
  const { GRPCStreamCreator, callArguments } = client as unknown as Internals;
  const answers = new AnswerReader();
  const state: { call?: ClientReadableStream<Buffer>; isOver: boolean; isClosed: boolean } = {
    isOver: false,
    isClosed: false,
  };
  const fail = (error: unknown): void => {
    state.isOver = true;
    if (!state.isClosed) listener.onError(error);
  };
  const take = (bytes: Buffer): void => {
    if (state.isClosed) return;
    try {
      listener.onAnswer(answers.read(bytes));
    } catch (error) {
      listener.onError(error);
    }
  };
  const open = GRPCStreamCreator(StreamsClient, 'read', (streams) => {
    const [metadata, options] = callArguments({ requiresLeader: true }, { deadline: Infinity });
    const message = Buffer.from(messageOf(request).serializeBinary());
    const call = streams.makeServerStreamRequest(PATH, asItIs, asItIs, message, metadata, options);
    state.call = call;
    // Before anything else, and for good: an error that nobody listens to ends the process.
    call.on('error', (error) => fail(convertToCommandError(error)));
    call.on('end', () => {
      state.isOver = true;
      if (!state.isClosed) listener.onEnd();
    });
    call.on('data', take);
    return call;
  });
  const opening = open().catch(fail);

  return {
    pause: () => state.call?.pause(),
    resume: () => state.call?.resume(),
    close: async () => {
      state.isClosed = true;
      await opening;
      // One that is paused never hears that it has ended, and the client would keep it for good.
      state.call?.resume();
      if (state.isOver) return;
      // As the client does: a call that is cancelled by what it has just brought may not hear of it.
      await new Promise((resolve) => setImmediate(resolve));
      state.call?.cancel();
    },
  };
}
