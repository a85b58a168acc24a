import * as E from 'fp-ts/lib/Either.js';
import type { Committed } from '../../kernel/aggregate.ts';
import type { CommandContext } from '../../kernel/command.ts';
import type { Text } from '../../kernel/text.ts';
import * as Profile from '../../profile/index.ts';
import { derivedId, ProfileId } from '../../values/index.ts';
import type { DecodedCommand } from '../commands/command.ts';
import type { Environment } from './environment.ts';
import { loadSettings } from './facts.ts';
import { previewProfile, type ProfileImpact } from './impact.ts';
import { notesOnConnection } from './notes-on-connection.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';
import { note } from './texts.ts';

/** Which profile a command was about. */
export interface ProfileResult {
  readonly profileId: ProfileId;
}
type Answer = Promise<E.Either<Refusal, Outcome<ProfileResult>>>;
type AnswerWithImpact = Promise<E.Either<Refusal, Outcome<ProfileImpact>>>;

const run = async (
  { repository }: Environment,
  command: Profile.Command,
  notesOn: (events: readonly Profile.Event[]) => readonly Text[] = () => [],
): Answer => {
  const committed = await repository.execute(Profile.aggregate, command)();
  if (E.isLeft(committed)) return committed;
  return E.right(answer(command.profileId, committed.right, notesOn));
};

/** Carries the command out, or shows what it would mean for the mailboxes on the profile. */
const runOrPreview = async (
  environment: Environment,
  command: Profile.CreateProfile | Profile.ChangeProfile | Profile.DeactivateProfile | Profile.DeleteProfile,
  preview: boolean,
  notesOn: (events: readonly Profile.Event[]) => readonly Text[] = () => [],
): AnswerWithImpact => {
  if (preview) return previewProfile(environment, command, notesOn);
  const done = await run(environment, command, notesOn);
  if (E.isLeft(done)) return done;
  return E.right({ ...done.right, result: { ...done.right.result, mailboxes: [] } });
};

const answer = (
  profileId: ProfileId,
  committed: Committed<Profile.Event>,
  notesOn: (events: readonly Profile.Event[]) => readonly Text[],
): Outcome<ProfileResult> => outcomeOf({ profileId }, [committed], notesOn(committed.events));

/** The id follows from the command, so that a repeat cannot make a second profile. */
const newProfileId = ({ commandId, actor }: CommandContext): ProfileId =>
  ProfileId.orThrow(derivedId('profile', actor.organizationId, commandId));

const connectionOf = (
  command: DecodedCommand<'CreateProfile'> | DecodedCommand<'ChangeProfile'>,
): Profile.ConnectionInput => ({
  incoming: command.incoming,
  outgoing: command.outgoing,
  sameSettingsForOutgoing: command.sameSettingsForOutgoing,
  loginTemplate: command.loginTemplate,
  folderTemplate: command.folderTemplate,
});

const processingOf = (
  command: DecodedCommand<'CreateProfile'> | DecodedCommand<'ChangeProfile'>,
): Profile.ProcessingInput => ({
  processEmailFrom: command.processEmailFrom,
  minimumPollingMinutes: command.minimumPollingMinutes,
  maximumConnections: command.maximumConnections,
  connectionTimeLimitMs: command.connectionTimeLimitMs,
  alertMail: command.alertMail,
});

export const createProfile = (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<'CreateProfile'>,
): AnswerWithImpact => {
  const owner: Profile.Owner =
    command.owner === undefined
      ? { ownerKind: 'user', ownerId: context.actor.id }
      : { ownerKind: command.owner.kind, ownerId: command.owner.id };
  return runOrPreview(
    environment,
    {
      type: 'CreateProfile',
      context,
      profileId: newProfileId(context),
      owner,
      name: command.name,
      description: command.description ?? null,
      serverType: command.serverType,
      connection: connectionOf(command),
      processing: processingOf(command),
      rules: environment.deployment,
    },
    command.preview ?? false,
    notesOnConnection(environment),
  );
};

export const changeProfile = (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<'ChangeProfile'>,
): AnswerWithImpact =>
  runOrPreview(
    environment,
    {
      type: 'ChangeProfile',
      context,
      profileId: command.profileId,
      name: command.name,
      description: command.description,
      connection: connectionOf(command),
      processing: processingOf(command),
      letMailboxSecretsFollow: command.letMailboxSecretsFollow ?? false,
      rules: environment.deployment,
    },
    command.preview ?? false,
    (events) => [
      ...notesOnConnection(environment)(events),
      ...(command.processEmailFrom && events.some(({ type }) => type === 'ProfileProcessingChanged')
        ? [note('StartOfMailboxes', {})]
        : []),
    ],
  );

export const changeProfileOwner = (
  environment: Environment,
  context: CommandContext,
  { profileId, owner }: DecodedCommand<'ChangeProfileOwner'>,
): Answer =>
  run(environment, {
    type: 'ChangeProfileOwner',
    context,
    profileId,
    owner: { ownerKind: owner.kind, ownerId: owner.id },
  });

export const activateProfile = (
  environment: Environment,
  context: CommandContext,
  { type, profileId }: DecodedCommand<'ActivateProfile'>,
): Answer => run(environment, { type, context, profileId });

export const deactivateProfile = (
  environment: Environment,
  context: CommandContext,
  { type, profileId, preview = false }: DecodedCommand<'DeactivateProfile'>,
): AnswerWithImpact => runOrPreview(environment, { type, context, profileId }, preview);

/**
 * Deleting with `force` leaves the mailboxes without a profile; how many those are is recorded. A preview shows what
 * force would do to them.
 */
export const deleteProfile = async (
  environment: Environment,
  context: CommandContext,
  { profileId, force = false, preview = false }: DecodedCommand<'DeleteProfile'>,
): AnswerWithImpact => {
  const head = await environment.store.head();
  if (E.isLeft(head)) return head;
  const mailboxes = await environment.directory.mailboxesOfProfile(profileId, head.right)();
  if (E.isLeft(mailboxes)) return mailboxes;
  const settings = await loadSettings(environment, context.actor.organizationId);
  if (E.isLeft(settings)) return settings;
  const command: Profile.DeleteProfile = {
    type: 'DeleteProfile',
    context,
    profileId,
    force: force || preview,
    mailboxes: mailboxes.right.length,
    isDefault: settings.right.defaultProfileId === profileId,
  };
  return runOrPreview(environment, command, preview);
};
