import '../../kernel/abort-signal.ts';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Host, Protocol, Secret, UserName } from '../../values/index.ts';
import type { SecretOwner } from './secret-vault.ts';

/** For what an access token is wanted. */
export interface TokenRequest {
  readonly owner: SecretOwner;
  readonly userName: UserName;
  readonly protocol: Protocol;
  readonly host: Host;
  /** What the vault keeps for this account: usually a refresh token. */
  readonly grant: Secret;
  /** The server has just refused the token given before, however long it was to be valid. */
  readonly refused: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The grant is no longer valid, or is not enough: the person has to connect the account again. */
export interface AccessWithdrawn {
  readonly _tag: 'AccessWithdrawn';
}

/** No token can be had now; it may pass. */
export interface TokenUnavailable {
  readonly _tag: 'TokenUnavailable';
  readonly cause: unknown;
}

/**
 * Gives access tokens for accounts that are used by OAuth, refreshing them when they have expired. Without one, what the
 * vault keeps is itself used as the token.
 */
export interface TokenProvider {
  /** Right: a token that is valid now, as far as the provider knows. */
  readonly accessToken: (request: TokenRequest) => TaskEither<AccessWithdrawn | TokenUnavailable, Secret>;
}
