import * as E from 'fp-ts/lib/Either.js';
import type { LoadFailure } from '../../kernel/aggregate.ts';
import type { OrganizationId } from '../../kernel/command.ts';
import * as Mailbox from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import * as Settings from '../../settings/index.ts';
import type { MailboxId, ProfileId } from '../../values/index.ts';
import { profileFactsOf } from '../profile-facts.ts';
import type { Environment } from './environment.ts';

/** What loading needs. */
type Loading = Pick<Environment, 'repository'>;

/** A profile of this organization; null when there is none, which includes those of others. */
export const loadProfile = async (
  { repository }: Loading,
  organizationId: OrganizationId,
  profileId: ProfileId,
): Promise<E.Either<LoadFailure, Profile.Existing | null>> => {
  const loaded = await repository.load(Profile.aggregate, Profile.streamOf(profileId))();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  return E.right(state._tag === 'Existing' && state.organizationId === organizationId ? state : null);
};

/** What a mailbox has to know of a profile of this organization; null when there is none. */
export const loadProfileFacts = async (
  environment: Loading,
  organizationId: OrganizationId,
  profileId: ProfileId | null,
): Promise<E.Either<LoadFailure, Mailbox.ProfileFacts | null>> => {
  if (profileId === null) return E.right(null);
  const profile = await loadProfile(environment, organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  return E.right(profile.right === null ? null : profileFactsOf(profileId, profile.right));
};

/** A mailbox of this organization; null when there is none, which includes those of others. */
export const loadMailbox = async (
  { repository }: Loading,
  organizationId: OrganizationId,
  mailboxId: MailboxId,
): Promise<E.Either<LoadFailure, Mailbox.Registered | null>> => {
  const loaded = await repository.load(Mailbox.aggregate, Mailbox.streamOf(mailboxId))();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  return E.right(state._tag === 'Registered' && state.organizationId === organizationId ? state : null);
};

/** The settings of an organization as they hold now. */
export const loadSettings = async (
  { repository }: Loading,
  organizationId: OrganizationId,
): Promise<E.Either<LoadFailure, Settings.Settings>> => {
  const loaded = await repository.load(Settings.aggregate, Settings.streamOf(organizationId))();
  return E.isLeft(loaded) ? loaded : E.right(loaded.right.state);
};
