import {
  Mailbox,
  MailboxId,
  PersonId,
  Profile,
  ProfileId,
  type RecordedEvent,
  TestId,
  UserName,
} from '@mailroom/domain';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from './alert-row.ts';
import type { AlertedEvent } from './alerted-events.ts';
import { alertsView } from './alerts.ts';

const mailboxId = MailboxId.orThrow('94bc749d-7a34-58dd-a104-d190f6558810');
const profileId = ProfileId.orThrow('560f3ecf-c924-5f3b-a751-a270be149e96');
const testId = TestId.orThrow('0b5ba5a5-5c3a-4f43-9d0e-8d3d5a1d2f10');
const personId = PersonId.orThrow('061d422c-77b3-5f65-a6da-3dec9aa37601');

const result = {
  mailboxId,
  testId,
  channel: 'incoming' as const,
  profileId,
  profileConfiguration: 1,
  mailboxConfiguration: 1,
  steps: [],
};

type Failed = Parameters<typeof Mailbox.ChannelTestFailed>[0];
const failed = (change: Partial<Failed>): AlertedEvent =>
  Mailbox.ChannelTestFailed({
    ...result,
    personId,
    kind: 'InvalidCredentials',
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'secret',
    status: 'failure',
    adviceParams: '{}',
    serverText: null,
    attempt: 1,
    nextAttemptAt: null,
    ...change,
  });
const succeeded = Mailbox.ChannelTestSucceeded({ ...result, warnings: [] });

/** The rows after these events, folded one by one as the runner does. */
const wallAfter = (...events: readonly AlertedEvent[]): readonly AlertRow[] => {
  const rows = new Map<string, AlertRow>();
  events.forEach((event, index) => {
    const recorded = {
      position: String(index).padStart(6, '0'),
      recordedAt: new Date(Date.UTC(2026, 0, 1, 9, index)),
      metadata: { organizationId: 'example-org' },
    } as RecordedEvent;
    for (const key of alertsView.keys(event, recorded)) {
      const row = alertsView.evolve(rows.get(key), event, key, recorded);
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
  });
  return [...rows.values()].filter(({ open }) => open);
};

test('the same problem on the same object is one alert that counts', () => {
  expect(wallAfter(failed({}), failed({}), failed({}))).toMatchObject([{ kind: 'InvalidCredentials', count: 3 }]);
});

test('another kind on the same object is another problem, counted anew', () => {
  expect(wallAfter(failed({}), failed({}), failed({ kind: 'AccountLocked' }))).toMatchObject([
    { kind: 'AccountLocked', count: 1 },
  ]);
});

test('a success closes the alert of the mailbox, and that of its profile', () => {
  expect(wallAfter(failed({}), failed({ scope: 'profile', kind: 'CertificateExpired' }), succeeded)).toEqual([]);
});

test('trouble that passes is a warning; a permanent one is an error, even when it is looked at again', () => {
  const nextAttemptAt = new Date(Date.UTC(2026, 0, 1, 10));
  const severityOf = (change: Partial<Failed>) => wallAfter(failed({ nextAttemptAt, ...change }))[0]?.severity;
  expect(severityOf({ kind: 'MailboxInUse', disposition: 'transient' })).toBe('warning');
  expect(severityOf({ kind: 'ConnectTimeout', disposition: 'uncertain', scope: 'profile' })).toBe('warning');
  expect(severityOf({ kind: 'CertificateExpired', disposition: 'permanent', scope: 'profile' })).toBe('error');
});

test('trouble of a profile is one alert, however many mailboxes meet it', () => {
  const other = MailboxId.orThrow('a4bc749d-7a34-58dd-a104-d190f6558810');
  const trouble = { scope: 'profile', kind: 'CertificateExpired' } as const;
  expect(wallAfter(failed(trouble), failed({ ...trouble, mailboxId: other }))).toMatchObject([
    { subject: 'profile', subjectId: profileId, count: 2 },
  ]);
});

test('whatever happened before, after a success of a channel nothing about it is left on the wall', () => {
  const kinds = fc.constantFrom('InvalidCredentials', 'MailboxInUse', 'CertificateExpired', 'ConnectionRefused');
  const anyFailure = fc.record({ kind: kinds, scope: fc.constantFrom('mailbox' as const, 'profile' as const) });
  fc.assert(
    fc.property(fc.array(fc.option(anyFailure), { maxLength: 20 }), (history) => {
      const events = history.map((change) => (change === null ? succeeded : failed(change)));
      expect(wallAfter(...events, succeeded)).toEqual([]);
      const open = wallAfter(...events);
      expect(new Set(open.map(({ subject, subjectId }) => `${subject} ${subjectId}`)).size).toBe(open.length);
    }),
  );
});

const deactivated = (cause: 'asked' | 'ownerDisabled') => Mailbox.MailboxDeactivated({ mailboxId, profileId, cause });
const movedTo = (to: typeof profileId | null) =>
  Mailbox.MailboxProfileAssigned({
    mailboxId,
    previousProfileId: profileId,
    profileId: to,
    profileConfiguration: 1,
    profileProcessEmailFrom: null,
    processEmailFrom: null,
    processEmailFromSource: 'firstEnable',
  });

test('a mailbox that is off because its user was disabled is a warning until it is activated', () => {
  const works = Mailbox.MailboxTestCompleted({ mailboxId, testId, runId: null, outcome: 'succeeded' });
  const off = { subject: 'mailbox', subjectId: mailboxId };
  expect(wallAfter(works, deactivated('ownerDisabled'))).toMatchObject([
    { ...off, kind: 'OwnerDisabled', severity: 'warning' },
  ]);
  expect(wallAfter(deactivated('asked'))).toMatchObject([
    { ...off, kind: 'MailboxDeactivated', severity: 'information' },
  ]);
  expect(wallAfter(deactivated('ownerDisabled'), Mailbox.MailboxActivated({ mailboxId, profileId }))).toEqual([]);
});

const secret = { id: 'a password', version: 1 };
const expiresOn = new Date('2026-02-01T00:00:00.000Z');
const userName = UserName.orThrow('ada');

describe('a password that stops working soon', () => {
  test('of a profile is one warning for each direction, until there is a newer one, none, or no profile', () => {
    const about = { profileId, channel: 'incoming' } as const;
    const announced = Profile.ProfileCredentialsExpiryAnnounced({ ...about, expiresOn });
    const both = Profile.ProfileCredentialsExpiryAnnounced({ ...about, channel: 'outgoing', expiresOn });
    const set = Profile.ProfileCredentialsSet({
      ...about,
      personId,
      userName,
      secret,
      expiresOn: null,
      configuration: 2,
    });
    expect(wallAfter(set, announced)).toMatchObject([
      {
        subject: 'profile',
        subjectId: profileId,
        channel: 'incoming',
        kind: 'CredentialsExpiring',
        severity: 'warning',
        params: '{"expiresOn":"2026-02-01T00:00:00.000Z"}',
      },
    ]);
    expect(wallAfter(announced, both)).toHaveLength(2);
    expect(wallAfter(announced, both, set)).toMatchObject([{ channel: 'outgoing' }]);
    const cleared = Profile.ProfileCredentialsCleared({ ...about, reason: 'asked', configuration: 3 });
    expect(wallAfter(announced, cleared)).toEqual([]);
    expect(wallAfter(announced, both, Profile.ProfileDeleted({ profileId, mailboxes: 0 }))).toEqual([]);
    expect(wallAfter(announced, succeeded)).toHaveLength(1);
  });

  test('of a mailbox is one warning, until there is a newer one, none, or no profile to use it with', () => {
    const announced = Mailbox.MailboxCredentialsExpiryAnnounced({ mailboxId, expiresOn });
    const channels = ['incoming', 'outgoing'] as const;
    const set = Mailbox.MailboxCredentialsSet({
      mailboxId,
      personId,
      userName,
      secret,
      profileId,
      channels,
      expiresOn: null,
    });
    const warning = { subject: 'mailbox', subjectId: mailboxId, channel: null, kind: 'CredentialsExpiring' };
    expect(wallAfter(set, announced)).toMatchObject([{ ...warning, severity: 'warning' }]);
    expect(wallAfter(announced, set)).toEqual([]);
    expect(wallAfter(announced, Mailbox.MailboxCredentialsCleared({ mailboxId, reason: 'asked', channels }))).toEqual(
      [],
    );
    expect(wallAfter(announced, movedTo(null))).toMatchObject([{ kind: 'ProfileRemoved' }]);
    expect(wallAfter(announced, movedTo(profileId))).toMatchObject([warning]);
  });
});

test('a profile that was deactivated is one alert, until it is activated or gone', () => {
  const off = Profile.ProfileDeactivated({ profileId });
  expect(wallAfter(off)).toMatchObject([
    { subject: 'profile', subjectId: profileId, kind: 'ProfileDeactivated', severity: 'warning' },
  ]);
  expect(wallAfter(off, Profile.ProfileActivated({ profileId }))).toEqual([]);
  expect(wallAfter(off, Profile.ProfileDeleted({ profileId, mailboxes: 0 }))).toEqual([]);
});

test('a mailbox from under which its profile was taken is a warning until it is on another', () => {
  expect(wallAfter(movedTo(null))).toMatchObject([
    { subject: 'mailbox', subjectId: mailboxId, kind: 'ProfileRemoved', severity: 'warning' },
  ]);
  expect(wallAfter(movedTo(null), movedTo(profileId))).toEqual([]);
});
