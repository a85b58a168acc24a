import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { delayAfter, ordinaryPause, type Patience, type Pause } from './patience.ts';

/** A store that is away for a few seconds (a restart, an election) is waited for. */
export const patienceWithStore: Patience = { attempts: 8, firstDelay: 50, longestDelay: 2000 };

/**
 * Does what only reads again while the store is away: only an outage of more than about six seconds is reported. Any
 * other answer is given at once. `seed` spreads those who wait.
 */
export const waitForStore =
  <Failure extends { readonly _tag: string }, Result>(
    read: TaskEither<Failure, Result>,
    seed: string,
    pause: Pause = ordinaryPause,
  ): TaskEither<Failure, Result> =>
  async () => {
    for (let attempt = 1; ; attempt++) {
      const result = await read();
      const isAway = E.isLeft(result) && result.left._tag === 'StoreUnavailable';
      if (!isAway || attempt === patienceWithStore.attempts) return result;
      await pause(delayAfter(attempt, patienceWithStore, seed));
    }
  };
