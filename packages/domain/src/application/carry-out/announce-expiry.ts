import * as E from 'fp-ts/lib/Either.js';
import * as Mailbox from '../../mailbox/index.ts';
import type { AnnounceMailboxCredentialsExpiry, AnnounceProfileCredentialsExpiry } from '../../policies/index.ts';
import * as Profile from '../../profile/index.ts';
import { derivedId } from '../../values/index.ts';
import { isRejection } from '../use-cases/outcome.ts';
import type { CarryOutEnvironment, CarryOutFailure } from './environment.ts';
import { settled } from './settled.ts';
import { systemContext } from './system-context.ts';

type Done = E.Either<CarryOutFailure, void>;

/** Puts down that the secret of a profile stops working soon. One that was replaced meanwhile needs it no longer. */
export const announceProfileExpiry = async (
  { repository, clock }: CarryOutEnvironment,
  { type, organizationId, profileId, channel, secret, cause }: AnnounceProfileCredentialsExpiry,
): Promise<Done> => {
  const commandId = derivedId(type, profileId, channel, secret.id, String(secret.version));
  const context = systemContext(clock, organizationId, commandId, cause);
  const announced = await repository.execute(Profile.aggregate, { type, context, profileId, channel, secret })();
  // A profile that is gone needs no secret.
  if (E.isRight(announced) || isRejection(announced.left)) return E.right(undefined);
  return E.left(announced.left);
};

/** The same of a mailbox's own secret. */
export const announceMailboxExpiry = async (
  { repository, clock }: CarryOutEnvironment,
  { type, organizationId, mailboxId, secret, cause }: AnnounceMailboxCredentialsExpiry,
): Promise<Done> => {
  const commandId = derivedId(type, mailboxId, secret.id, String(secret.version));
  const context = systemContext(clock, organizationId, commandId, cause);
  return settled(await repository.execute(Mailbox.aggregate, { type, context, mailboxId, secret })());
};
