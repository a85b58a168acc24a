import type { ViewError } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type Backoff, delayOf } from './backoff.ts';
import { pause, type Timers } from './timers.ts';

export interface TryForEver {
  readonly timers: Timers;
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
  readonly onFault: (tag: string) => void;
}

/**
 * Tries a task on the view store until it works. `fenced`: somebody else has taken over. `again`: the caller has to
 * open the view again and look where it stands, because it was stopped, or because an earlier try, whose outcome was
 * unknown, may itself be what fences this one.
 */
export const tryForEver = async <A>(
  { timers, backoff, signal, onFault }: TryForEver,
  task: TaskEither<ViewError, A>,
): Promise<A | 'fenced' | 'again'> => {
  const isStopping = (): boolean => signal.aborted;
  for (let attempt = 1; ; attempt += 1) {
    const result = await task();
    if (E.isRight(result)) return result.right;
    if (result.left._tag === 'Fenced') return attempt === 1 ? 'fenced' : 'again';
    onFault(result.left._tag);
    if (!isStopping()) await pause(timers, delayOf(backoff, attempt, timers.random), signal);
    if (isStopping()) return 'again';
  }
};
