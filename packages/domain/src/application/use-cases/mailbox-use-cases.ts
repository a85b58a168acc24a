import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import * as Mailbox from '../../mailbox/index.ts';
import { EmailAddress, type MailboxId, type MailChannel } from '../../values/index.ts';
import type { CommandType, DecodedCommand } from '../commands/command.ts';
import { mayTouch } from './authorize.ts';
import { foresee } from './bulk-plan.ts';
import { releaseAddress, withAddress } from './claim-address.ts';
import type { Environment } from './environment.ts';
import { loadMailbox, loadProfileFacts } from './facts.ts';
import type { DeactivationResult } from './impact.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';
import type { MailboxResult } from './register-mailbox.ts';
import { forgetSecret, storeSecret } from './store-secret.ts';
import { reject } from './texts.ts';

type Answer = Promise<E.Either<Refusal, Outcome<MailboxResult>>>;

const run = async ({ repository }: Environment, command: Mailbox.Command): Answer => {
  const committed = await repository.execute(Mailbox.aggregate, command)();
  return E.isLeft(committed) ? committed : E.right(outcomeOf({ mailboxId: command.mailboxId }, [committed.right]));
};

/** The mailbox, if the actor may give this command for it. */
const permitted = async (
  environment: Environment,
  { actor }: CommandContext,
  type: CommandType,
  mailboxId: MailboxId,
): Promise<E.Either<Refusal, Mailbox.Registered>> => {
  const mailbox = await loadMailbox(environment, actor.organizationId, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const refused = mayTouch(type, actor, mailbox.right);
  if (refused !== null) return E.left(refused);
  return mailbox.right === null ? E.left(reject.MailboxNotFound({ mailboxId })) : E.right(mailbox.right);
};

/** Secret into the vault, then the event that names it. */
export const setMailboxCredentials = async (
  environment: Environment,
  context: CommandContext,
  { type, mailboxId, userName, password, expiresOn = null }: DecodedCommand<'SetMailboxCredentials'>,
): Answer => {
  const mailbox = await permitted(environment, context, type, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const { organizationId, credentials, profile: seen } = mailbox.right;
  const profile = await loadProfileFacts(environment, organizationId, seen?.profileId ?? null);
  if (E.isLeft(profile)) return profile;

  const committed = await storeSecret(environment, {
    commandId: context.commandId,
    owner: { organizationId, kind: 'mailbox', ownerId: mailboxId, field: 'password' },
    secret: password,
    current: credentials?.secret ?? null,
    newestVersion: credentials?.secret.version ?? 0,
    record: (secret) =>
      environment.repository.execute(Mailbox.aggregate, {
        type,
        context,
        mailboxId,
        userName,
        secret,
        expiresOn,
        profile: profile.right,
        insecureChannelAllowed: environment.deployment.allowCredentialsOverInsecureChannel,
      })(),
  });
  return E.isLeft(committed) ? committed : E.right(outcomeOf({ mailboxId }, [committed.right]));
};

/** Takes the mailbox's own account away; its secret leaves the vault too. */
export const clearMailboxCredentials = async (
  environment: Environment,
  context: CommandContext,
  { type, mailboxId }: DecodedCommand<'ClearMailboxCredentials'>,
): Answer => {
  const mailbox = await permitted(environment, context, type, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const { organizationId, credentials, profile: seen } = mailbox.right;
  const profile = await loadProfileFacts(environment, organizationId, seen?.profileId ?? null);
  if (E.isLeft(profile)) return profile;

  const cleared = await run(environment, { type, context, mailboxId, reason: 'asked', profile: profile.right });
  if (E.isRight(cleared) && credentials !== null) {
    await forgetSecret(environment.vault, credentials.secret);
  }
  return cleared;
};

/** The new address is claimed before, the former one freed after; also by a repeat, in case the first was interrupted. */
export const changeMailboxAddress = async (
  environment: Environment,
  context: CommandContext,
  { type, mailboxId, address }: DecodedCommand<'ChangeMailboxAddress'>,
): Answer => {
  const mailbox = await permitted(environment, context, type, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const change = () => run(environment, { type, context, mailboxId, address });
  const changed =
    address === null ? await change() : await withAddress(environment, context, mailboxId, address, change);
  if (E.isLeft(changed)) return changed;
  const former = changed.right.duplicate ? mailbox.right.formerAddress : mailbox.right.address;
  if (!EmailAddress.is(former) || former === address) return changed;
  const released = await releaseAddress(environment, context, mailboxId, former);
  return E.isLeft(released) ? released : changed;
};

export const renameMailbox = (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<'RenameMailbox'>,
): Answer => run(environment, { ...command, context });

export const changeMailboxOwner = (
  environment: Environment,
  context: CommandContext,
  { type, mailboxId, owner }: DecodedCommand<'ChangeMailboxOwner'>,
): Answer => run(environment, { type, context, mailboxId, ownerKind: owner.kind, ownerId: owner.id });

export const setProcessingStart = async (
  environment: Environment,
  context: CommandContext,
  { type, mailboxId, processEmailFrom }: DecodedCommand<'SetMailboxProcessingStart'>,
): Answer => {
  const mailbox = await permitted(environment, context, type, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const { organizationId, profile: seen } = mailbox.right;
  const profile = await loadProfileFacts(environment, organizationId, seen?.profileId ?? null);
  if (E.isLeft(profile)) return profile;
  return run(environment, { type, context, mailboxId, processEmailFrom, profile: profile.right });
};

export const activateMailbox = (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<'ActivateMailbox'>,
): Answer => run(environment, { ...command, context });

const stopsIn = (events: readonly Mailbox.Event[]): readonly MailChannel[] =>
  events.flatMap(({ type, data }) => (type === 'ChannelDisabled' && data.channel !== 'act' ? [data.channel] : []));

export const deactivateMailbox = async (
  environment: Environment,
  context: CommandContext,
  { type, mailboxId, cause = 'asked', preview = false }: DecodedCommand<'DeactivateMailbox'>,
): Promise<E.Either<Refusal, Outcome<DeactivationResult>>> => {
  const command: Mailbox.DeactivateMailbox = { type, context, mailboxId, cause };
  if (preview) {
    const mailbox = await permitted(environment, context, type, mailboxId);
    if (E.isLeft(mailbox)) return mailbox;
    return E.right(outcomeOf({ mailboxId, stops: stopsIn(foresee(mailbox.right, [command]).events) }, []));
  }
  const committed = await environment.repository.execute(Mailbox.aggregate, command)();
  if (E.isLeft(committed)) return committed;
  return E.right(outcomeOf({ mailboxId, stops: stopsIn(committed.right.events) }, [committed.right]));
};
