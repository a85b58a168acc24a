import { START } from '@eventstore/db-client';
import type { Position } from '@mailroom/domain';

import { collect } from '../calls/collect.ts';
import type { Reading } from '../reading.ts';
import { isSystem } from '../stored/decode.ts';
import { serverPositionOf } from '../stored/position.ts';
import { WINDOW } from './filter.ts';
import type { OrderedChannel } from './ordered-channel.ts';

/**
 * A position up to which a subscription with these types must have brought something, if it is alive: that of an event
 * it waits for, or of so many other records that a checkpoint was due. Undefined when nothing is owed.
 */
async function owed(
  { connection, timing }: Reading,
  after: Position | undefined,
  types: ReadonlySet<string> | undefined,
): Promise<Position | undefined> {
  let found: Position | undefined;
  let records = 0;
  const from = after === undefined ? START : (serverPositionOf(after) ?? START);
  const request = { of: 'log', from, backwards: false, maxCount: WINDOW + 2 } as const;
  await connection.stream(async (client, signal) => {
    records = 0;
    await collect(client, request, { what: 'watchdog', idleMs: timing.readIdleMs, signal }, (event, link) => {
      const position = (link ?? event)?.position;
      // The starting point is included in a read.
      if (position === undefined || (after !== undefined && position <= after)) return 'more';
      records += 1;
      const isWanted = event !== undefined && !isSystem(event) && types?.has(event.type) !== false;
      if (isWanted || records > WINDOW) found = position;
      return found === undefined ? 'more' : 'enough';
    });
  });
  return found;
}

/**
 * Ends a channel that looks alive and is not: the log holds something for it, and one interval later it still has not
 * come, although the consumer waits. Returns what stops the watch.
 */
export function watch(reading: Reading, channel: OrderedChannel, types: ReadonlySet<string> | undefined): () => void {
  let missing: Position | undefined;
  let news = channel.news;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const isSilent = channel.news === news && !channel.isHeldUp;
    news = channel.news;
    if (!isSilent) missing = undefined;
    else if (missing === undefined) missing = await owed(reading, channel.last, types);
    else if (channel.last === undefined || channel.last < missing) {
      channel.end(new Error('the subscription brings nothing although there is something'));
    }
  };
  const again = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      // A log that cannot be read now says nothing about the subscription.
      void look()
        .catch(() => undefined)
        .then(again);
    }, reading.timing.watchdogMs);
    timer.unref();
  };
  again();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
