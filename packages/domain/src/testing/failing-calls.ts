import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { StoreRefused } from '../kernel/event-store.ts';
import type { DirectoryUnavailable, VaultUnavailable } from '../application/ports/index.ts';
import type { inMemoryMailroom } from './acting.ts';

/** A call of a port that is made to fail, and with what. */
interface FailedCall {
  readonly name: string;
  readonly failure: StoreRefused | VaultUnavailable | DirectoryUnavailable;
}

/** Ports of which one call, counted from now, fails; and the wraps that put them into a Mailroom in memory. */
export interface FailingCalls {
  readonly wraps: Required<
    Pick<NonNullable<Parameters<typeof inMemoryMailroom>[0]>, 'wrap' | 'wrapVault' | 'wrapDirectory'>
  >;
  /** Lets the `n`th call from now fail (1, 2, ...), once. */
  readonly failAt: (n: number) => void;
  /** The call that failed since `failAt`; null: there were not that many. */
  readonly failed: () => FailedCall | null;
  /** While true, every append is written, and its answer is lost once. */
  readonly loseAnswers: (isLossy: boolean) => void;
}

export const failingCalls = (): FailingCalls => {
  let until = Infinity;
  let failed: FailedCall | null = null;
  let isLossy = false;
  const heard = new Set<string>();

  const counted =
    <Failure extends FailedCall['failure'], Left, Right>(
      name: string,
      failure: Failure,
      call: TaskEither<Left, Right>,
    ): TaskEither<Left | Failure, Right> =>
    async () => {
      until -= 1;
      if (until !== 0) return call();
      failed = { name, failure };
      return E.left(failure);
    };
  const refused = (name: string): StoreRefused => ({ _tag: 'StoreRefused', reason: 'accessDenied', problem: name });
  const away = (name: string): VaultUnavailable => ({ _tag: 'VaultUnavailable', cause: name });
  const behind = (name: string): DirectoryUnavailable => ({ _tag: 'DirectoryUnavailable', cause: name });

  return {
    wraps: {
      wrap: (store) => ({
        ...store,
        append: (stream, expected, events) =>
          counted('append', refused('append'), async () => {
            const answer = await store.append(stream, expected, events)();
            const id = events[0]?.id ?? '';
            if (!isLossy || heard.has(id)) return answer;
            heard.add(id);
            return E.left({ _tag: 'OutcomeUnknown', cause: 'the answer is lost' });
          }),
        readStream: (stream, options) =>
          counted('readStream', refused('readStream'), store.readStream(stream, options)),
        head: counted('head', refused('head'), store.head),
      }),
      wrapVault: (vault) => ({
        ...vault,
        put: (ref, owner, secret) => counted('put', away('put'), vault.put(ref, owner, secret)),
        reveal: (ref, owner) => counted('reveal', away('reveal'), vault.reveal(ref, owner)),
        remove: (ref) => counted('remove', away('remove'), vault.remove(ref)),
        digest: (organization, text) => counted('digest', away('digest'), vault.digest(organization, text)),
        erase: (person) => counted('erase', away('erase'), vault.erase(person)),
      }),
      wrapDirectory: (directory) => ({
        mailboxesOfProfile: (profileId, atLeast) =>
          counted('mailboxesOfProfile', behind('mailboxesOfProfile'), directory.mailboxesOfProfile(profileId, atLeast)),
        mailboxesOf: (organizationId, atLeast) =>
          counted('mailboxesOf', behind('mailboxesOf'), directory.mailboxesOf(organizationId, atLeast)),
      }),
    },
    failAt: (n) => {
      until = n;
      failed = null;
    },
    failed: () => failed,
    loseAnswers: (lossy) => {
      isLossy = lossy;
    },
  };
};
