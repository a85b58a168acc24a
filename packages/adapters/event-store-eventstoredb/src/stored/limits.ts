import type { StoreLimits } from '@mailroom/domain';

/** Events of one append: enough for any decision, few enough that what is stored with each has a bound. */
const MAX_EVENTS = 1_000;
/** Characters of an event's type. */
export const LONGEST_TYPE = 100;
/** Newer servers also count the type (twice) and all metadata, ours included: this much an event beyond its JSON. */
const RESERVED_PER_EVENT = 256;
/** A record of the server's log, less what it needs for itself: no event is larger, whatever an append may be. */
const LARGEST_RECORD = 16 * 1024 * 1024 - 10_000;
/** The smallest `MaxAppendSize` that leaves room for events. */
const SMALLEST = 2 * RESERVED_PER_EVENT * MAX_EVENTS;

/** What fits into one append of a server with this `MaxAppendSize`, whatever its version counts. */
export function limitsOf(maxAppendSize: number): StoreLimits {
  if (!Number.isSafeInteger(maxAppendSize) || maxAppendSize < SMALLEST) {
    throw new RangeError(`maxAppendSize: expected a whole number from ${SMALLEST} up`);
  }
  const bytes = maxAppendSize - RESERVED_PER_EVENT * MAX_EVENTS;
  const event = Math.min(bytes, LARGEST_RECORD - RESERVED_PER_EVENT);
  return { maxEventBytes: event, maxAppendBytes: bytes, maxAppendEvents: MAX_EVENTS };
}
