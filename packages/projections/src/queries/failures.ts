import type { Channel } from '@mailroom/domain';
import type { ChannelRow, MailboxRow } from '../views/mailbox-row.ts';
import type { ProfileRow } from '../views/profile-row.ts';
import type { FailureGroup } from './rows.ts';

type Group = { -readonly [Field in keyof FailureGroup]: FailureGroup[Field] };

const channels: readonly Channel[] = ['incoming', 'outgoing', 'act'];

const endpointOf = (profile: ProfileRow | null, channel: Channel): FailureGroup['endpoint'] => {
  const server = profile === null || channel === 'act' ? null : profile[channel];
  if (profile === null || server === null) return null;
  const incoming = profile.serverType === 'pop3-smtp' ? 'pop3' : 'imap';
  return { protocol: channel === 'outgoing' ? 'smtp' : incoming, host: server.host, port: server.port };
};

const earlier = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && other < one) ? other : one;

const add = (group: Group, { failure, paused, testedAt, nextAttemptAt }: ChannelRow): void => {
  group.mailboxes += 1;
  if (paused) group.paused += 1;
  if (failure !== null && failure.since < group.since) group.since = failure.since;
  if (testedAt !== null && testedAt > group.newest) group.newest = testedAt;
  group.nextAttemptAt = earlier(group.nextAttemptAt, nextAttemptAt);
};

/**
 * What fails now, by profile, server, channel and kind. One wrong certificate in a hundred mailboxes is one row. Mailboxes
 * that are out of service are not counted: nobody waits for them.
 */
export const failuresOf = (
  mailboxes: Iterable<MailboxRow>,
  profileOf: (profileId: string) => ProfileRow | undefined,
): readonly FailureGroup[] => {
  const groups = new Map<string, Group>();
  for (const { active, organizationId, profileId, channels: states } of mailboxes) {
    if (!active) continue;
    for (const channel of channels) {
      const state = states[channel];
      if (state.failure === null) continue;
      const { kind, disposition, scope, since } = state.failure;
      const failureKey = JSON.stringify([organizationId, profileId, channel, kind, disposition, scope]);
      let group = groups.get(failureKey);
      if (group === undefined) {
        const profile = profileId === null ? null : (profileOf(profileId) ?? null);
        group = {
          failureKey,
          organizationId,
          profileId,
          profileName: profile?.name ?? null,
          channel,
          endpoint: endpointOf(profile, channel),
          kind,
          disposition,
          scope,
          mailboxes: 0,
          paused: 0,
          since,
          newest: since,
          nextAttemptAt: null,
        };
        groups.set(failureKey, group);
      }
      add(group, state);
    }
  }
  return [...groups.values()];
};
