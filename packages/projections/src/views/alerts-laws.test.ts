import {
  type Actor,
  Mailbox,
  MailboxId,
  OrganizationId,
  PersonId,
  PrincipalId,
  Profile,
  ProfileId,
  type RecordedEvent,
  Settings,
  TestId,
} from '@mailroom/domain';
import { runsOf } from '@mailroom/domain/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wallOf } from '../queries/alert-lines.ts';
import type { AlertRow } from './alert-row.ts';
import type { AlertedEvent } from './alerted-events.ts';
import { alertsView } from './alerts.ts';

// The wall over generated histories, against what a person with a sheet of paper would have on it.

const profileId = ProfileId.orThrow('560f3ecf-c924-5f3b-a751-a270be149e96');
const boxes = ['94bc749d-7a34-58dd-a104-d190f6558810', '94bc749d-7a34-58dd-a104-d190f6558811'].map((id) =>
  MailboxId.orThrow(id),
);
const testId = TestId.orThrow('0b5ba5a5-5c3a-4f43-9d0e-8d3d5a1d2f10');
const personId = PersonId.orThrow('061d422c-77b3-5f65-a6da-3dec9aa37601');
const organizationId = 'example-org';

const channel = fc.constantFrom('incoming' as const, 'outgoing' as const);
const box = fc.constantFrom(...boxes);
const kind = fc.constantFrom('InvalidCredentials', 'MailboxInUse', 'ConnectionRefused');
const scope = fc.constantFrom('mailbox' as const, 'profile' as const, 'system' as const);
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('fails' as const), box, channel, kind, scope }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('works' as const), box, channel }) },
  fc.record({ what: fc.constant('completes' as const), box, isSuccess: fc.boolean() }),
  fc.record({ what: fc.constant('changes' as const), box, channel, ofProfile: fc.boolean() }),
  fc.record({ what: fc.constant('deactivated' as const), box, isOwner: fc.boolean() }),
  fc.record({ what: fc.constant('activated' as const), box }),
  fc.record({ what: fc.constant('moved' as const), box, isOff: fc.boolean() }),
  fc.record({ what: fc.constant('profile' as const), becomes: fc.constantFrom('off', 'on', 'gone') }),
);
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

const ofProfile = (becomes: string): AlertedEvent => {
  if (becomes === 'off') return Profile.ProfileDeactivated({ profileId });
  return becomes === 'on'
    ? Profile.ProfileActivated({ profileId })
    : Profile.ProfileDeleted({ profileId, mailboxes: boxes.length });
};

const eventOf = (one: Happening): AlertedEvent => {
  if (one.what === 'profile') return ofProfile(one.becomes);
  const mailboxId = one.box;
  const base = { mailboxId, testId, profileId, profileConfiguration: 1, mailboxConfiguration: 1, steps: [] };
  switch (one.what) {
    case 'fails':
      return Mailbox.ChannelTestFailed({
        ...base,
        channel: one.channel,
        personId,
        kind: one.kind,
        phase: 'auth',
        disposition: 'permanent',
        scope: one.scope,
        field: null,
        status: 'failure',
        adviceParams: '{}',
        serverText: null,
        attempt: 1,
        nextAttemptAt: null,
      });
    case 'works':
      return Mailbox.ChannelTestSucceeded({ ...base, channel: one.channel, warnings: [] });
    case 'completes': {
      const outcome = one.isSuccess ? 'succeeded' : 'failed';
      return Mailbox.MailboxTestCompleted({ mailboxId, testId, runId: null, outcome });
    }
    case 'changes': {
      const reason = one.ofProfile ? 'profileChanged' : 'credentialsChanged';
      return {
        type: 'ChannelTestInvalidated',
        data: { mailboxId, channel: one.channel, profileId, reason },
      } as AlertedEvent;
    }
    case 'deactivated':
      return Mailbox.MailboxDeactivated({ mailboxId, profileId, cause: one.isOwner ? 'ownerDisabled' : 'asked' });
    case 'activated':
      return Mailbox.MailboxActivated({ mailboxId, profileId });
    case 'moved':
      return Mailbox.MailboxProfileAssigned({
        mailboxId,
        previousProfileId: profileId,
        profileId: one.isOff ? null : profileId,
        profileConfiguration: 1,
        profileProcessEmailFrom: null,
        processEmailFrom: null,
        processEmailFromSource: 'firstEnable',
      });
  }
};

/** The sheet of paper: one line for each object and channel, with what is wrong there and how often it was met. */
const sheetOf = (happenings: readonly Happening[]): readonly string[] => {
  const sheet = new Map<string, { kind: string; count: number }>();
  const note = (place: string, what: string): void => {
    const before = sheet.get(place);
    sheet.set(place, { kind: what, count: before?.kind === what ? before.count + 1 : 1 });
  };
  for (const one of happenings) {
    switch (one.what) {
      case 'fails': {
        const places = {
          mailbox: `${one.box} ${one.channel}`,
          profile: `${profileId} ${one.channel}`,
          system: 'system',
        };
        note(places[one.scope], one.kind);
        sheet.delete(`${one.box} works`);
        break;
      }
      case 'works':
        for (const place of [`${one.box} ${one.channel}`, `${profileId} ${one.channel}`, 'system']) sheet.delete(place);
        break;
      case 'completes':
        if (one.isSuccess) note(`${one.box} works`, 'TestSucceeded');
        break;
      case 'changes':
        for (const place of [`${one.box} ${one.channel}`, `${one.box} works`]) sheet.delete(place);
        if (one.ofProfile) sheet.delete(`${profileId} ${one.channel}`);
        break;
      case 'deactivated':
        for (const each of ['incoming', 'outgoing', 'works']) sheet.delete(`${one.box} ${each}`);
        note(`${one.box} is on`, one.isOwner ? 'OwnerDisabled' : 'MailboxDeactivated');
        break;
      case 'activated':
        sheet.delete(`${one.box} is on`);
        break;
      case 'moved':
        if (one.isOff) note(`${one.box} has a profile`, 'ProfileRemoved');
        else sheet.delete(`${one.box} has a profile`);
        break;
      case 'profile':
        if (one.becomes === 'off') note(`${profileId} is on`, 'ProfileDeactivated');
        else sheet.delete(`${profileId} is on`);
        break;
    }
  }
  return [...sheet].map(([place, { kind: what, count }]) => `${place}: ${what} ${count}`).sort();
};

const administrator: Actor = {
  kind: 'person',
  id: PrincipalId.orThrow('eve'),
  organizationId: OrganizationId.orThrow(organizationId),
  privileges: ['mailboxes.read'],
  teams: [],
};

/** What of an object an alert is about that is about none of its channels. */
const aspects: Readonly<Record<string, string>> = {
  TestSucceeded: 'works',
  MailboxDeactivated: 'is on',
  OwnerDisabled: 'is on',
  ProfileDeactivated: 'is on',
  ProfileRemoved: 'has a profile',
};

/** The wall of an administrator after these events, folded one by one as the runner does. */
const wallAfter = (happenings: readonly Happening[]): readonly string[] => {
  const rows = new Map<string, AlertRow>();
  happenings.forEach((one, index) => {
    const event = eventOf(one);
    const recorded = {
      position: String(index).padStart(6, '0'),
      recordedAt: new Date(Date.UTC(2026, 0, 1, 9, index)),
      metadata: { organizationId },
    } as RecordedEvent;
    for (const key of alertsView.keys(event, recorded)) {
      const row = alertsView.evolve(rows.get(key), event, key, recorded);
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
  });
  const lines = wallOf(rows, administrator, 'all', {
    mailboxOf: () => undefined,
    profileOf: () => undefined,
    mailboxesOn: () => [],
    settingsOf: () => ({ organizationId, ...Settings.decider.initialState }),
    dismissalsOf: () => undefined,
    expiredBefore: new Date(0).toISOString(),
  });
  return lines
    .map(({ about, channel: of, kind: what, count }) => {
      const place = about.kind === 'system' ? 'system' : `${about.id} ${of ?? aspects[what] ?? ''}`;
      return `${place}: ${what} ${count}`;
    })
    .sort();
};

test('whatever happens, the wall shows each problem once, counts it, and nothing that is over', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      expect(wallAfter(happenings)).toEqual(sheetOf(happenings));
    }),
    { numRuns: runsOf({ small: 300, ci: 2000, full: 20_000 }) },
  );
});
