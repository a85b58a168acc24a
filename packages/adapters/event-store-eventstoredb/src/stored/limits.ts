import type { StoreLimits } from '@mailroom/domain';

/** Events of one append: enough for any decision, few enough that what is stored with each has a bound. */
const MAX_EVENTS = 1_000;
/** Characters of an event's type. */
export const LONGEST_TYPE = 100;
/** Newer servers also count the type (twice) and all metadata, ours included: this much an event beyond its JSON. */
const RESERVED_PER_EVENT = 256;
/** The smallest `MaxAppendSize` that leaves room for events. */
const SMALLEST = 2 * RESERVED_PER_EVENT * MAX_EVENTS;

/** What fits into one append of a server with this `MaxAppendSize`, whatever its version counts. */
export function limitsOf(maxAppendSize: number): StoreLimits {
  if (!Number.isSafeInteger(maxAppendSize) || maxAppendSize < SMALLEST) {
    throw new RangeError(`maxAppendSize: expected a whole number from ${SMALLEST} up`);
  }
  const bytes = maxAppendSize - RESERVED_PER_EVENT * MAX_EVENTS;
  return { maxEventBytes: bytes, maxAppendBytes: bytes, maxAppendEvents: MAX_EVENTS };
}
