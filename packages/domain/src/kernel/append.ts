import * as E from 'fp-ts/lib/Either.js';
import type { Reader } from './catch-up.ts';
import type { Appended, AppendError, ExpectedRevision, NewEvent, OutcomeUnknown, StreamName } from './event-store.ts';
import { delayAfter } from './patience.ts';
import { patienceWithStore } from './wait-for-store.ts';

/** How an append ended, and whether an earlier try of it may be what is found in the stream. */
export interface PatientAppend {
  readonly result: E.Either<AppendError, Appended>;
  readonly uncertain: boolean;
}

/**
 * Appends, and repeats the same ids at the same revision while the outcome is unknown or the store is away. Repeating
 * is what settles it: a store recognises the ids, whether the first try arrived or not. Once a try has been uncertain,
 * giving up is reported as `OutcomeUnknown`, whatever the last answer was.
 */
export const appendPatiently = async (
  { store, pause }: Reader,
  stream: StreamName,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<PatientAppend> => {
  let uncertain = false;
  for (let attempt = 1; ; attempt++) {
    const result = await store.append(stream, expected, events)();
    if (E.isRight(result) || result.left._tag === 'WrongExpectedRevision') return { result, uncertain };

    const { left } = result;
    if (left._tag === 'OutcomeUnknown') uncertain = true;
    const mayPass = left._tag === 'OutcomeUnknown' || left._tag === 'StoreUnavailable';
    if (!mayPass || attempt === patienceWithStore.attempts) {
      const unknown: OutcomeUnknown = { _tag: 'OutcomeUnknown', cause: left };
      return { result: uncertain && left._tag !== 'OutcomeUnknown' ? E.left(unknown) : result, uncertain };
    }
    await pause(delayAfter(attempt, patienceWithStore, events[0]?.id ?? stream));
  }
};
