import type { PersonalCipher, VaultUnavailable } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { MailroomVault } from '../host/load-vault.ts';

/** Without a vault nothing personal can be read: it shows as erased. Nothing can be sealed either. */
export const closedCipher: PersonalCipher = {
  prepare: () => TE.right(undefined),
  isPrepared: () => false,
  seal: () => {
    throw new Error('nothing is written here');
  },
  open: () => null,
  erase: () => TE.right(undefined),
};

const closed = async (): Promise<E.Either<VaultUnavailable, never>> =>
  E.left({ _tag: 'VaultUnavailable', cause: 'no vault was named' });

/** Stands where a part asks for a vault and needs none for what the command does. */
export const closedVault: MailroomVault = {
  ...closedCipher,
  put: () => closed,
  reveal: () => closed,
  remove: () => closed,
  references: () => closed,
  digest: () => closed,
};
