import { describe, expect, test } from 'vitest';
import {
  at,
  contextOf,
  credentialsSet,
  disabled,
  facts,
  fromElsewhere,
  mailboxId,
  otherProfileId,
  profileId,
  registered,
  startedAt,
  testId,
  testRequested,
  working,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import { type MailChannel } from '../values/index.ts';
import * as Mailbox from './index.ts';

const { given } = specificationOf(Mailbox.decider);
const on = <Type extends string>(type: Type) => ({ type, context: contextOf(), mailboxId });
const stale = (
  channel: MailChannel,
  reason: Mailbox.StaleReason,
  profileConfiguration: number | null = null,
): Mailbox.Event => Mailbox.ChannelTestInvalidated({ mailboxId, channel, reason, profileId, profileConfiguration });
const stopped = (channel: MailChannel, reason: 'profileRemoved' | 'methodChanged' | 'approvalLost'): Mailbox.Event =>
  Mailbox.ChannelDisabled({ mailboxId, channel, profileId, reason });
const cancelled = Mailbox.MailboxTestCancelled({
  mailboxId,
  testId: testId('open'),
  runId: null,
  channels: ['incoming', 'outgoing'],
  reason: 'configurationChanged',
});

describe('putting a mailbox on a profile', () => {
  const other = facts({ profileId: otherProfileId, configuration: 4, processEmailFrom: at(7) });
  const assign = (profile: Mailbox.ProfileFacts | null, secretMayFollow = true): Mailbox.AssignMailboxProfile => ({
    ...on('AssignMailboxProfile'),
    profile,
    secretMayFollow,
  });
  const assigned = (overrides: Partial<ReturnType<typeof Mailbox.MailboxProfileAssigned>['data']> = {}) =>
    Mailbox.MailboxProfileAssigned({
      mailboxId,
      previousProfileId: profileId,
      profileId: otherProfileId,
      profileConfiguration: 4,
      profileProcessEmailFrom: at(7),
      processEmailFrom: at(7),
      processEmailFromSource: 'profile',
      ...overrides,
    });
  const nowhere = assigned({
    profileId: null,
    profileConfiguration: 0,
    profileProcessEmailFrom: null,
    processEmailFrom: null,
    processEmailFromSource: 'firstEnable',
  });

  test('what worked with the old one is stale, and the start of processing is recorded', () =>
    given(...working)
      .when(assign(other))
      .thenEvents(
        assigned(),
        stale('incoming', 'profileAssigned', 4),
        disabled('incoming', 'invalidated'),
        stale('outgoing', 'profileAssigned', 4),
        disabled('outgoing', 'invalidated'),
      ));

  test('what was never tested has nothing to lose', () =>
    given(registered()).when(assign(other)).thenEvents(assigned()));

  test('the same profile changes nothing', () => given(registered()).when(assign(facts())).thenNothing());

  test('a start of its own stays; one of the first enabling stays where the profile has none', () => {
    const own = Mailbox.MailboxProcessingStartChanged({ mailboxId, processEmailFrom: at(1), source: 'mailbox' });
    given(registered(), own)
      .when(assign(other))
      .thenEvents(assigned({ processEmailFrom: at(1), processEmailFromSource: 'mailbox' }));
    given(registered(), startedAt(2))
      .when(assign({ ...other, processEmailFrom: null }))
      .thenEvents(
        assigned({
          profileProcessEmailFrom: null,
          processEmailFrom: at(2),
          processEmailFromSource: 'firstEnable',
        }),
      );
  });

  test('a start that the old profile gave does not outlive it', () => {
    const ofProfile = Mailbox.MailboxProcessingStartChanged({ mailboxId, processEmailFrom: at(1), source: 'profile' });
    given(registered(), ofProfile).when(assign(null)).thenEvents(nowhere);
  });

  test('off the profile: its channels stop because of that', () =>
    given(...working.filter(({ type }) => type !== 'MailboxProcessingStartChanged'))
      .when(assign(null))
      .thenEvents(
        nowhere,
        stale('incoming', 'profileAssigned'),
        stopped('incoming', 'profileRemoved'),
        stale('outgoing', 'profileAssigned'),
        stopped('outgoing', 'profileRemoved'),
      ));

  test('meant for mailboxes of a certain profile, it passes by those that have moved on', () => {
    const fromOther = { ...assign(null), from: otherProfileId };
    given(registered()).when(fromOther).thenNothing();
    given(registered())
      .when({ ...fromOther, from: profileId })
      .thenEvents(nowhere);
  });

  test('its own secret follows only where somebody allowed it', () => {
    const cleared = Mailbox.MailboxCredentialsCleared({
      mailboxId,
      reason: 'hostChanged',
      channels: ['incoming', 'outgoing'],
    });
    given(registered(), credentialsSet).when(assign(other, false)).thenEvents(assigned(), cleared);
    given(registered(), credentialsSet).when(assign(other, true)).thenEvents(assigned());
  });

  test('a secret that followed does not come back unasked, and one taken off a profile goes nowhere else', () => {
    const toOther = given(registered(), credentialsSet, assigned());
    const { decision } = toOther.when(assign(facts(), false));
    expect(decision).toMatchObject({ right: [{}, { type: 'MailboxCredentialsCleared' }] });

    const offProfile = given(registered(), credentialsSet, nowhere);
    expect(offProfile.when(assign(other, false)).decision).toMatchObject({
      right: [{}, { type: 'MailboxCredentialsCleared' }],
    });
    expect(offProfile.when(assign(facts(), false)).decision).toMatchObject({ right: { length: 1 } });
  });

  test('appointments that need another kind of server are refused; so is a profile of another organization', () => {
    given(registered({ profileId: null, act: 'outlook' }))
      .when(assign(other))
      .thenRejected({ _tag: 'ActNotSupported' });
    const { organizationId } = fromElsewhere().actor;
    given(registered())
      .when(assign({ ...other, organizationId }))
      .thenRejected({ _tag: 'ProfileNotFound' });
  });

  test('an open test is cancelled', () =>
    given(registered(), testRequested('open')).when(assign(other)).thenEvents(assigned(), cancelled));
});

describe('a change of the profile', () => {
  const apply = (overrides: Partial<Mailbox.ProfileFacts>): Mailbox.ApplyProfileChange => ({
    ...on('ApplyProfileChange'),
    profile: facts(overrides),
  });
  const applied = (overrides: Partial<ReturnType<typeof Mailbox.MailboxProfileChangeApplied>['data']> = {}) =>
    Mailbox.MailboxProfileChangeApplied({
      mailboxId,
      profileId,
      profileConfiguration: 2,
      profileProcessEmailFrom: null,
      secretFollowed: false,
      ...overrides,
    });

  test('makes what was found stale, once', () => {
    given(...working)
      .when(apply({ configuration: 2 }))
      .thenEvents(
        applied(),
        stale('incoming', 'profileChanged', 2),
        disabled('incoming', 'invalidated'),
        stale('outgoing', 'profileChanged', 2),
        disabled('outgoing', 'invalidated'),
      );
    given(...working, applied())
      .when(apply({ configuration: 2 }))
      .thenNothing();
    given(...working, applied())
      .when(apply({ configuration: 1 }))
      .thenNothing();
  });

  test('reaches a mailbox about which nothing was found, and cancels its open test', () => {
    given(registered())
      .when(apply({ configuration: 2 }))
      .thenEvents(applied());
    given(registered(), testRequested('open'))
      .when(apply({ configuration: 2 }))
      .thenEvents(applied(), cancelled);
  });

  test('of another profile is none of its business', () =>
    given(...working)
      .when(apply({ profileId: otherProfileId, configuration: 9 }))
      .thenNothing());

  test('takes its own secret away when the host changed and nobody let it follow', () => {
    const cleared = Mailbox.MailboxCredentialsCleared({
      mailboxId,
      reason: 'hostChanged',
      channels: ['incoming', 'outgoing'],
    });
    given(registered(), credentialsSet)
      .when(apply({ configuration: 2, secretsCutOffAt: 2 }))
      .thenEvents(applied(), cleared);
    given(registered(), credentialsSet)
      .when(apply({ configuration: 3, secretsCutOffAt: 2 }))
      .thenEvents(applied({ profileConfiguration: 3 }), cleared);
    given(registered())
      .when(apply({ configuration: 2, secretsCutOffAt: 2 }))
      .thenEvents(applied());
  });

  test('records that its own secret followed', () =>
    given(registered(), credentialsSet)
      .when(apply({ configuration: 2, secretsFollowedAt: 2 }))
      .thenEvents(applied({ secretFollowed: true })));

  test('moves the start of processing to a later date, never to an earlier one', () => {
    const moved = Mailbox.MailboxProcessingStartChanged({ mailboxId, processEmailFrom: at(9), source: 'profile' });
    const seen = (minute: number) => applied({ profileConfiguration: 1, profileProcessEmailFrom: at(minute) });
    given(registered({ profileProcessEmailFrom: at(5) }))
      .when(apply({ processEmailFrom: at(9) }))
      .thenEvents(seen(9), moved);
    given(registered({ profileProcessEmailFrom: at(5) }))
      .when(apply({ processEmailFrom: at(4) }))
      .thenNothing();
    const own = Mailbox.MailboxProcessingStartChanged({ mailboxId, processEmailFrom: at(1), source: 'mailbox' });
    given(registered({ profileProcessEmailFrom: at(5) }), own)
      .when(apply({ processEmailFrom: at(9) }))
      .thenEvents(seen(9));
  });
});
