import * as E from 'fp-ts/lib/Either.js';
import type { Committed } from '../../kernel/aggregate.ts';
import { derivedId, type Secret, type SecretRef } from '../../values/index.ts';
import type { SecretOwner, SecretVault } from '../ports/index.ts';
import type { Environment } from './environment.ts';
import { isRejection, type Refusal } from './outcome.ts';

interface Storing {
  readonly commandId: string;
  readonly owner: SecretOwner;
  readonly secret: Secret;
  /** The reference that is in force; null: none. */
  readonly current: SecretRef | null;
  /** The newest version there ever was. */
  readonly newestVersion: number;
  /** Records that the secret lies under this reference. */
  readonly record: (ref: SecretRef) => Promise<E.Either<Refusal, Committed>>;
}

/** Removes an envelope that nothing refers to any more; false when the vault is away, and the clean-up has to. */
export const forgetSecret = async (vault: SecretVault, ref: SecretRef): Promise<boolean> =>
  E.isRight(await vault.remove(ref)());

/**
 * Vault first, then the event, so that no event ever names a secret that is not there. The reference is unique to the
 * command: a repeat finds its own, and two commands at once do not overwrite each other. When the event is refused the
 * envelope goes again; when its outcome is unknown it stays, since the event may be there.
 */
export const storeSecret = async (
  { vault }: Environment,
  { commandId, owner, secret, current, newestVersion, record }: Storing,
): Promise<E.Either<Refusal, Committed>> => {
  const id = derivedId('secret', owner.organizationId, owner.kind, owner.ownerId, owner.field, commandId);
  // A repeat: the event is there, and what this command stored may even have been replaced since.
  if (current?.id === id) return record(current);

  const ref: SecretRef = { id, version: newestVersion + 1 };
  const put = await vault.put(ref, owner, secret)();
  if (E.isLeft(put)) return put;

  const recorded = await record(ref);
  if (E.isLeft(recorded)) {
    if (isRejection(recorded.left)) await forgetSecret(vault, ref);
    return recorded;
  }
  // What is left behind here by a crash or an absent vault, the clean-up of unreferenced envelopes finds.
  if (!names(recorded.right, ref)) await forgetSecret(vault, ref);
  else if (current !== null) await forgetSecret(vault, current);
  return recorded;
};

/** Whether the events name this reference. A command that ran twice at once has stored under one reference. */
const names = ({ events }: Committed, { id, version }: SecretRef): boolean =>
  events.some(({ data }) => {
    const secret = (data as { readonly secret?: SecretRef }).secret;
    return secret?.id === id && secret.version === version;
  });
