import type { EventStore, Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Timers } from './timers.ts';

export interface LookAheadOptions {
  readonly store: Pick<EventStore, 'readAll' | 'head'>;
  readonly types: readonly string[];
  readonly timers: Timers;
  /** The furthest position that somebody waits for; null: nobody waits. */
  readonly wanted: () => Position | null;
  readonly reached: () => Position | null;
  readonly isLive: () => boolean;
  /** Nothing of these types lies between `reached` and here. */
  readonly onNothing: (upTo: Position) => void;
}

const firstDelayMs = 20;
const longestDelayMs = 1000;

/**
 * A subscription that selects types may say nothing for long about a stretch of the history in which there are none,
 * while somebody waits for a position in it. Then it is looked at: what is written before a known position never
 * changes, so nothing found means that the position is reached. A position beyond the end of the store is not known
 * yet, whoever waits for it: there is only looked as far as the end.
 */
export const lookAhead = ({ store, types, timers, wanted, reached, isLive, onNothing }: LookAheadOptions) => {
  let cancel: (() => void) | null = null;
  const looking = new AbortController();

  const look = async (waitedFor: Position): Promise<void> => {
    const head = await store.head();
    if (E.isLeft(head) || head.right === null) return;
    const upTo = waitedFor < head.right ? waitedFor : head.right;
    const after = reached();
    const range = { upTo, types, signal: looking.signal, ...(after === null ? {} : { after }) };
    for await (const batch of store.readAll(range)) {
      // What is there, the subscription brings; what cannot be read now, the next look may see.
      if (E.isLeft(batch) || batch.right.length > 0) return;
    }
    if (!looking.signal.aborted) onNothing(upTo);
  };

  const schedule = (delayMs: number): void => {
    if (cancel !== null || looking.signal.aborted) return;
    cancel = timers.after(delayMs, () => {
      cancel = null;
      const position = wanted();
      if (position === null) return;
      const looked = isLive() ? look(position).catch(() => undefined) : Promise.resolve();
      void looked.then(() => {
        if (wanted() !== null) schedule(Math.min(delayMs * 2, longestDelayMs));
      });
    });
  };

  return {
    /** Somebody waits: look soon, and again, as long as anybody does. */
    soon: (): void => schedule(firstDelayMs),
    end: (): void => {
      looking.abort();
      cancel?.();
    },
  };
};
