import { isFailureKind, kindOf, type RecordedEvent } from '@mailroom/domain';
import type { AlertRow } from './alert-row.ts';
import type { AlertedEvent, Failed, Succeeded } from './alerted-events.ts';

/** The key of the alert that says that everything works. */
export const successKind = 'TestSucceeded';

/** Alerts about what no test has found: something was switched off, and its email is not processed. */
export const offKinds = ['MailboxDeactivated', 'OwnerDisabled', 'ProfileDeactivated', 'ProfileRemoved'] as const;
type OffKind = (typeof offKinds)[number];

/** The key of the alert that says that a password stops working soon. */
export const expiryKind = 'CredentialsExpiring';

type Occurrence = Omit<
  AlertRow,
  'count' | 'firstAt' | 'lastAt' | 'firstPosition' | 'lastPosition' | 'open' | 'organizationId'
>;

/** The alert as it is after this happened: the same problem again counts up, another one starts at 1. */
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

/** What was open is over; nobody need look any more, nor is anything tried again because of it. */
export const closed = (row: AlertRow | undefined): AlertRow | undefined =>
  row === undefined || !row.open ? row : { ...row, open: false, nextAttemptAt: null };

/** The failure that a check found, told to those whom its scope concerns. */
export const failed = (row: AlertRow | undefined, data: Failed, recorded: RecordedEvent): AlertRow => {
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
export const warned = (
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

/** Every channel of the test has succeeded. */
export const works = (row: AlertRow | undefined, mailboxId: string, recorded: RecordedEvent): AlertRow => {
  const subject = { subject: 'mailbox', subjectId: mailboxId, channel: null } as const;
  const what = { kind: successKind, severity: 'information', personId: null, params: '{}' } as const;
  return occurred(row, { ...subject, ...what, nextAttemptAt: null }, recorded);
};

/**
 * Whoever switches a mailbox off knows why, and the people behind it are told; that its user was disabled, or that a
 * profile is gone from under it, is news to those who look after the mailbox as well.
 */
export const switchedOff = (
  row: AlertRow | undefined,
  kind: OffKind,
  subjectId: string,
  recorded: RecordedEvent,
): AlertRow =>
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
export const expiring = (
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
