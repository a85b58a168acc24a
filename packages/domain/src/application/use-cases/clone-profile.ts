import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import * as Profile from '../../profile/index.ts';
import { derivedId, type MailChannel, Name, ProfileId } from '../../values/index.ts';
import { commandTable, type DecodedCommand } from '../commands/command.ts';
import { privilegesMissing } from './authorize.ts';
import type { MailboxOutcome } from './bulk-plan.ts';
import { editMailboxes } from './edit-mailboxes.ts';
import type { Environment } from './environment.ts';
import { loadProfile } from './facts.ts';
import { notesOnConnection } from './notes-on-connection.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';
import { reject } from './texts.ts';

/** The new profile, and what became of each mailbox that was to move to it. */
export interface CloneResult {
  readonly profileId: ProfileId;
  readonly mailboxes: readonly MailboxOutcome[];
}

type Clone = DecodedCommand<'CloneProfile'>;

/** What one direction of the clone comes to: the host as it was unless another is given, the port filled in anew. */
const endpointOf = (
  source: Profile.Existing,
  channel: MailChannel,
  changes: Clone[MailChannel],
  isOtherProtocol: boolean,
): Profile.EndpointInput | null => {
  const endpoint = source.connection[channel];
  if (endpoint === null) return changes ?? null;
  const { host, tls, authentication, credentials, port, portSource } = endpoint;
  // A port that was chosen for one protocol says nothing about another.
  const kept = portSource === 'chosen' && !isOtherProtocol ? { port } : {};
  return { host, tls, authentication, credentials, ...kept, ...changes };
};

const nameOf = ({ name }: Profile.Existing, serverType: Profile.ServerType): Name => {
  const suffix = serverType === 'imap-smtp' ? ' (IMAP)' : ' (POP3)';
  return Name.orThrow(`${name.slice(0, 100 - suffix.length).trimEnd()}${suffix}`);
};

const connectionOf = (source: Profile.Existing, command: Clone, serverType: Profile.ServerType) => {
  const { sameSettingsForOutgoing, loginTemplate, folderTemplate } = source.connection;
  return {
    incoming: endpointOf(source, 'incoming', command.incoming, serverType !== source.serverType),
    outgoing: endpointOf(source, 'outgoing', command.outgoing, false),
    sameSettingsForOutgoing,
    loginTemplate,
    folderTemplate: serverType === 'imap-smtp' ? folderTemplate : null,
  };
};

/** Makes a profile like this one that speaks the other protocol, and moves the mailboxes when asked to. */
export const cloneProfile = async (
  environment: Environment,
  context: CommandContext,
  command: Clone,
): Promise<E.Either<Refusal, Outcome<CloneResult>>> => {
  const { moveMailboxes = false } = command;
  const { actor } = context;
  const lacking = commandTable.EditMailboxes.needs.filter((privilege) => !actor.privileges.includes(privilege));
  const refused = moveMailboxes ? privilegesMissing('CloneProfile', lacking) : null;
  if (refused !== null) return E.left(refused);

  const source = await loadProfile(environment, actor.organizationId, command.profileId);
  if (E.isLeft(source)) return source;
  if (source.right === null) return E.left(reject.ProfileNotFound({ profileId: command.profileId }, 'profileId'));

  const other = source.right.serverType === 'imap-smtp' ? 'pop3-smtp' : 'imap-smtp';
  const { serverType = other } = command;
  const profileId = ProfileId.orThrow(derivedId('profile', actor.organizationId, context.commandId));
  const created = await environment.repository.execute(Profile.aggregate, {
    type: 'CreateProfile',
    context,
    profileId,
    owner: source.right.owner,
    name: command.name ?? nameOf(source.right, serverType),
    description: source.right.description,
    serverType,
    connection: connectionOf(source.right, command, serverType),
    processing: source.right.processing,
    rules: environment.deployment,
  })();
  if (E.isLeft(created)) return created;
  const notesOnClone = notesOnConnection(environment)(created.right.events);
  if (!moveMailboxes) return E.right(outcomeOf({ profileId, mailboxes: [] }, [created.right], notesOnClone));

  const head = await environment.store.head();
  if (E.isLeft(head)) return head;
  const mailboxIds = await environment.directory.mailboxesOfProfile(command.profileId, head.right)();
  if (E.isLeft(mailboxIds)) return mailboxIds;
  // A repeat tells of those that were moved before it, too; who came to the new profile otherwise is not its doing.
  const there = created.right.duplicate
    ? await environment.directory.mailboxesOfProfile(profileId, head.right)()
    : E.right([]);
  if (E.isLeft(there)) return there;
  const moved = await editMailboxes(environment, context, {
    type: 'EditMailboxes',
    mailboxIds: [...there.right, ...mailboxIds.right],
    profileId,
  });
  if (E.isLeft(moved)) return moved;
  const { position, notes, result } = moved.right;
  const mailboxes = result.mailboxes.filter(({ outcome }) => outcome !== 'unchanged');
  const outcome = outcomeOf({ profileId, mailboxes }, [created.right], [...notesOnClone, ...notes]);
  return E.right({ ...outcome, position: position ?? outcome.position });
};
