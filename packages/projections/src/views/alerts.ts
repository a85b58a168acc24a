import {
  type AlertEvent,
  alertEvents,
  eventFamily,
  type EventOf,
  isFailureKind,
  kindOf,
  Mailbox,
  type MailboxEvent,
  Profile,
  type RecordedEvent,
} from '@mailroom/domain';
import type { View } from '../runner/definition.ts';
import type { AlertRow, DismissalsRow } from './alert-row.ts';

const events = eventFamily([
  Mailbox.ChannelTestFailed,
  Mailbox.ChannelTestSucceeded,
  Mailbox.ChannelTestInvalidated,
  Mailbox.MailboxTestCompleted,
  Mailbox.MailboxActivated,
  Mailbox.MailboxDeactivated,
  Mailbox.MailboxProfileAssigned,
  Mailbox.MailboxCredentialsSet,
  Mailbox.MailboxCredentialsExpiryAnnounced,
  Mailbox.MailboxCredentialsCleared,
  Profile.ProfileActivated,
  Profile.ProfileDeactivated,
  Profile.ProfileDeleted,
  Profile.ProfileCredentialsSet,
  Profile.ProfileCredentialsExpiryAnnounced,
  Profile.ProfileCredentialsCleared,
]);
/** What alerts are made of. */
export type AlertedEvent = EventOf<typeof events>;

type Failed = Extract<MailboxEvent, { readonly type: 'ChannelTestFailed' }>['data'];
type Succeeded = Extract<MailboxEvent, { readonly type: 'ChannelTestSucceeded' }>['data'];

/** The key of the alert that says that everything works. */
export const successKind = 'TestSucceeded';

/** Alerts about what no test has found: something was switched off, and its email is not processed. */
export const offKinds = ['MailboxDeactivated', 'OwnerDisabled', 'ProfileDeactivated', 'ProfileRemoved'] as const;
type OffKind = (typeof offKinds)[number];

/** The key of the alert that says that a password stops working soon. */
export const expiryKind = 'CredentialsExpiring';

const mailboxKey = (mailboxId: string, channel: string): string => `mailbox/${mailboxId}/${channel}`;
const profileKey = (profileId: string, channel: string): string => `profile/${profileId}/${channel}`;
const warningKey = (key: string): string => `${key}/warning`;
const successKey = (mailboxId: string): string => `mailbox/${mailboxId}/success`;
const activeKey = (subject: 'mailbox' | 'profile', id: string): string => `${subject}/${id}/active`;
const placeKey = (mailboxId: string): string => `mailbox/${mailboxId}/profile`;
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

const keysOf = (event: AlertedEvent, recorded: RecordedEvent): readonly string[] => {
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

type Occurrence = Omit<
  AlertRow,
  'count' | 'firstAt' | 'lastAt' | 'firstPosition' | 'lastPosition' | 'open' | 'organizationId'
>;

const occurred = (row: AlertRow | undefined, what: Occurrence, recorded: RecordedEvent): AlertRow => {
  const at = recorded.recordedAt.toISOString();
  const again = row !== undefined && row.open && row.kind === what.kind;
  return {
    ...what,
    organizationId: recorded.metadata.organizationId,
    count: again ? row.count + 1 : 1,
    firstAt: again ? row.firstAt : at,
    lastAt: at,
    firstPosition: again ? row.firstPosition : recorded.position,
    lastPosition: recorded.position,
    open: true,
  };
};

const closed = (row: AlertRow | undefined): AlertRow | undefined =>
  row === undefined || !row.open ? row : { ...row, open: false, nextAttemptAt: null };

const failed = (row: AlertRow | undefined, data: Failed, recorded: RecordedEvent): AlertRow => {
  const { scope, mailboxId, profileId, channel, kind, disposition, nextAttemptAt, adviceParams, personId } = data;
  const subject = scope === 'profile' && profileId === null ? 'mailbox' : scope;
  const subjectId =
    subject === 'system' ? recorded.metadata.organizationId : subject === 'profile' ? (profileId ?? '') : mailboxId;
  // What is looked at again by itself may still be an error: a permanent trouble of the profile waits for a person.
  const isPassing = nextAttemptAt !== null && (disposition === 'transient' || disposition === 'uncertain');
  return occurred(
    row,
    {
      subject,
      subjectId,
      channel: subject === 'system' ? null : channel,
      kind,
      severity: isPassing ? 'warning' : 'error',
      personId,
      params: adviceParams,
      nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    },
    recorded,
  );
};

/** The warning that a passed check left, where it belongs to this row. */
const warned = (
  row: AlertRow | undefined,
  key: string,
  data: Succeeded,
  recorded: RecordedEvent,
): AlertRow | undefined => {
  const subject = key.startsWith('profile/') ? 'profile' : 'mailbox';
  const scopeOf = (kind: string): string => (isFailureKind(kind) ? kindOf(kind).scope : 'mailbox');
  const fits = (kind: string): boolean =>
    (scopeOf(kind) === 'profile' && data.profileId !== null) === (subject === 'profile');
  const kind = data.warnings.find(fits);
  if (kind === undefined) return closed(row);
  const subjectId = subject === 'profile' ? (data.profileId ?? '') : data.mailboxId;
  const { channel } = data;
  const what = { subject, subjectId, channel, kind, severity: 'warning', personId: null, params: '{}' } as const;
  return occurred(row, { ...what, nextAttemptAt: null }, recorded);
};

/**
 * Whoever switches a mailbox off knows why, and the people behind it are told; that its user was disabled, or that a
 * profile is gone from under it, is news to those who look after the mailbox as well.
 */
const switchedOff = (row: AlertRow | undefined, kind: OffKind, subjectId: string, recorded: RecordedEvent): AlertRow =>
  occurred(
    row,
    {
      subject: kind === 'ProfileDeactivated' ? 'profile' : 'mailbox',
      subjectId,
      channel: null,
      kind,
      severity: kind === 'MailboxDeactivated' ? 'information' : 'warning',
      personId: null,
      params: '{}',
      nextAttemptAt: null,
    },
    recorded,
  );

/** Only announced once for each secret; a newer secret, or none, closes it. */
const expiring = (
  row: AlertRow | undefined,
  { data }: Extract<AlertedEvent, { readonly type: `${string}ExpiryAnnounced` }>,
  recorded: RecordedEvent,
): AlertRow => {
  const holder =
    'profileId' in data
      ? ({ subject: 'profile', subjectId: data.profileId, channel: data.channel } as const)
      : ({ subject: 'mailbox', subjectId: data.mailboxId, channel: null } as const);
  const params = JSON.stringify({ expiresOn: data.expiresOn.toISOString() });
  const what = { kind: expiryKind, severity: 'warning', personId: null, params, nextAttemptAt: null } as const;
  return occurred(row, { ...holder, ...what }, recorded);
};

/**
 * The problems of every mailbox and profile, one row for each object and channel. The same problem again counts up; a
 * success closes it. Who is told of it is decided when somebody looks: owners and settings of that moment count.
 */
export const alertsView: View<AlertRow, AlertedEvent> = {
  name: 'alerts',
  version: 3,
  events,
  personal: { personId: (row) => row.personId, fields: ['params'] },
  indexes: ['organizationId', 'subjectId'],
  keys: keysOf,
  evolve: (row, event, key, recorded) => {
    switch (event.type) {
      case 'ChannelTestFailed':
        return key === successKey(event.data.mailboxId) ? closed(row) : failed(row, event.data, recorded);
      case 'ChannelTestSucceeded':
        return key.endsWith('/warning') ? warned(row, key, event.data, recorded) : closed(row);
      case 'MailboxTestCompleted': {
        if (event.data.outcome !== 'succeeded') return row;
        const subject = { subject: 'mailbox', subjectId: event.data.mailboxId, channel: null } as const;
        const what = {
          kind: successKind,
          severity: 'information',
          personId: null,
          params: '{}',
          nextAttemptAt: null,
        } as const;
        return occurred(row, { ...subject, ...what }, recorded);
      }
      case 'ProfileDeactivated':
        return switchedOff(row, event.type, event.data.profileId, recorded);
      case 'MailboxDeactivated': {
        const { mailboxId, cause } = event.data;
        const kind = cause === 'ownerDisabled' ? 'OwnerDisabled' : event.type;
        return key === activeKey('mailbox', mailboxId) ? switchedOff(row, kind, mailboxId, recorded) : closed(row);
      }
      case 'ProfileCredentialsExpiryAnnounced':
      case 'MailboxCredentialsExpiryAnnounced':
        return expiring(row, event, recorded);
      case 'MailboxProfileAssigned':
        return event.data.profileId === null && key === placeKey(event.data.mailboxId)
          ? switchedOff(row, 'ProfileRemoved', event.data.mailboxId, recorded)
          : closed(row);
      default:
        return closed(row);
    }
  },
};

export const dismissalsKey = (organizationId: string, principalId: string): string =>
  `${organizationId}/${principalId}`;

/** What each person has taken off their wall. */
export const dismissalsView: View<DismissalsRow, AlertEvent> = {
  name: 'dismissals',
  version: 1,
  events: alertEvents,
  // Two organizations may know different people by one id.
  indexes: ['organizationId', 'principalId'],
  keys: ({ data }) => [dismissalsKey(data.organizationId, data.principalId)],
  evolve: (row, event, _key, { position }) => {
    const { principalId, organizationId, alertKey, occurrences } = event.data;
    if (alertKey === null) return { principalId, organizationId, all: position, byKey: {} };
    return {
      principalId,
      organizationId,
      all: row?.all ?? null,
      byKey: { ...row?.byKey, [alertKey]: { position, occurrences } },
    };
  },
};
