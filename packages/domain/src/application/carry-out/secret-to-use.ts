import * as E from 'fp-ts/lib/Either.js';
import type { FoundFailure } from '../../mailbox/index.ts';
import { failure } from '../../taxonomy/index.ts';
import type { Secret } from '../../values/index.ts';
import type { VaultUnavailable } from '../ports/index.ts';
import type { CarryOutEnvironment } from './environment.ts';
import { foundFailure } from './found-failure.ts';
import type { PlannedCheck } from './plan-check.ts';

/** What to log in with, and how to get another one where the server refuses it although it may only have expired. */
export interface SecretToUse {
  readonly secret: Secret;
  /** Null: there is nothing else to try. */
  readonly renew: (() => Promise<E.Either<FoundFailure, Secret>>) | null;
}

type NoSecret = VaultUnavailable | { readonly _tag: 'Found'; readonly failure: FoundFailure };

const found = (what: FoundFailure): E.Either<NoSecret, never> => E.left({ _tag: 'Found', failure: what });

/** Opens the secret of a check. For an account that is used by OAuth it is the grant for which a token is to be had. */
export const secretToUse = async (
  { vault, tokens }: CarryOutEnvironment,
  { secret: { ref, owner }, kind, ofProfile, userName, target }: PlannedCheck,
  signal: AbortSignal | undefined,
): Promise<E.Either<NoSecret, SecretToUse>> => {
  const scope = ofProfile ? 'profile' : 'mailbox';
  const revealed = await vault.reveal(ref, owner)();
  if (E.isLeft(revealed)) {
    const { left } = revealed;
    return left._tag === 'VaultUnavailable'
      ? E.left(left)
      : found(foundFailure(failure('SecretUnavailable', {}, { scope })));
  }
  const grant = revealed.right;
  if (kind !== 'token' || tokens === undefined) return E.right({ secret: grant, renew: null });

  const { protocol, host } = target;
  const tokenFor = async (refused: boolean): Promise<E.Either<FoundFailure, Secret>> => {
    const token = await tokens.accessToken({ owner, userName, protocol, host, grant, refused, signal })();
    if (E.isRight(token)) return E.right(token.right);
    const disposition = token.left._tag === 'AccessWithdrawn' ? 'permanent' : 'transient';
    return E.left(foundFailure(failure('OAuthRefreshFailed', {}, { scope, disposition })));
  };
  const token = await tokenFor(false);
  if (E.isLeft(token)) return found(token.left);
  return E.right({ secret: token.right, renew: () => tokenFor(true) });
};
