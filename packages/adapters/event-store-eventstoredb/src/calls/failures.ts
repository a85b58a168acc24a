import type { StoreError, StoreRefused } from '@mailroom/domain';

import { CallTimedOut } from './patience.ts';

/** What the client's errors come down to. It has typed ones, raw ones of gRPC, and some with nothing but a message. */
export type Failure =
  | { readonly is: 'wrongRevision'; readonly actual: bigint | 'no_stream' }
  | { readonly is: 'tooLarge'; readonly max: number }
  | { readonly is: 'notFound' }
  | { readonly is: 'notLeader' }
  /** It will not be done, however often it is asked. */
  | { readonly is: 'refused'; readonly reason: StoreRefused['reason']; readonly problem: string }
  /** Nothing was sent, or the server said that it did nothing; it may pass. */
  | { readonly is: 'notDone' }
  /** An exception in the server. Nothing is known. */
  | { readonly is: 'threw' }
  /** Nothing is known: connection lost, time up, anything else. */
  | { readonly is: 'unknown' };

/** A failure, and what may be shown of its cause. */
export interface Classified {
  readonly failure: Failure;
  readonly cause: FailureCause;
}

/** What is kept of a client's error: never the error itself, which drags along whatever the client had at hand. */
interface FailureCause {
  readonly type: string;
  readonly code: number | null;
  readonly message: string;
}

interface ClientError {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly actualVersion?: unknown;
  readonly maxAppendSize?: unknown;
}

const LONGEST_MESSAGE = 300;
/** gRPC's words for a call that found no connection to be sent by, and the client's for a cluster without an answer. */
const NEVER_SENT = /No connection established|Failed to discover after|Name resolution failed|ECONNREFUSED/;
/** The server's words for a write that it did not begin. They come as `unknown` without a code, or as code 14. */
const NOT_BEGUN = /Server Is Not Ready|Server Is Too Busy|No leader info available/;
const THREW = /Exception was thrown by handler/;
/** What servers from 24.10 on say of one event; the client has no type for it. */
const EVENT_TOO_LARGE = /exceed\w* Max\w* Append Event Size of (\d+)/i;
/** gRPC's code for an argument that no repeat makes better. */
const INVALID_ARGUMENT = 3;

/** Sorts an error of the client by type, code and message: none of the three is always there. */
export function classify(error: unknown): Classified {
  const { type, code, message, actualVersion, maxAppendSize } = (error ?? {}) as ClientError;
  const text = typeof message === 'string' ? message : '';
  const cause: FailureCause = {
    type: typeof type === 'string' ? type : error instanceof CallTimedOut ? error.name : 'error',
    code: typeof code === 'number' ? code : null,
    message: text.slice(0, LONGEST_MESSAGE),
  };
  return { failure: failureOf(cause, actualVersion, maxAppendSize), cause };
}

function failureOf(cause: FailureCause, actualVersion: unknown, maxAppendSize: unknown): Failure {
  switch (cause.type) {
    case 'wrong-expected-version':
      return { is: 'wrongRevision', actual: typeof actualVersion === 'bigint' ? actualVersion : 'no_stream' };
    case 'maximum-append-size-exceeded':
      return { is: 'tooLarge', max: Number(maxAppendSize) };
    case 'stream-not-found':
    case 'no-stream':
      return { is: 'notFound' };
    case 'not-leader':
      return { is: 'notLeader' };
    case 'stream-deleted':
      return { is: 'refused', reason: 'streamDeleted', problem: 'the stream was deleted for ever' };
    case 'access-denied':
      return { is: 'refused', reason: 'accessDenied', problem: 'the server denies access to this user' };
    case 'invalid-argument':
      return { is: 'refused', reason: 'invalid', problem: 'the client does not take these arguments' };
    default:
      return failureIn(cause);
  }
}

/** For errors that the client has no type for, or the same for all. */
function failureIn({ code, message }: FailureCause): Failure {
  const [, largest] = EVENT_TOO_LARGE.exec(message) ?? [];
  if (largest !== undefined) return { is: 'tooLarge', max: Number(largest) };
  if (code === INVALID_ARGUMENT) {
    return { is: 'refused', reason: 'invalid', problem: 'the server does not take these arguments' };
  }
  if (THREW.test(message)) return { is: 'threw' };
  return NEVER_SENT.test(message) || NOT_BEGUN.test(message) ? { is: 'notDone' } : { is: 'unknown' };
}

/** How a read that failed so is reported. */
export function asStoreError({ failure, cause }: Classified): StoreError {
  if (failure.is !== 'refused') return { _tag: 'StoreUnavailable', cause };
  return { _tag: 'StoreRefused', reason: failure.reason, problem: failure.problem };
}
