import { replay } from '../kernel/decider.ts';
import type { MailChannel } from '../values/index.ts';
import type { ProfileFacts } from './commands.ts';
import {
  ChannelDisabled,
  ChannelTestInvalidated,
  type Event,
  MailboxCredentialsCleared,
  MailboxProcessingStartChanged,
  MailboxProfileChangeApplied,
  MailboxTestCancelled,
  type StaleReason,
} from './events.ts';
import { evolve } from './evolve.ts';
import { initialState, mailChannels, type OpenTest, type Registered } from './state.ts';

type DisabledReason = ReturnType<typeof ChannelDisabled>['data']['reason'];

/** The state after these events of the same decision. */
export const after = (state: Registered, events: readonly Event[]): Registered =>
  replay({ initialState, evolve }, events, state) as Registered;

/** Ends the open test: what it would find no longer matters, or nobody wants it. */
export const cancelled = (
  { mailboxId }: Registered,
  { testId, runId, remaining }: OpenTest,
  reason: 'asked' | 'configurationChanged' | 'deactivated',
): Event => MailboxTestCancelled({ mailboxId, testId, runId, channels: remaining, reason });

interface Cause {
  readonly reason: StaleReason;
  readonly disabled: DisabledReason;
  /** The profile whose change this answers; null when the mailbox itself changed. */
  readonly profile: { readonly profileId: ProfileFacts['profileId']; readonly configuration: number } | null;
}

/**
 * What was found about these channels no longer holds: back to Not Run, and disabled until a test succeeds again. An
 * open test of one of them is cancelled. Channels about which nothing was found stay as they are.
 */
export const wentStale = (state: Registered, channels: readonly MailChannel[], cause: Cause): readonly Event[] => {
  const { mailboxId, test } = state;
  const events: Event[] = [];
  if (test?.remaining.some((channel) => channels.includes(channel)) === true) {
    events.push(cancelled(state, test, 'configurationChanged'));
  }
  for (const channel of channels) {
    const { status, attempt, enabled } = state.channels[channel];
    if (status !== 'notRun' || attempt > 0) {
      const profileId = state.profile?.profileId ?? null;
      const profileConfiguration = cause.profile?.configuration ?? null;
      events.push(
        ChannelTestInvalidated({ mailboxId, channel, reason: cause.reason, profileId, profileConfiguration }),
      );
    }
    if (enabled) events.push(disabled(state, channel, cause.disabled));
  }
  return events;
};

/** Takes a channel out of service. */
export const disabled = ({ mailboxId, profile }: Registered, channel: MailChannel, reason: DisabledReason): Event =>
  ChannelDisabled({ mailboxId, channel, profileId: profile?.profileId ?? null, reason });

/** The channels that log in with the mailbox's own credentials: without a profile, both would. */
export const channelsWithOwnCredentials = (profile: ProfileFacts | null): readonly MailChannel[] =>
  mailChannels.filter((channel) => profile === null || profile.ownCredentials[channel] === true);

const isLater = (date: Date | null, than: Date | null): boolean => date !== null && (than === null || date > than);

/**
 * What follows for this mailbox from changes of its profile that had not reached it: results found with the older
 * configuration are stale, a secret does not follow to a new host by itself, a later start of processing moves along.
 */
export const caughtUpWith = (state: Registered, profile: ProfileFacts | null): readonly Event[] => {
  const seen = state.profile;
  if (profile === null || seen?.profileId !== profile.profileId) return [];
  const { mailboxId, credentials, start } = state;
  const { profileId, configuration, processEmailFrom } = profile;
  const isNewer = configuration > seen.configuration;
  const startMoved = isLater(processEmailFrom, seen.processEmailFrom);
  if (!isNewer && !startMoved) return [];

  const secretFollowed = credentials !== null && profile.secretsFollowedAt > seen.configuration;
  const events: Event[] = [
    MailboxProfileChangeApplied({
      mailboxId,
      profileId,
      profileConfiguration: Math.max(configuration, seen.configuration),
      profileProcessEmailFrom: processEmailFrom,
      secretFollowed,
    }),
  ];
  if (startMoved && start.source !== 'mailbox' && isLater(processEmailFrom, start.processEmailFrom)) {
    events.push(MailboxProcessingStartChanged({ mailboxId, processEmailFrom, source: 'profile' }));
  }
  if (!isNewer) return events;

  if (credentials !== null && profile.secretsCutOffAt > seen.configuration) {
    const channels = channelsWithOwnCredentials(profile);
    events.push(MailboxCredentialsCleared({ mailboxId, reason: 'hostChanged', channels }));
  }
  const cause = { reason: 'profileChanged', disabled: 'invalidated', profile } as const;
  return [...events, ...wentStale(state, mailChannels, cause)];
};
