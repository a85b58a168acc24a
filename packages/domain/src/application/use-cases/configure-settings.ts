import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext, OrganizationId } from '../../kernel/command.ts';
import * as Settings from '../../settings/index.ts';
import type { DecodedCommand } from '../commands/command.ts';
import type { Environment } from './environment.ts';
import { loadProfile, loadSettings } from './facts.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';
import { note } from './texts.ts';

/** Changes the email configuration settings of the actor's organization. */
export const configureEmailSettings = async (
  environment: Environment,
  context: CommandContext,
  { type, ...changes }: DecodedCommand<'ConfigureEmailSettings'>,
): Promise<E.Either<Refusal, Outcome<{ readonly organizationId: OrganizationId }>>> => {
  const { organizationId } = context.actor;
  const defaultProfile = await standing(environment, organizationId, changes.defaultProfileId ?? null);
  if (E.isLeft(defaultProfile)) return defaultProfile;

  const before = await loadSettings(environment, organizationId);
  if (E.isLeft(before)) return before;

  const command = { type, context, organizationId, changes, defaultProfile: defaultProfile.right };
  const committed = await environment.repository.execute(Settings.aggregate, command)();
  if (E.isLeft(committed)) return committed;

  const asked = changes.act ?? before.right.act;
  const { act } = committed.right.events.at(-1)?.data ?? before.right;
  return E.right(outcomeOf({ organizationId }, [committed.right], act === asked ? [] : [note('ActForcedToNone', {})]));
};

const standing = async (
  environment: Environment,
  organizationId: OrganizationId,
  profileId: Parameters<typeof loadProfile>[2] | null,
): Promise<E.Either<Refusal, 'active' | 'inactive' | 'missing'>> => {
  if (profileId === null) return E.right('missing');
  const profile = await loadProfile(environment, organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  if (profile.right === null) return E.right('missing');
  return E.right(profile.right.active ? 'active' : 'inactive');
};
