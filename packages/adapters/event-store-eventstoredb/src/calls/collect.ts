import type { AllStreamResolvedEvent, ResolvedEvent, StreamingRead } from '@eventstore/db-client';

import { CallTimedOut, politely } from './patience.ts';

const FAREWELL_MS = 1_000;

/** What a reader does with an event: `enough` ends the read. */
export type OnEvent = (resolved: ResolvedEvent) => 'more' | 'enough';

/** How long a read may bring nothing, and what ends it besides. */
export interface ReadLimits {
  /** For messages. */
  readonly what: string;
  readonly idleMs: number;
  /** Aborted when the connection is closed: the client itself says nothing to those whose calls it drops then. */
  readonly signal: AbortSignal;
}

/**
 * Reads until the end, or until the reader has enough. Rejects with the client's error, or with `CallTimedOut` when
 * nothing comes for so long: the client's reads have no time limit. The read is always cancelled, as one that is merely
 * left keeps its place on the connection for ever.
 */
export async function collect(
  { what, idleMs, signal }: ReadLimits,
  onEvent: OnEvent,
  open: () => StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent>,
): Promise<void> {
  const stream = open() as StreamingRead<ResolvedEvent>;
  // Also after the end of this read: an error that nobody listens to ends the process.
  let fail: (error: unknown) => void = () => undefined;
  stream.on('error', (error) => fail(error));
  let timer: NodeJS.Timeout | undefined;
  const state = { ended: false };
  const abort = (): void => fail(new Error('the connection was closed'));
  try {
    await new Promise<void>((resolve, reject) => {
      fail = reject;
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
      timer = setTimeout(() => reject(new CallTimedOut(what, idleMs)), idleMs);
      stream.on('end', () => {
        state.ended = true;
        resolve();
      });
      stream.on('data', (resolved: ResolvedEvent) => {
        timer?.refresh();
        try {
          if (onEvent(resolved) === 'more') return;
          stream.pause();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error('the reader failed'));
        }
      });
    });
  } finally {
    clearTimeout(timer);
    fail = () => undefined;
    signal.removeEventListener('abort', abort);
    stream.removeAllListeners('data');
    if (!state.ended) await politely(FAREWELL_MS, stream.cancel());
    stream.destroy();
  }
}
