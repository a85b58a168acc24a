import { Metadata, status, type ServerErrorResponse } from '@grpc/grpc-js';

/** Why a call is refused: each has one form as a status (calls of their own) and one as a message (the batch stream). */
export type Refusal =
  | { readonly is: 'wrongRevision'; readonly stream: string; readonly expected: bigint; readonly current: bigint }
  | { readonly is: 'streamDeleted'; readonly stream: string }
  | { readonly is: 'tooLarge'; readonly limit: number }
  | { readonly is: 'accessDenied' }
  /** The server did not finish the write in its own time; it may have been written. */
  | { readonly is: 'writeTimeout' }
  | { readonly is: 'notReady' }
  | { readonly is: 'tooBusy' }
  | { readonly is: 'notLeader'; readonly host: string; readonly port: number }
  | { readonly is: 'noLeader' }
  | { readonly is: 'consumerTooSlow' }
  /** How a server that was asked to stop ends the calls that are still open. */
  | { readonly is: 'shuttingDown' }
  /** An exception in the server: malformed ids, empty types, positions inside a record. */
  | { readonly is: 'handlerThrew' }
  | { readonly is: 'badRequest' }
  /** Anything else a test wants the client to see. */
  | { readonly is: 'status'; readonly code: status; readonly details: string };

interface StatusForm {
  readonly code: status;
  readonly details: string;
  readonly trailers?: Readonly<Record<string, string>>;
}

const HANDLER_THREW: StatusForm = { code: status.UNKNOWN, details: 'Exception was thrown by handler.' };

function statusForm(refusal: Refusal): StatusForm {
  switch (refusal.is) {
    case 'wrongRevision':
      return {
        code: status.FAILED_PRECONDITION,
        details: `Append failed due to WrongExpectedVersion. Stream: ${refusal.stream}, Expected version: ${refusal.expected}, Actual version: ${refusal.current}`,
        trailers: {
          exception: 'wrong-expected-version',
          'stream-name': refusal.stream,
          'expected-version': String(refusal.expected),
          'actual-version': String(refusal.current),
        },
      };
    case 'streamDeleted':
      return {
        code: status.FAILED_PRECONDITION,
        details: `Event stream '${refusal.stream}' is deleted.`,
        trailers: { exception: 'stream-deleted', 'stream-name': refusal.stream },
      };
    case 'tooLarge':
      return {
        code: status.INVALID_ARGUMENT,
        details: `Maximum Append Size of ${refusal.limit} Exceeded.`,
        trailers: { exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(refusal.limit) },
      };
    case 'accessDenied':
      return { code: status.PERMISSION_DENIED, details: 'Access Denied', trailers: { exception: 'access-denied' } };
    case 'writeTimeout':
      return { code: status.ABORTED, details: 'Operation timed out. Details: Commit phase timeout.' };
    case 'consumerTooSlow':
      return {
        code: status.ABORTED,
        details:
          'Operation timed out. Details: Consumer too slow to handle event while live. Client resubscription required.',
      };
    case 'notReady':
      return { code: status.UNAVAILABLE, details: 'Server Is Not Ready' };
    case 'tooBusy':
      return { code: status.UNAVAILABLE, details: 'Server Is Too Busy' };
    case 'notLeader':
      return {
        code: status.NOT_FOUND,
        details: 'Leader info available',
        trailers: {
          exception: 'not-leader',
          'leader-endpoint-host': refusal.host,
          'leader-endpoint-port': String(refusal.port),
        },
      };
    case 'noLeader':
      return { code: status.UNKNOWN, details: 'No leader info available in response' };
    case 'shuttingDown':
      return { code: status.INTERNAL, details: 'Received RST_STREAM with code 0 (Call ended without gRPC status)' };
    case 'handlerThrew':
    case 'badRequest':
      return HANDLER_THREW;
    case 'status':
      return { code: refusal.code, details: refusal.details };
  }
}

/** HTTP/2 trailers hold printable ASCII only; a real server fails the whole call when a stream name does not fit. */
const fitsTrailer = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** The error that ends a call of its own. */
export function toStatus(refusal: Refusal): ServerErrorResponse {
  const { code, details, trailers = {} } = statusForm(refusal);
  if (!Object.values(trailers).every(fitsTrailer)) {
    const failed: StatusForm = { code: status.UNKNOWN, details: 'Received HTTP status code 500' };
    return Object.assign(new Error(failed.details), failed);
  }
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

/** A call that ends well without the answer it owes. */
export const endedWithoutAnswer = (): ServerErrorResponse =>
  Object.assign(new Error('ended'), { code: status.OK, details: '', metadata: new Metadata() });
