import * as E from 'fp-ts/lib/Either.js';
import type { Committed } from '../../kernel/aggregate.ts';
import type { CommandContext } from '../../kernel/command.ts';
import * as Mailbox from '../../mailbox/index.ts';
import * as Person from '../../person/index.ts';
import * as Profile from '../../profile/index.ts';
import {
  derivedId,
  EmailAddress,
  MailboxId,
  mailboxIdOf,
  type PersonId,
  personIdOf,
  ProfileId,
} from '../../values/index.ts';
import type { DecodedCommand } from '../commands/command.ts';
import { stepContext } from './bulk-plan.ts';
import { releaseAddress } from './claim-address.ts';
import type { Environment } from './environment.ts';
import { loadMailbox, loadProfile, loadProfileFacts } from './facts.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';
import { forgetSecret } from './store-secret.ts';
import { reject } from './texts.ts';

/** The person who was erased, and what was known of them here. */
export interface ErasureResult {
  readonly personId: PersonId;
  readonly mailboxId: MailboxId | null;
  readonly profileId: ProfileId | null;
}

type Steps = E.Either<Refusal, readonly Committed[]>;

/**
 * Out of service first, then the key, then the record of it; interrupted anywhere, a repeat goes on. Another
 * organization's people cannot be named: who is meant follows from the actor's own organization.
 */
export const erasePerson = async (
  environment: Environment,
  context: CommandContext,
  { type, kind, id }: DecodedCommand<'ErasePerson'>,
): Promise<E.Either<Refusal, Outcome<ErasureResult>>> => {
  const { organizationId } = context.actor;
  const notFound = reject.PersonNotFound({ kind, id }, 'id');
  const profileId = kind === 'profile' ? profileIdFrom(id) : null;
  const mailboxId = mailboxIdFor(organizationId, kind, id);
  const taken =
    profileId !== null
      ? await accountGone(environment, context, profileId, notFound)
      : mailboxId !== null
        ? await outOfService(environment, context, mailboxId, notFound)
        : E.left(notFound);
  if (E.isLeft(taken)) return taken;

  const personId = personIdOf(organizationId, kind, id);
  const erased = await environment.persons.erase(personId)();
  if (E.isLeft(erased)) return erased;
  const recorded = await environment.repository.execute(Person.aggregate, { type, context, personId, kind })();
  if (E.isLeft(recorded)) return recorded;
  // What this process had read before must not be seen in it any longer.
  environment.repository.forget();
  return E.right(outcomeOf({ personId, mailboxId, profileId }, [...taken.right, recorded.right]));
};

const profileIdFrom = (id: string): ProfileId | null => (ProfileId.is(id) ? id : null);

/** The mailbox behind a person; null when there can be none. */
const mailboxIdFor = (organizationId: string, kind: Person.PersonKind, id: string): MailboxId | null => {
  if (kind === 'user' || kind === 'queue') return mailboxIdOf(organizationId, kind, id);
  return kind === 'forward' && MailboxId.is(id) ? id : null;
};

/** Gives these commands one after the other; what a repeat finds done already changes nothing. */
const taking = async ({ repository }: Environment, commands: readonly Mailbox.Command[]): Promise<Steps> => {
  const writes: Committed[] = [];
  for (const command of commands) {
    const committed = await repository.execute(Mailbox.aggregate, command)();
    if (E.isLeft(committed)) return committed;
    writes.push(committed.right);
  }
  return E.right(writes);
};

/** The mailbox of an erased person works no longer, has no password, and gives its address back. */
const outOfService = async (
  environment: Environment,
  context: CommandContext,
  mailboxId: MailboxId,
  notFound: Refusal,
): Promise<Steps> => {
  const { organizationId } = context.actor;
  const mailbox = await loadMailbox(environment, organizationId, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  if (mailbox.right === null) return E.left(notFound);
  const { kind, credentials, profile: seen, active } = mailbox.right;
  // A forward mailbox cannot be without an address: it keeps one that nobody can read.
  const isFreed = kind !== 'forward';
  const { address, formerAddress } = mailbox.right;
  const profile = await loadProfileFacts(environment, organizationId, seen?.profileId ?? null);
  if (E.isLeft(profile)) return profile;

  const step = (name: string): CommandContext => stepContext(context, mailboxId, name);
  const commands: Mailbox.Command[] = [];
  if (active) {
    commands.push({ type: 'DeactivateMailbox', context: step('deactivate'), mailboxId, cause: 'asked' });
  }
  if (credentials !== null) {
    const clear = { type: 'ClearMailboxCredentials', mailboxId, reason: 'asked', profile: profile.right } as const;
    commands.push({ ...clear, context: step('clear') });
  }
  const withoutAccount = await taking(environment, commands);
  if (E.isLeft(withoutAccount)) return withoutAccount;
  if (credentials !== null) await forgetSecret(environment.vault, credentials.secret);

  const change = { type: 'ChangeMailboxAddress', context: step('address'), mailboxId, address: null } as const;
  const withoutAddress = await taking(environment, isFreed && EmailAddress.is(address) ? [change] : []);
  if (E.isLeft(withoutAddress)) return withoutAddress;
  // The former one too: an erasure that was interrupted may have taken it from the mailbox without freeing it.
  for (const given of isFreed ? [address, formerAddress] : []) {
    if (!EmailAddress.is(given)) continue;
    const released = await releaseAddress(environment, context, mailboxId, given);
    if (E.isLeft(released)) return released;
  }
  return E.right([...withoutAccount.right, ...withoutAddress.right]);
};

/** The account of a profile, in both directions. */
const accountGone = async (
  environment: Environment,
  context: CommandContext,
  profileId: ProfileId,
  notFound: Refusal,
): Promise<Steps> => {
  const profile = await loadProfile(environment, context.actor.organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  if (profile.right === null) return E.left(notFound);
  const { accounts } = profile.right;
  const writes: Committed[] = [];
  for (const channel of ['incoming', 'outgoing'] as const) {
    const secret = accounts[channel];
    if (secret === null) continue;
    const commandId = derivedId('command', context.commandId, channel);
    const clearing = { ...context, commandId, causationId: context.commandId };
    const cleared = await environment.repository.execute(Profile.aggregate, {
      type: 'ClearProfileCredentials',
      context: clearing,
      profileId,
      channel,
    })();
    if (E.isLeft(cleared)) return cleared;
    writes.push(cleared.right);
    await forgetSecret(environment.vault, secret);
  }
  return E.right(writes);
};
