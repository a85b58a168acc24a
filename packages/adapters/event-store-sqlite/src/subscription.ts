import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoreError, SubscribeOptions, SubscriptionItem } from '@mailroom/domain';
import type { WakeUp } from '@mailroom/sqlite';
import { placeOf, positionOf } from './positions.ts';
import type { Reader } from './reader.ts';

export interface SubscriptionDependencies {
  readonly reader: Reader;
  readonly wakeUp: WakeUp;
  readonly isClosed: () => boolean;
}

type Item = E.Either<StoreError, SubscriptionItem>;

/** After so many milliseconds a file that could not be read is tried again, doubling up to the longest. */
const firstPause = 50;
const longestPause = 5000;

const closed: Item = E.left({ _tag: 'StoreUnavailable', cause: 'the store is closed' });

/** Reads on in batches while there is more, and sleeps until something is committed when there is not. */
export const subscribe = ({ reader, wakeUp, isClosed }: SubscriptionDependencies): EventStore['subscribe'] =>
  async function* ({ after, types, signal }: SubscribeOptions): AsyncGenerator<Item, void, undefined> {
    let place: number | undefined = after === 'start' ? 0 : after === 'end' ? undefined : placeOf(after);
    let headAtStart: number | undefined;
    let isLive = false;
    let failures = 0;
    const goesOn = (): boolean => !signal.aborted && !isClosed();

    while (goesOn()) {
      const then = wakeUp.now();
      const items: SubscriptionItem[] = [];
      let isAtHead = false;
      try {
        const head = reader.head();
        headAtStart ??= head;
        place ??= head;
        if (place < head) {
          const { events, upTo } = reader.batch(place, head, types);
          place = upTo;
          const [first, ...rest] = events;
          if (first !== undefined) items.push({ _tag: 'Events', events: [first, ...rest] });
          // Events say themselves how far they go. Between two batches that are there already it would only keep a
          // reader from taking them together.
          if (first === undefined || place >= head) items.push({ _tag: 'Checkpoint', position: positionOf(place) });
        }
        if (!isLive && place >= headAtStart) {
          isLive = true;
          items.push({ _tag: 'CaughtUp' });
        }
        isAtHead = place >= head;
        failures = 0;
      } catch (cause) {
        failures += 1;
        items.push({ _tag: 'Reconnecting', attempt: failures, cause });
      }

      for (const item of items) {
        // Whoever cancels while an item is at hand gets no more.
        if (!goesOn()) break;
        yield E.right(item);
      }
      if (failures > 0 && goesOn()) await pause(Math.min(longestPause, firstPause * 2 ** (failures - 1)), signal);
      else if (isAtHead && goesOn()) await wakeUp.changedSince(then, signal);
    }
    if (!signal.aborted) yield closed;
  };

const pause = (milliseconds: number, signal: globalThis.AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
