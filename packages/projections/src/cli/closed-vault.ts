import type { VaultUnavailable } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { closedCipher } from '../host/closed-cipher.ts';
import type { MailroomVault } from '../host/load-vault.ts';

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
