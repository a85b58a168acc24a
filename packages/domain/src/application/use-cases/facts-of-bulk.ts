import * as E from 'fp-ts/lib/Either.js';
import type { LoadFailure } from '../../kernel/aggregate.ts';
import type { OrganizationId } from '../../kernel/command.ts';
import type * as Mailbox from '../../mailbox/index.ts';
import type * as Profile from '../../profile/index.ts';
import type { ProfileId } from '../../values/index.ts';
import { profileFactsOf } from '../profile-facts.ts';
import type { Environment } from './environment.ts';
import { loadProfile } from './facts.ts';

/** The profiles that one bulk command meets: each is read once, since thousands of mailboxes share a few of them. */
export interface KnownProfiles {
  readonly profile: (profileId: ProfileId) => Promise<E.Either<LoadFailure, Profile.Existing | null>>;
  readonly facts: (profileId: ProfileId | null) => Promise<E.Either<LoadFailure, Mailbox.ProfileFacts | null>>;
}

export const knownProfiles = (environment: Environment, organizationId: OrganizationId): KnownProfiles => {
  const known = new Map<ProfileId, ReturnType<KnownProfiles['profile']>>();
  const profile: KnownProfiles['profile'] = (profileId) => {
    const before = known.get(profileId);
    if (before !== undefined) return before;
    const loading = loadProfile(environment, organizationId, profileId);
    known.set(profileId, loading);
    return loading;
  };
  return {
    profile,
    facts: async (profileId) => {
      if (profileId === null) return E.right(null);
      const loaded = await profile(profileId);
      if (E.isLeft(loaded)) return loaded;
      return E.right(loaded.right === null ? null : profileFactsOf(profileId, loaded.right));
    },
  };
};

const hostsOf = ({ connection }: Profile.Existing): readonly string[] =>
  [connection.incoming, connection.outgoing].flatMap((endpoint) => endpoint?.host.toLowerCase() ?? []);

/**
 * Whether a mailbox's own secret may go along when the mailbox moves to another profile: when that names no host which
 * the profile the secret was entered for does not name, or when somebody with the right to decides so.
 */
export const mayFollow = async (
  profiles: KnownProfiles,
  { credentials }: Mailbox.Registered,
  target: ProfileId | null,
  isConfirmed: boolean,
): Promise<E.Either<LoadFailure, boolean>> => {
  const enteredFor = credentials?.profileId ?? null;
  if (isConfirmed || enteredFor === null || target === null || enteredFor === target) return E.right(true);
  const former = await profiles.profile(enteredFor);
  if (E.isLeft(former)) return former;
  const next = await profiles.profile(target);
  if (E.isLeft(next)) return next;
  if (former.right === null || next.right === null) return E.right(false);
  const known = hostsOf(former.right);
  return E.right(hostsOf(next.right).every((host) => known.includes(host)));
};
