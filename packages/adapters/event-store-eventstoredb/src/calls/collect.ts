import type { EventStoreDBClient } from '@eventstore/db-client';

import type { ServerRecord } from '../stored/answers.ts';
import { CallTimedOut, politely } from './patience.ts';
import { openRead } from './read-call.ts';
import type { ReadRequest } from './read-request.ts';

const FAREWELL_MS = 1_000;

/** What a reader does with a record, and the link that led to it; `enough` ends the read. */
export type OnRecord = (event: ServerRecord | undefined, link: ServerRecord | undefined) => 'more' | 'enough';

/** How long a read may bring nothing, and what ends it besides. */
export interface ReadLimits {
  /** For messages. */
  readonly what: string;
  readonly idleMs: number;
  /** Aborted when the connection is closed. */
  readonly signal: AbortSignal;
}

/**
 * Reads until the end, or until the reader has enough; a stream that does not exist brings nothing. Rejects with the
 * client's error, or with `CallTimedOut` when nothing comes for so long: the client's reads have no time limit. The read
 * is always cancelled.
 */
export async function collect(
  client: EventStoreDBClient,
  request: ReadRequest,
  { what, idleMs, signal }: ReadLimits,
  onRecord: OnRecord,
): Promise<void> {
  let done: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const finished = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  const timer = setTimeout(() => fail(new CallTimedOut(what, idleMs)), idleMs);
  const abort = (): void => fail(new Error('the connection was closed'));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  const read = openRead(client, request, {
    onAnswer: (answer) => {
      timer.refresh();
      if (answer.is === 'noStream') done();
      else if (answer.is === 'event' && onRecord(answer.event, answer.link) === 'enough') {
        read.pause();
        done();
      }
    },
    onEnd: () => done(),
    onError: (error) => fail(error),
  });
  try {
    await finished;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    await politely(FAREWELL_MS, read.close());
  }
}
