import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';

import { featuresPb, type sharedPb } from '../wire/protocol.ts';
import { answering, play, track, type Context } from './context.ts';

type Request = InstanceType<typeof sharedPb.Empty>;
type Response = InstanceType<typeof featuresPb.SupportedMethods>;

/** What this server can do of what a real one lists. */
const METHODS: readonly (readonly [service: string, method: string, ...features: string[]])[] = [
  ['event_store.client.streams.streams', 'read', 'position', 'events'],
  ['event_store.client.streams.streams', 'append'],
  ['event_store.client.streams.streams', 'delete'],
  ['event_store.client.streams.streams', 'tombstone'],
  ['event_store.client.streams.streams', 'batchappend', 'deadline_duration'],
  ['event_store.client.gossip.gossip', 'read'],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods'],
];

/** Version numbers as the servers of the two modes give them. */
export const versionOf = (context: Pick<Context, 'mode'>): string => (context.mode === '23.10' ? '23.10.8' : '24.2.0');

/** Answers which calls there are. A client asks once, and keeps a failure for ever. */
export function features(context: Context) {
  return async (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): Promise<void> => {
    const answer = answering(context, call, track(context, 'features', call), callback);
    if (await play(context, context.faults.take('features', undefined), answer)) return;
    const response = new featuresPb.SupportedMethods();
    response.setEventStoreServerVersion(versionOf(context));
    for (const [service, method, ...list] of METHODS) {
      const supported = new featuresPb.SupportedMethod();
      supported.setServiceName(service);
      supported.setMethodName(method);
      supported.setFeaturesList(list);
      response.addMethods(supported);
    }
    answer.succeed(response);
  };
}
