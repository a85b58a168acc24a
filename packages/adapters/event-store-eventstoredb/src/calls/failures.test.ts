import { describe, expect, it } from 'vitest';

import { asStoreError, classify, type Failure } from './failures.ts';
import { CallTimedOut } from './patience.ts';

/** As a client showed a real server's failures: type, code, message. */
const error = (type: string | undefined, code: number | undefined, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), {
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
    ...more,
  });

describe('failures of the client', () => {
  it.each<readonly [Failure['is'], Error]>([
    ['unknown', error('unavailable', 14, '14 UNAVAILABLE: read ECONNRESET')],
    ['unknown', error('unavailable', 14, '14 UNAVAILABLE: Connection dropped')],
    ['unknown', error('cancelled', 1, '1 CANCELLED: Call canceled by the server')],
    ['unknown', error('deadline-exceeded', 4, '4 DEADLINE_EXCEEDED: Deadline exceeded')],
    ['unknown', error('deadline-exceeded', undefined, '')],
    ['unknown', error('timeout', 10, '10 ABORTED: Operation timed out. Details: Commit phase timeout.')],
    ['unknown', error('unknown', 13, '13 INTERNAL: Received RST_STREAM with code 0 (Call ended without gRPC status)')],
    ['unknown', error('unknown', 8, '8 RESOURCE_EXHAUSTED: Received message larger than max')],
    ['unknown', error('unknown', 2, '2 UNKNOWN: Received HTTP status code 500')],
    ['unknown', new CallTimedOut('append', 10)],
    ['threw', error('unknown', 2, '2 UNKNOWN: Exception was thrown by handler.')],
    ['notDone', error(undefined, 14, '14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED')],
    ['notDone', error('unavailable', 14, '14 UNAVAILABLE: No connection established. Last error: null')],
    ['notDone', error(undefined, undefined, 'Failed to discover after 10 attempts.')],
    ['notDone', error('unknown', undefined, 'Could not recognize Server Is Not Ready')],
    ['notDone', error('unavailable', 14, '14 UNAVAILABLE: Server Is Not Ready')],
    ['notDone', error('unavailable', 14, '14 UNAVAILABLE: Server Is Too Busy')],
    ['notDone', error('unknown', 2, '2 UNKNOWN: No leader info available in response')],
    ['notLeader', error('not-leader', 5, '5 NOT_FOUND: Leader info available')],
    ['notFound', error('stream-not-found', undefined, 'some-1 not found')],
    ['refused', error('stream-deleted', 9, "9 FAILED_PRECONDITION: Event stream 'some-1' is deleted.")],
    ['refused', error('access-denied', 7, '7 PERMISSION_DENIED: Access Denied')],
    ['wrongRevision', error('wrong-expected-version', undefined, '', { actualVersion: 'no_stream' })],
    [
      'tooLarge',
      error('unknown', 3, '3 INVALID_ARGUMENT: Event with Id: 1, Size: 9, exceeds Maximum Append Event Size of 8.'),
    ],
    ['refused', error('unknown', 3, "3 INVALID_ARGUMENT: Required Metadata Property 'type' is missing")],
    ['tooLarge', error('maximum-append-size-exceeded', 3, 'Maximum Append Size of 1048576 Exceeded.')],
  ])('%s: %s', (is, failed) => {
    expect(classify(failed).failure.is).toBe(is);
  });

  it.each([undefined, null, 'text', 17])('%j, thrown, is unknown too', (thrown) => {
    expect(classify(thrown).failure.is).toBe('unknown');
  });

  it('give their revision, also where it is none', () => {
    const at = (actualVersion: unknown) =>
      classify(error('wrong-expected-version', undefined, '', { actualVersion })).failure;
    expect(at(41n)).toEqual({ is: 'wrongRevision', actual: 41n });
    expect(at('no_stream')).toEqual({ is: 'wrongRevision', actual: 'no_stream' });
  });

  it('show type, code and a short message, and nothing else they carry', () => {
    const failed = error('unavailable', 14, 'x'.repeat(5_000), { metadata: { authorization: 'Basic hunter2' } });
    const reported = asStoreError(classify(failed));
    expect(JSON.stringify(reported).length).toBeLessThan(500);
    expect(JSON.stringify(reported)).not.toContain('hunter2');
  });
});
