import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import type { AnnounceMailboxCredentialsExpiry, ClearMailboxCredentials, SetMailboxCredentials } from './commands.ts';
import {
  type Event,
  MailboxCredentialsCleared,
  MailboxCredentialsExpiryAnnounced,
  MailboxCredentialsSet,
} from './events.ts';
import { type Rejection, rejections } from './rejections.ts';
import { after, caughtUpWith, channelsWithOwnCredentials, wentStale } from './staleness.ts';
import type { Registered } from './state.ts';

const cause = { reason: 'credentialsChanged', disabled: 'invalidated', profile: null } as const;

/**
 * The mailbox's own user name and secret. What they are entered for is the profile as it stands now, so its changes
 * count as known from here on: a new secret is not cleared because the host had changed before it was entered.
 */
export const setCredentials = (command: SetMailboxCredentials, before: Registered): Decision<Event, Rejection> => {
  const { mailboxId, context, userName, secret, expiresOn = null, insecureChannelAllowed } = command;
  if (!context.secureChannel && !insecureChannelAllowed) {
    return rejected(rejections.CredentialsOverInsecureChannel({}, 'secret'));
  }
  const caughtUp = caughtUpWith(before, command.profile);
  const state = after(before, caughtUp);

  const { credentials, personId } = state;
  const isSameSecret = credentials?.secret.id === secret.id && credentials.secret.version === secret.version;
  if (isSameSecret && credentials.userName === userName) return happened(...caughtUp);

  const profile = command.profile?.profileId === state.profile?.profileId ? command.profile : null;
  const channels = channelsWithOwnCredentials(profile);
  const profileId = state.profile?.profileId ?? null;
  return happened<Event>(
    ...caughtUp,
    MailboxCredentialsSet({ mailboxId, personId, userName, secret, profileId, channels, expiresOn }),
    ...wentStale(state, channels, cause),
  );
};

/** Once for each secret, and only while it is the one that is kept. */
export const announceExpiry = (
  { mailboxId, secret }: AnnounceMailboxCredentialsExpiry,
  { credentials }: Registered,
): Decision<Event, never> => {
  if (credentials === null || credentials.expiryToAnnounce === null) return nothingHappened;
  const { expiryToAnnounce: expiresOn, secret: current } = credentials;
  return current.id === secret.id && current.version === secret.version
    ? happened(MailboxCredentialsExpiryAnnounced({ mailboxId, expiresOn }))
    : nothingHappened;
};

export const clearCredentials = (
  { mailboxId, reason, profile }: ClearMailboxCredentials,
  state: Registered,
): Decision<Event, never> => {
  if (state.credentials === null) return nothingHappened;
  const channels = channelsWithOwnCredentials(profile?.profileId === state.profile?.profileId ? profile : null);
  return happened<Event>(
    MailboxCredentialsCleared({ mailboxId, reason, channels }),
    ...wentStale(state, channels, cause),
  );
};
