import type { VaultUnavailable } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Runs file work as a task; whatever it throws becomes `VaultUnavailable`. Nothing that is thrown here holds a secret. */
export const attempt =
  <A>(work: () => Promise<A>): TaskEither<VaultUnavailable, A> =>
  async () => {
    try {
      return E.right(await work());
    } catch (cause) {
      return E.left({ _tag: 'VaultUnavailable', cause });
    }
  };
