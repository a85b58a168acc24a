import type { ProfileFacts } from '../mailbox/index.ts';
import type { Existing } from '../profile/index.ts';
import type { MailChannel, ProfileId } from '../values/index.ts';

/** Whether this direction logs in with the credentials of each mailbox; null: the profile has no such direction. */
const usesOwn = ({ connection }: Existing, channel: MailChannel): boolean | null => {
  const endpoint = connection[channel];
  return endpoint === null ? null : endpoint.credentials === 'mailbox' || endpoint.credentials === 'oauth';
};

/** What a command on a mailbox has to know of its profile. */
export const profileFactsOf = (profileId: ProfileId, profile: Existing): ProfileFacts => ({
  profileId,
  organizationId: profile.organizationId,
  active: profile.active,
  configuration: profile.configuration,
  processEmailFrom: profile.processing.processEmailFrom,
  ownCredentials: { incoming: usesOwn(profile, 'incoming'), outgoing: usesOwn(profile, 'outgoing') },
  secretsCutOffAt: profile.mailboxSecrets.clearedAt,
  secretsFollowedAt: profile.mailboxSecrets.followedAt,
});
