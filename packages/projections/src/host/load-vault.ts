import type { AddressDigest, PersonalCipher, SecretVault } from '@mailroom/domain';
import type { VaultOptions } from '@mailroom/secret-vault';
import * as E from 'fp-ts/lib/Either.js';
import { OpenFailure } from './open-failure.ts';

/** Everything Mailroom keeps sealed: secrets, personal data, the names of address streams. */
export type MailroomVault = SecretVault & PersonalCipher & AddressDigest;

const isVault = (given: VaultOptions | MailroomVault): given is MailroomVault => 'reveal' in given;

/** Opens the vault of a directory, or takes the host's own; `close` closes only what was opened here. */
export const loadVault = async (
  given: VaultOptions | MailroomVault,
): Promise<{ readonly vault: MailroomVault; readonly close: () => Promise<void> }> => {
  if (isVault(given)) return { vault: given, close: async () => undefined };
  const { openVault } = await import('@mailroom/secret-vault');
  const opened = await openVault(given)();
  if (E.isLeft(opened)) throw new OpenFailure('vault', opened.left.cause);
  return { vault: opened.right, close: opened.right.close };
};
