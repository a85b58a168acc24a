import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';

import { gossipPb, sharedPb } from '../wire/protocol.ts';
import { answering, play, track, type Context, type Member } from './context.ts';

type Request = InstanceType<typeof sharedPb.Empty>;
type Response = InstanceType<typeof gossipPb.ClusterInfo>;

const { VNodeState } = gossipPb.MemberInfo;
const STATES = { leader: VNodeState.LEADER, follower: VNodeState.FOLLOWER, unknown: VNodeState.UNKNOWN } as const;

function memberInfo(member: Member): InstanceType<typeof gossipPb.MemberInfo> {
  const id = new sharedPb.UUID();
  id.setString(member.id);
  const endPoint = new gossipPb.EndPoint();
  endPoint.setAddress(member.host);
  endPoint.setPort(member.port);
  const info = new gossipPb.MemberInfo();
  info.setInstanceId(id);
  info.setState(STATES[member.state]);
  info.setIsAlive(member.alive);
  info.setTimeStamp(String(BigInt(Date.now()) * 10_000n));
  info.setHttpEndPoint(endPoint);
  return info;
}

/** Tells who is in the cluster and who leads it. Answered to anybody, as by a real server, also before it is ready. */
export function gossip(context: Context) {
  return async (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): Promise<void> => {
    const answer = answering(context, call, track(context, 'gossip', call), callback);
    if (await play(context, context.faults.take('gossip', undefined), answer)) return;
    const response = new gossipPb.ClusterInfo();
    for (const member of context.members()) response.addMembers(memberInfo(member));
    answer.succeed(response);
  };
}
