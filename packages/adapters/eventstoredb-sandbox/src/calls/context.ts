import type { Metadata, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';

import type { CallName, Fault, Faults } from '../faults/faults.ts';
import type { Tally } from '../faults/tally.ts';
import type { EventLog } from '../log/event-log.ts';
import { endedWithoutAnswer, toStatus, type Refusal } from '../wire/refusals.ts';

/** Which server is imitated where they differ: 23.10 drops a slow live subscription, 24.2 lets it catch up again. */
export type Mode = '23.10' | '24.2';

/** A node as gossip shows it. */
export interface Member {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly state: 'leader' | 'follower' | 'unknown';
  readonly alive: boolean;
}

/** What the calls of one node share. */
export interface Context {
  readonly log: EventLog;
  readonly faults: Faults;
  readonly tally: Tally;
  readonly mode: Mode;
  /** Bytes of data that one append may have. */
  readonly maxAppendSize: number;
  /** Whether a batch append with a broken event is answered once more when its time is up. */
  readonly answersBrokenAppendsTwice: boolean;
  /** Milliseconds after which that second answer comes. */
  readonly writeTimeoutMs: number;
  /** Milliseconds a repeat waits for the write in flight before it is told that time is up. */
  readonly commitTimeoutMs: number;
  readonly ready: () => boolean;
  readonly members: () => readonly Member[];
  /** This node's own id among the members. */
  readonly self: string;
  /** Undefined when anybody may do anything, as on an insecure server. */
  readonly users: ReadonlyMap<string, string> | undefined;
  /** Ends every call that is open, when the server is asked to stop. */
  readonly endings: Set<() => void>;
  /** Cuts the connection a call came by. */
  readonly cut: (peer: string) => void;
  /** Resolves once the calls that were given up while the server stood still are known to be. */
  readonly settled: () => Promise<void>;
  /** Resolves after so many milliseconds, and never once the node is down. */
  readonly wait: (ms: number) => Promise<void>;
}

function isKnownUser(users: ReadonlyMap<string, string>, metadata: Metadata): boolean {
  const [header] = metadata.get('authorization');
  const encoded = /^Basic (.+)$/.exec(String(header ?? ''))?.[1] ?? '';
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return user !== undefined && users.get(user) === password;
}

/** Why a node cannot serve a call at all, before it looks at what is asked. */
export function gate(context: Context, metadata: Metadata, writes: boolean): Refusal | undefined {
  if (!context.ready()) return { is: 'notReady' };
  if (context.users !== undefined && !isKnownUser(context.users, metadata)) return { is: 'accessDenied' };
  const leader = context.members().find((member) => member.state === 'leader' && member.alive);
  if (leader === undefined) return writes ? { is: 'notReady' } : undefined;
  const needsLeader = metadata.get('requires-leader').some((value) => String(value).toLowerCase() === 'true');
  if (!needsLeader || leader.id === context.self) return undefined;
  return { is: 'notLeader', host: leader.host, port: leader.port };
}

/** A call as the faults see it. */
export interface Faulted {
  readonly peer: () => string;
  readonly refuse: (why: Refusal) => void;
  /** Ends the call well, without the answer it owes. */
  readonly end: () => void;
}

/** Plays a fault on a call with one answer. True when the call is over (or will never be): nothing more may be answered. */
export async function play(context: Context, fault: Fault | undefined, call: Faulted): Promise<boolean> {
  switch (fault?.kind) {
    case 'slow':
      await context.wait(fault.ms);
      return false;
    case 'stall':
      return true;
    case 'drop':
      context.cut(call.peer());
      return true;
    case 'end':
      call.end();
      return true;
    case 'refuse':
      call.refuse(fault.with);
      return true;
    case undefined:
    case 'secondAnswer':
    case 'badJson':
    case 'unconfirmed':
      return false;
  }
}

/** The fault if it belongs to this moment of a write. */
export function faultAt(fault: Fault | undefined, moment: 'before' | 'after'): Fault | undefined {
  const committed = fault !== undefined && 'committed' in fault && fault.committed;
  return committed === (moment === 'after') ? fault : undefined;
}

/** The events that end a call with one answer from outside; the answer itself ends it otherwise. */
const ENDS_OF_ANSWERED = ['cancelled'] as const;
/** The events that end a call with many answers. */
const ENDS_OF_STREAMED = ['cancelled', 'close', 'finish', 'error'] as const;

/** Counts a call until it ends, however it ends; the returned function ends it where the call itself does not tell. */
export function track(context: Context, name: CallName, call: NodeJS.EventEmitter): () => void {
  const over = context.tally.start(name);
  const streamed = name === 'read' || name === 'subscribe' || name === 'batchAppend';
  for (const event of streamed ? ENDS_OF_STREAMED : ENDS_OF_ANSWERED) call.once(event, over);
  return over;
}

/** Has a call ended when the server stops; the returned function says that it is over already. */
export function endable(context: Context, end: () => void): () => void {
  context.endings.add(end);
  return () => context.endings.delete(end);
}

/** A call with one answer. */
export interface Answering<Response> extends Faulted {
  readonly succeed: (response: Response) => void;
}

/** Sees to it that a call is answered at most once, and counted as over then. */
export function answering<Response>(
  context: Context,
  call: Pick<ServerUnaryCall<unknown, unknown>, 'getPeer'>,
  over: () => void,
  callback: sendUnaryData<Response>,
): Answering<Response> {
  let answered = false;
  const answer = (...result: Parameters<sendUnaryData<Response>>): void => {
    if (answered) return;
    answered = true;
    ended();
    over();
    callback(...result);
  };
  const ended = endable(context, () => answer(toStatus({ is: 'shuttingDown' })));
  return {
    peer: () => call.getPeer(),
    succeed: (response) => answer(null, response),
    refuse: (why) => answer(toStatus(why)),
    end: () => answer(endedWithoutAnswer()),
  };
}
