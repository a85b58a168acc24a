import type { RecordedEvent } from '@mailroom/domain';
import type { AlertedEvent, Failed } from './alerted-events.ts';

/** One row for each object and channel, and one for each thing else that can be told of an object. */
const mailboxKey = (mailboxId: string, channel: string): string => `mailbox/${mailboxId}/${channel}`;
const profileKey = (profileId: string, channel: string): string => `profile/${profileId}/${channel}`;
const warningKey = (key: string): string => `${key}/warning`;
export const successKey = (mailboxId: string): string => `mailbox/${mailboxId}/success`;
export const activeKey = (subject: 'mailbox' | 'profile', id: string): string => `${subject}/${id}/active`;
export const placeKey = (mailboxId: string): string => `mailbox/${mailboxId}/profile`;
const expiryKey = (holder: string): string => `${holder}/expiry`;
const profileExpiryKey = (profileId: string, channel: string): string => expiryKey(profileKey(profileId, channel));
const mailboxExpiryKey = (mailboxId: string): string => expiryKey(`mailbox/${mailboxId}`);
const systemKey = ({ metadata }: RecordedEvent): string => `system/${metadata.organizationId}`;

/** The row that a failure belongs to: of the mailbox, of its profile, or of the operator. */
const failureKey = (data: Failed, recorded: RecordedEvent): string => {
  if (data.scope === 'system') return systemKey(recorded);
  if (data.scope === 'profile' && data.profileId !== null) return profileKey(data.profileId, data.channel);
  return mailboxKey(data.mailboxId, data.channel);
};

/** The rows that an event touches. */
export const alertKeysOf = (event: AlertedEvent, recorded: RecordedEvent): readonly string[] => {
  switch (event.type) {
    case 'ProfileActivated':
    case 'ProfileDeactivated':
      return [activeKey('profile', event.data.profileId)];
    case 'ProfileDeleted': {
      const { profileId } = event.data;
      const expiries = ['incoming', 'outgoing'].map((channel) => profileExpiryKey(profileId, channel));
      return [activeKey('profile', profileId), ...expiries];
    }
    case 'ProfileCredentialsSet':
    case 'ProfileCredentialsExpiryAnnounced':
    case 'ProfileCredentialsCleared':
      return [profileExpiryKey(event.data.profileId, event.data.channel)];
    case 'MailboxCredentialsSet':
    case 'MailboxCredentialsExpiryAnnounced':
    case 'MailboxCredentialsCleared':
      return [mailboxExpiryKey(event.data.mailboxId)];
    case 'MailboxActivated':
      return [activeKey('mailbox', event.data.mailboxId)];
    case 'MailboxProfileAssigned': {
      const { mailboxId, profileId } = event.data;
      // On no profile it logs in nowhere; what it takes along to another one expires as before.
      return profileId === null ? [placeKey(mailboxId), mailboxExpiryKey(mailboxId)] : [placeKey(mailboxId)];
    }
    case 'ChannelTestFailed':
      return [failureKey(event.data, recorded), successKey(event.data.mailboxId)];
    case 'ChannelTestSucceeded': {
      const { mailboxId, channel, profileId } = event.data;
      const own = mailboxKey(mailboxId, channel);
      const shared = profileId === null ? [] : [profileKey(profileId, channel)];
      const all = [own, ...shared];
      return [...all, ...all.map(warningKey), systemKey(recorded)];
    }
    case 'MailboxTestCompleted':
      return [successKey(event.data.mailboxId)];
    case 'ChannelTestInvalidated': {
      const { mailboxId, channel, profileId, reason } = event.data;
      const own = mailboxKey(mailboxId, channel);
      // A changed profile may have been the cure; the next test says whether it was.
      const shared = profileId === null || reason !== 'profileChanged' ? [] : [profileKey(profileId, channel)];
      return [own, warningKey(own), ...shared, successKey(mailboxId)];
    }
    case 'MailboxDeactivated': {
      const { mailboxId } = event.data;
      const found = ['incoming', 'outgoing'].map((channel) => mailboxKey(mailboxId, channel));
      return [...found, successKey(mailboxId), activeKey('mailbox', mailboxId)];
    }
  }
};
