import * as E from 'fp-ts/lib/Either.js';
import type { Committed } from '../../kernel/aggregate.ts';
import type { CommandContext } from '../../kernel/command.ts';
import * as Address from '../../address/index.ts';
import * as Mailbox from '../../mailbox/index.ts';
import { EmailAddress, type MailboxId, sameAddressKey } from '../../values/index.ts';
import type { Environment } from './environment.ts';
import { loadMailbox } from './facts.ts';
import { isRejection, type Refusal } from './outcome.ts';

interface Claiming {
  readonly environment: Environment;
  readonly context: CommandContext;
  readonly mailboxId: MailboxId;
  readonly address: EmailAddress;
  readonly digest: string;
}

/**
 * Claims and releases go by what is the case, not by which command asked: an address that was claimed, given back and
 * is claimed again by a repeat of the same command has to be claimed anew. So each of them has an id of its own.
 */
const ownContext = ({ environment, context }: Claiming): CommandContext => ({
  ...context,
  commandId: environment.ids.uuid(),
  causationId: context.commandId,
});

const claim = async (claiming: Claiming): Promise<E.Either<Refusal, Committed>> => {
  const { environment, context, mailboxId, digest } = claiming;
  const ask = (abandonedBy: MailboxId | null): Promise<E.Either<Refusal, Committed>> =>
    environment.repository.execute(Address.aggregate, {
      type: 'ClaimAddress',
      context: ownContext(claiming),
      organizationId: context.actor.organizationId,
      digest,
      mailboxId,
      abandonedBy,
    })();

  const claimed = await ask(null);
  if (E.isRight(claimed) || claimed.left._tag !== 'AddressTaken') return claimed;

  const loaded = await environment.repository.load(Address.aggregate, Address.streamOf(digest))();
  if (E.isLeft(loaded)) return loaded;
  const { holder } = loaded.right.state;
  if (holder === null) return ask(null);
  const isHeld = await has({ ...claiming, mailboxId: holder });
  if (E.isLeft(isHeld)) return isHeld;
  return isHeld.right ? claimed : ask(holder);
};

const release = (claiming: Claiming): Promise<E.Either<Refusal, Committed>> =>
  claiming.environment.repository.execute(Address.aggregate, {
    type: 'ReleaseAddress',
    context: ownContext(claiming),
    organizationId: claiming.context.actor.organizationId,
    digest: claiming.digest,
    mailboxId: claiming.mailboxId,
  })();

/** Whether the mailbox has the address, or may have it: what was erased cannot be compared. */
const has = async (claiming: Claiming): Promise<E.Either<Refusal, boolean>> => {
  const { environment, context, mailboxId, address } = claiming;
  const mailbox = await loadMailbox(environment, context.actor.organizationId, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const held = mailbox.right?.address ?? null;
  if (held === null) return E.right(false);
  return E.right(!EmailAddress.is(held) || sameAddressKey(held) === sameAddressKey(address));
};

/**
 * Brings the claim in line with the mailbox: held when it has the address, free when it has not. Looks again after each
 * step, because another command may have changed the mailbox in between; the last one to look gets it right.
 */
const settle = async (claiming: Claiming): Promise<E.Either<Refusal, void>> => {
  for (;;) {
    const before = await has(claiming);
    if (E.isLeft(before)) return before;
    const settled = await (before.right ? claim(claiming) : release(claiming));
    if (E.isLeft(settled)) return settled;
    const after = await has(claiming);
    if (E.isLeft(after)) return after;
    if (after.right === before.right) return E.right(undefined);
  }
};

const claiming = async (
  environment: Environment,
  context: CommandContext,
  mailboxId: MailboxId,
  address: EmailAddress,
): Promise<E.Either<Refusal, Claiming>> => {
  const digest = await environment.addresses.digest(context.actor.organizationId, sameAddressKey(address))();
  if (E.isLeft(digest)) return digest;
  return E.right({ environment, context, mailboxId, address, digest: digest.right });
};

/** Frees an address that the mailbox had, unless it has it again. */
export const releaseAddress = async (
  environment: Environment,
  context: CommandContext,
  mailboxId: MailboxId,
  address: EmailAddress,
): Promise<E.Either<Refusal, void>> => {
  const former = await claiming(environment, context, mailboxId, address);
  return E.isLeft(former) ? former : settle(former.right);
};

/**
 * Runs the command that gives a mailbox its address, with the address claimed before the mailbox is written: so no two
 * mailboxes of an organization ever have the same one, also when both commands run at once in different processes.
 * What a crashed command of the same mailbox has left is taken up again; that of another mailbox, once it is old.
 *
 * Turned down, the claim is given back. While it is unknown whether the mailbox was written, it stays.
 */
export const withAddress = async <Done>(
  environment: Environment,
  context: CommandContext,
  mailboxId: MailboxId,
  address: EmailAddress,
  run: () => Promise<E.Either<Refusal, Done>>,
): Promise<E.Either<Refusal, Done>> => {
  const wanted = await claiming(environment, context, mailboxId, address);
  if (E.isLeft(wanted)) return wanted;
  const isThere = await has(wanted.right);
  if (E.isLeft(isThere)) return isThere;
  if (isThere.right) return run();
  const claimed = await claim(wanted.right);
  if (E.isLeft(claimed)) return claimed;

  const done = await run();
  if (E.isLeft(done) && !isRejection(done.left)) return done;
  const settled = await settle(wanted.right);
  if (E.isRight(settled)) return done;
  if (settled.left._tag !== 'AddressTaken') return settled;
  const withdrawn = await giveUp(wanted.right);
  return E.isLeft(withdrawn) && !isRejection(withdrawn.left) ? withdrawn : settled;
};

/**
 * The claim was taken over before the mailbox was written: this process must have slept that long. The mailbox goes
 * without the address; one that cannot be without is taken out of service.
 */
const giveUp = async (lost: Claiming): Promise<E.Either<Refusal, Committed>> => {
  const { repository } = lost.environment;
  const { mailboxId } = lost;
  const cleared = await repository.execute(Mailbox.aggregate, {
    type: 'ChangeMailboxAddress',
    context: ownContext(lost),
    mailboxId,
    address: null,
  })();
  if (E.isRight(cleared)) return cleared;
  const deactivate = { type: 'DeactivateMailbox', context: ownContext(lost), mailboxId, cause: 'asked' } as const;
  return repository.execute(Mailbox.aggregate, deactivate)();
};
