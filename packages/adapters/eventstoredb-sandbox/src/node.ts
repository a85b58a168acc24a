import { Server, ServerCredentials } from '@grpc/grpc-js';

import { append } from './calls/append.ts';
import { batchAppend } from './calls/batch-append.ts';
import type { Context } from './calls/context.ts';
import { softDelete, tombstone } from './calls/delete.ts';
import { features, versionOf } from './calls/features.ts';
import { gossip } from './calls/gossip.ts';
import { read } from './calls/read.ts';
import { Front, type TlsFiles } from './front/front.ts';
import { httpSide } from './front/http.ts';
import { bytesOf } from './wire/records.ts';
import { GossipService, ServerFeaturesService, StreamsService } from './wire/protocol.ts';

/** The largest message a real server takes: a log record less what it needs for itself. */
const LARGEST_MESSAGE = 16 * 1024 * 1024 - 10_000;

const streams = { ...StreamsService, read: { ...StreamsService.read, responseSerialize: bytesOf } };

/** How a node listens. */
export interface NodeOptions {
  readonly port: number;
  readonly maxConcurrentCalls: number;
  readonly tls: TlsFiles | undefined;
}

/** A node that is up. */
export interface RunningNode {
  readonly front: Front;
  /** Cuts everything at once. */
  readonly stop: () => Promise<void>;
  /** Lets the calls that have just been ended reach their clients, then stops. */
  readonly stopGently: () => Promise<void>;
}

/** A handler that goes on by itself: an exception in it is a defect and must be seen, so nobody catches it. */
const started =
  <Arguments extends readonly unknown[]>(handler: (...args: Arguments) => Promise<void>) =>
  (...args: Arguments): void => {
    void handler(...args);
  };

/** Brings a node up: the gRPC services behind the port that clients see. */
export async function bringUp(context: Context, options: NodeOptions): Promise<RunningNode> {
  const server = new Server({
    'grpc.max_concurrent_streams': options.maxConcurrentCalls,
    'grpc.max_receive_message_length': LARGEST_MESSAGE,
    'grpc.max_send_message_length': -1,
  });
  server.addService(streams, {
    append: append(context),
    batchAppend: batchAppend(context),
    read: started(read(context)),
    delete: started(softDelete(context)),
    tombstone: started(tombstone(context)),
  });
  server.addService(ServerFeaturesService, { getSupportedMethods: started(features(context)) });
  server.addService(GossipService, { read: started(gossip(context)) });
  const grpcPort = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
  const http = httpSide({
    version: versionOf(context),
    insecure: context.users === undefined,
    ready: context.ready,
    members: context.members,
    self: context.self,
  });
  const front = await Front.listen(options.port, grpcPort, http, options.tls).catch((error: unknown) => {
    server.forceShutdown();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await front.close();
    http.closeAllConnections();
    server.forceShutdown();
  };
  return {
    front,
    stop,
    stopGently: async () => {
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await stop();
    },
  };
}
