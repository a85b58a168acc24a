import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import * as Profile from '../../profile/index.ts';
import type { MailChannel, TestRunId } from '../../values/index.ts';
import type { DecodedCommand } from '../commands/command.ts';
import { mayTouch } from './authorize.ts';
import type { Environment } from './environment.ts';
import { loadProfile } from './facts.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';
import type { ProfileResult } from './profile-use-cases.ts';
import { forgetSecret, storeSecret } from './store-secret.ts';
import { testAndEnable } from './test-and-enable.ts';
import { note, reject } from './texts.ts';

/** How often two people who set the same credentials at once are sorted out. */
const attempts = 5;

/** The direction whose account is meant when nobody says: the first one that uses credentials of the profile. */
const channelOf = ({ connection }: Profile.Existing): MailChannel =>
  connection.incoming?.credentials === 'profile' || connection.outgoing?.credentials !== 'profile'
    ? 'incoming'
    : 'outgoing';

/** The profile, and the run that tests its mailboxes with what was set; null: there is none. */
export interface CredentialsResult extends ProfileResult {
  readonly runId: TestRunId | null;
}

/**
 * Sets the account of the profile. A new password reaches every mailbox on it, so all of them can be tested along with
 * it: what the former one had broken works again without anybody going through the list.
 */
export const setProfileCredentials = async (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<'SetProfileCredentials'>,
): Promise<E.Either<Refusal, Outcome<CredentialsResult>>> => {
  const { profileId, testAndEnable: isTested = false } = command;
  const refused = isTested ? mayTouch('TestAndEnable', context.actor, null) : null;
  if (refused !== null) return E.left(refused);

  const set = await setCredentials(environment, context, command);
  if (E.isLeft(set)) return set;
  if (!isTested) return E.right({ ...set.right, result: { profileId, runId: null } });
  const tested = await testAndEnable(environment, context, { type: 'TestAndEnable', profileId });
  if (E.isLeft(tested)) return tested;
  const { result, position, notes } = tested.right;
  return E.right({
    ...set.right,
    result: { profileId, runId: result.runId },
    position: position ?? set.right.position,
    notes: [...set.right.notes, ...notes, ...(result.runId === null ? [] : [note('TestQueued', {})])],
  });
};

/** Secret into the vault, then the event that names it. */
const setCredentials = async (
  environment: Environment,
  context: CommandContext,
  { profileId, userName, password, expiresOn = null, channel: asked }: DecodedCommand<'SetProfileCredentials'>,
): Promise<E.Either<Refusal, Outcome<ProfileResult>>> => {
  const { organizationId } = context.actor;
  for (let attempt = 1; ; attempt++) {
    const profile = await loadProfile(environment, organizationId, profileId);
    if (E.isLeft(profile)) return profile;
    if (profile.right === null) return E.left(reject.ProfileNotFound({ profileId }, 'profileId'));

    const channel = asked ?? channelOf(profile.right);
    const command = { type: 'SetProfileCredentials', context, profileId, channel, userName, expiresOn } as const;
    const rules = environment.deployment;
    const committed = await storeSecret(environment, {
      commandId: context.commandId,
      owner: { organizationId, kind: 'profile', ownerId: profileId, field: channel },
      secret: password,
      current: profile.right.accounts[channel],
      newestVersion: profile.right.secretVersions[channel],
      record: (secret) => environment.repository.execute(Profile.aggregate, { ...command, secret, rules })(),
    });
    if (E.isRight(committed)) return E.right(outcomeOf({ profileId }, [committed.right]));
    if (committed.left._tag !== 'SecretOutdated' || attempt === attempts) return committed;
  }
};

/** Takes the account of one direction away; its secret leaves the vault too. */
export const clearProfileCredentials = async (
  environment: Environment,
  context: CommandContext,
  { profileId, channel }: DecodedCommand<'ClearProfileCredentials'>,
): Promise<E.Either<Refusal, Outcome<ProfileResult>>> => {
  const profile = await loadProfile(environment, context.actor.organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  const stored = profile.right?.accounts[channel] ?? null;

  const command: Profile.Command = { type: 'ClearProfileCredentials', context, profileId, channel };
  const committed = await environment.repository.execute(Profile.aggregate, command)();
  if (E.isLeft(committed)) return committed;
  if (stored !== null) await forgetSecret(environment.vault, stored);
  return E.right(outcomeOf({ profileId }, [committed.right]));
};
