import {
  convertToCommandError,
  NO_STREAM,
  WrongExpectedVersionError,
  type AppendResult,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { CallOptions, Metadata } from '@grpc/grpc-js';

import type { EncodedEvent } from '../stored/encode.ts';

type Response = InstanceType<typeof streamsPb.AppendResp>;

/** What the client keeps for itself and for its commands: the connection behind it, and how a call is made on it. */
interface Internals {
  readonly execute: <T>(
    Client: typeof StreamsClient,
    name: string,
    call: (client: InstanceType<typeof StreamsClient>) => Promise<T>,
  ) => Promise<T>;
  readonly callArguments: (options: {
    readonly credentials: { readonly username: string; readonly password: string };
    readonly requiresLeader: boolean;
    readonly deadline: number;
  }) => [Metadata, CallOptions];
}

/** One append, as it is sent. */
export interface AppendCall {
  readonly stream: string;
  readonly expected: bigint | typeof NO_STREAM;
  readonly events: readonly EncodedEvent[];
  readonly credentials: { readonly username: string; readonly password: string };
  /** Milliseconds the server has for it. */
  readonly deadline: number;
}

/**
 * An append by a call of its own, on the client's connection and with its credentials, reconnection and errors. The
 * client's own way takes objects, makes JSON, base64 and bytes of them, and sends one message at a time; this one sends
 * bytes that are there already, all at once, so that no error can come between two messages.
 */
export async function appendCall(client: EventStoreDBClient, append: AppendCall): Promise<AppendResult> {
  const { execute, callArguments } = client as unknown as Internals;
  const { credentials, deadline } = append;
  return await execute(
    StreamsClient,
    'append',
    (streams) =>
      new Promise((resolve, reject) => {
        const [metadata, options] = callArguments({ credentials, requiresLeader: true, deadline });
        const call = streams.append(metadata, options, (error, response) => {
          if (error !== null) {
            reject(convertToCommandError(error));
            return;
          }
          const result = resultOf(append, response);
          if (result instanceof Error) reject(result);
          else resolve(result);
        });
        call.on('error', reject);
        call.write(header(append));
        for (const event of append.events) call.write(proposed(event));
        call.end();
      }),
  );
}

function header({ stream, expected }: AppendCall): InstanceType<typeof streamsPb.AppendReq> {
  const identifier = new sharedPb.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  const options = new streamsPb.AppendReq.Options();
  options.setStreamIdentifier(identifier);
  if (expected === NO_STREAM) options.setNoStream(new sharedPb.Empty());
  else options.setRevision(expected.toString());
  const request = new streamsPb.AppendReq();
  request.setOptions(options);
  return request;
}

function proposed({ id, type, data, metadata }: EncodedEvent): InstanceType<typeof streamsPb.AppendReq> {
  const uuid = new sharedPb.UUID();
  uuid.setString(id);
  const message = new streamsPb.AppendReq.ProposedMessage();
  message.setId(uuid);
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  message.setData(data);
  message.setCustomMetadata(metadata);
  const request = new streamsPb.AppendReq();
  request.setProposedMessage(message);
  return request;
}

function resultOf({ stream, expected }: AppendCall, response: Response): AppendResult | Error {
  const wrong = response.getWrongExpectedVersion();
  if (wrong !== undefined) {
    const current = wrong.hasCurrentRevision() ? BigInt(wrong.getCurrentRevision()) : NO_STREAM;
    return new WrongExpectedVersionError(null as never, { streamName: stream, expected, current });
  }
  const success = response.getSuccess();
  if (success === undefined) return new Error('the server gave no answer');
  const at = success.getPosition();
  const position =
    at === undefined
      ? {}
      : { position: { commit: BigInt(at.getCommitPosition()), prepare: BigInt(at.getPreparePosition()) } };
  return { success: true, nextExpectedRevision: BigInt(success.getCurrentRevision()), ...position };
}
