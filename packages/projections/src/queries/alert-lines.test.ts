import {
  type Actor,
  MailboxId,
  OrganizationId,
  PersonId,
  type Privilege,
  PrincipalId,
  ProfileId,
  Settings,
} from '@mailroom/domain';
import { describe, expect, test } from 'vitest';
import type { AlertRow, DismissalsRow } from '../views/alert-row.ts';
import type { MailboxRow } from '../views/mailbox-row.ts';
import type { ProfileRow } from '../views/profile-row.ts';
import { alertsOnRecord, type AlertSources, wallOf } from './alert-lines.ts';
import type { SettingsStatus } from './rows.ts';

const organizationId = 'contoso';
const mailboxId = MailboxId.orThrow('94bc749d-7a34-58dd-a104-d190f6558810');
const profileId = ProfileId.orThrow('560f3ecf-c924-5f3b-a751-a270be149e96');

// Ada's mailbox, on the profile of the team "mail"; her mailbox is owned by the team "desk".
const mailbox = {
  mailboxId,
  organizationId,
  kind: 'user',
  regardingId: 'ada',
  ownerKind: 'team',
  ownerId: 'desk',
  name: 'Ada',
  address: 'ada@example.org',
  profileId,
} as unknown as MailboxRow;
const profile = {
  profileId,
  organizationId,
  name: 'Support',
  ownerKind: 'team',
  ownerId: 'mail',
} as unknown as ProfileRow;

const problem = (change: Partial<AlertRow> = {}): AlertRow => ({
  subject: 'mailbox',
  subjectId: mailboxId,
  organizationId,
  channel: 'incoming',
  kind: 'InvalidCredentials',
  severity: 'error',
  personId: PersonId.orThrow('061d422c-77b3-5f65-a6da-3dec9aa37601'),
  params: '{}',
  nextAttemptAt: null,
  count: 1,
  firstAt: '2026-01-01T09:00:00.000Z',
  lastAt: '2026-01-01T09:00:00.000Z',
  firstPosition: '01',
  lastPosition: '01',
  open: true,
  ...change,
});
const ofProfile = problem({ subject: 'profile', subjectId: profileId, kind: 'CertificateExpired' });
const ofSystem = problem({ subject: 'system', subjectId: organizationId, channel: null, kind: 'LocalResources' });
const success = problem({ kind: 'TestSucceeded', severity: 'information', channel: null });

const actor = (id: string, teams: readonly string[] = [], privileges: readonly Privilege[] = []): Actor => ({
  kind: 'person',
  id: PrincipalId.orThrow(id),
  organizationId: OrganizationId.orThrow(organizationId),
  privileges,
  teams: teams.map((team) => PrincipalId.orThrow(team)),
});
const ada = actor('ada');
const deskMember = actor('bob', ['desk']);
const profileOwner = actor('cleo', ['mail']);
const stranger = actor('dan', ['others']);
const administrator = actor('eve', [], ['mailboxes.read']);

const sources = (settings: Partial<SettingsStatus> = {}, dismissals?: DismissalsRow): AlertSources => ({
  mailboxOf: (id) => (id === mailboxId ? mailbox : undefined),
  profileOf: (id) => (id === profileId ? profile : undefined),
  mailboxesOn: (id) => (id === profileId ? [mailbox] : []),
  settingsOf: () => ({ organizationId, ...Settings.decider.initialState, ...settings }),
  dismissalsOf: () => dismissals,
  expiredBefore: '2025-12-02T09:00:00.000Z',
});

/** The kinds that this person sees on the own wall (or, as an administrator, on that of everybody). */
const wall = (row: AlertRow, who: Actor, all: AlertSources = sources(), list: 'mine' | 'all' = 'mine') =>
  wallOf(new Map([['key', row]]), who, list, all).map(({ kind }) => kind);

describe('what was switched off', () => {
  const off = (kind: string, row: AlertRow) => ({ ...row, kind, channel: null, severity: 'warning' as const });
  const said = (row: AlertRow, who: Actor) =>
    wallOf(new Map([['key', row]]), who, 'mine', sources()).map(({ text }) => text.sentence);

  test('a profile: its owner is told how many mailboxes stand still', () =>
    expect(said(off('ProfileDeactivated', ofProfile), profileOwner)).toEqual([
      expect.stringContaining('no email of the mailboxes on it (1) is processed'),
    ]));

  test('a mailbox: those behind it, and who looks after the profile, are told why and what to do', () => {
    for (const who of [ada, deskMember, profileOwner]) {
      expect(said(off('OwnerDisabled', problem()), who)).toEqual([
        'The mailbox is off, because its user was disabled. When the user is back, activate it and run Test & Enable.',
      ]);
      expect(said(off('ProfileRemoved', problem()), who)).toEqual([expect.stringContaining('Put it on another one')]);
    }
  });
});

describe('a password that stops working soon', () => {
  const expiring = { kind: 'CredentialsExpiring', params: '{"expiresOn":"2026-02-01T00:00:00.000Z"}' };
  const said = (row: AlertRow, who: Actor) =>
    wallOf(new Map([['key', row]]), who, 'mine', sources()).map(({ text }) => text.sentence);

  test('of a profile: its owner is told when, and how many mailboxes use it', () =>
    expect(said({ ...ofProfile, ...expiring, severity: 'warning' }, profileOwner)).toEqual([
      'The password of the profile for incoming email stops working on 2026-02-01, for all mailboxes on it (1). Set the new one before then, and test them along with it.',
    ]));

  test('of a mailbox: those behind it are told when', () =>
    expect(said(problem({ ...expiring, channel: null, severity: 'warning' }), ada)).toEqual([
      'The password of this mailbox stops working on 2026-02-01. Set the new one before then, and run Test & Enable.',
    ]));
});

describe('who is told', () => {
  test('an error of a mailbox: its user, its owner, and the owner of its profile', () => {
    for (const who of [ada, deskMember, profileOwner]) expect(wall(problem(), who)).toEqual(['InvalidCredentials']);
    expect(wall(problem(), stranger)).toEqual([]);
  });

  test('a problem of a profile: the owner of the profile', () => {
    expect(wall(ofProfile, profileOwner)).toEqual(['CertificateExpired']);
    for (const who of [ada, deskMember, stranger]) expect(wall(ofProfile, who)).toEqual([]);
  });

  test('a problem of a profile, with "notify mailbox owner": those of its mailboxes too', () => {
    const notifying = sources({ notifyMailboxOwner: true });
    for (const who of [ada, deskMember, profileOwner]) {
      expect(wall(ofProfile, who, notifying)).toEqual(['CertificateExpired']);
    }
    expect(wall(ofProfile, stranger, notifying)).toEqual([]);
  });

  test('a success: the mailbox’s user and owner, not the owner of its profile', () => {
    for (const who of [ada, deskMember]) expect(wall(success, who)).toEqual(['TestSucceeded']);
    expect(wall(success, profileOwner)).toEqual([]);
  });

  test('our own trouble is on no owner’s wall, but on that of whoever sees all', () => {
    for (const who of [ada, deskMember, profileOwner]) expect(wall(ofSystem, who)).toEqual([]);
    expect(wall(ofSystem, administrator, sources(), 'all')).toEqual(['LocalResources']);
  });

  test('all alerts of the organization are for those who may see its mailboxes', () => {
    expect(wall(problem(), administrator, sources(), 'all')).toEqual(['InvalidCredentials']);
    expect(wall(problem(), stranger, sources(), 'all')).toEqual([]);
    const elsewhere = { ...administrator, organizationId: OrganizationId.orThrow('fabrikam') };
    expect(wall(problem(), elsewhere, sources(), 'all')).toEqual([]);
  });

  test('a level that the organization has switched off is shown to nobody', () => {
    const warning = problem({ severity: 'warning' });
    expect(wall(problem(), ada, sources({ alertErrors: false }))).toEqual([]);
    expect(wall(warning, ada, sources({ alertWarnings: false }))).toEqual([]);
    expect(wall(success, ada, sources({ alertInformation: false }))).toEqual([]);
    expect(wall(warning, ada, sources({ alertErrors: false, alertInformation: false }))).toEqual([
      'InvalidCredentials',
    ]);
  });
});

describe('the record', () => {
  const on = (row: AlertRow, kind: 'mailbox' | 'profile', id: string, all: AlertSources = sources()) =>
    alertsOnRecord(new Map([['key', row]]), ada, { kind, id }, all).map((line) => line.kind);

  test('of a mailbox shows its own alerts and those of its profile; that of the profile its own', () => {
    expect(on(problem(), 'mailbox', mailboxId)).toEqual(['InvalidCredentials']);
    expect(on(ofProfile, 'mailbox', mailboxId)).toEqual(['CertificateExpired']);
    expect(on(ofProfile, 'profile', profileId)).toEqual(['CertificateExpired']);
    expect(on(problem(), 'profile', profileId)).toEqual([]);
    expect(on(problem({ open: false }), 'mailbox', mailboxId)).toEqual([]);
    expect(on(problem({ organizationId: 'fabrikam' }), 'mailbox', mailboxId)).toEqual([]);
    expect(on(problem(), 'mailbox', mailboxId, sources({ alertErrors: false }))).toEqual([]);
  });
});

test('a team and a person of one id are not taken for each other', () => {
  expect(wall(problem(), actor('desk'))).toEqual([]);
  expect(wall(problem(), actor('bob', ['ada']))).toEqual([]);
  expect(wall(ofProfile, actor('mail'))).toEqual([]);
});

test('an alert expires when the problem has not occurred for too long, wherever it is shown', () => {
  const old = problem({ lastAt: '2025-12-02T08:59:59.999Z' });
  expect(wall(old, ada)).toEqual([]);
  expect(wall(old, administrator, sources(), 'all')).toEqual([]);
  expect(alertsOnRecord(new Map([['key', old]]), ada, { kind: 'mailbox', id: mailboxId }, sources())).toEqual([]);
  expect(wall(problem({ lastAt: '2025-12-02T09:00:00.000Z' }), ada)).toEqual(['InvalidCredentials']);
});

describe('dismissing', () => {
  const dismissed = (position: string, occurrences: number): DismissalsRow => ({
    principalId: 'ada',
    organizationId,
    all: null,
    byKey: { 'key/InvalidCredentials': { position, occurrences } },
  });

  test('takes an alert off the own wall until it occurs again', () => {
    const again = problem({ count: 2, lastPosition: '05' });
    expect(wall(problem(), ada, sources({}, dismissed('03', 1)))).toEqual([]);
    expect(wall(again, ada, sources({}, dismissed('03', 1)))).toEqual(['InvalidCredentials']);
    expect(wall(again, ada, sources({}, dismissed('06', 2)))).toEqual([]);
    expect(wall(again, ada, sources({}, dismissed('06', 0)))).toEqual([]);
    expect(wall(again, ada, sources({}, dismissed('04', 0)))).toEqual(['InvalidCredentials']);
  });

  test('concerns no later episode of the same problem, nor another problem', () => {
    const later = problem({ firstPosition: '07', lastPosition: '07' });
    expect(wall(later, ada, sources({}, dismissed('03', 1)))).toEqual(['InvalidCredentials']);
    const other = problem({ kind: 'MailboxInUse' });
    expect(wall(other, ada, sources({}, dismissed('03', 1)))).toEqual(['MailboxInUse']);
  });

  test('everything takes what had occurred by then', () => {
    const all = { principalId: 'ada', organizationId, all: '03', byKey: {} } as unknown as DismissalsRow;
    expect(wall(problem(), ada, sources({}, all))).toEqual([]);
    expect(wall(problem({ lastPosition: '04' }), ada, sources({}, all))).toEqual(['InvalidCredentials']);
  });
});
