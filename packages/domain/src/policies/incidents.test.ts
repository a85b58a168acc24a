import { describe, expect, test } from 'vitest';
import {
  ChannelDisabled,
  ChannelEnabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestFailed,
  ChannelTestInvalidated,
  ChannelTestSucceeded,
} from '../mailbox/index.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import { ProfileCreated } from '../profile/index.ts';
import { causeOfEvent, owedAfter, rowAfter } from '../testing/fold-policy.ts';
import { ada, at, fingerprint, organizationId, personId, profileId, testId } from '../testing/sample-mailbox.ts';
import { MailboxId, type MailChannel, Name } from '../values/index.ts';
import { incidents } from './incidents.ts';

// Two mailboxes of one profile; `first` comes first in the order of ids.
const first = MailboxId.orThrow('00000000-0000-4000-8000-000000000001');
const second = MailboxId.orThrow('00000000-0000-4000-8000-000000000002');

const created = ProfileCreated({
  profileId,
  organizationId,
  ownerKind: 'user',
  ownerId: ada,
  name: Name.orThrow('Support'),
  description: null,
  serverType: 'imap-smtp',
  incoming: null,
  outgoing: null,
  sameSettingsForOutgoing: true,
  loginTemplate: null,
  folderTemplate: null,
  configuration: 1,
  processEmailFrom: null,
  minimumPollingMinutes: 0,
  maximumConnections: 10,
  connectionTimeLimitMs: null,
  alertMail: false,
});
const paused = (mailboxId: MailboxId, minute: number | null, channel: MailChannel = 'incoming') =>
  ChannelPaused({
    mailboxId,
    channel,
    profileId,
    kind: 'ConnectTimeout',
    nextAttemptAt: minute === null ? null : at(minute),
  });
const result = (mailboxId: MailboxId, channel: MailChannel) => ({
  mailboxId,
  testId: testId('probe'),
  channel,
  ...fingerprint,
  steps: [],
});
const failed = (mailboxId: MailboxId, minute: number | null) =>
  ChannelTestFailed({
    ...result(mailboxId, 'incoming'),
    personId,
    kind: 'ConnectTimeout',
    phase: 'connect',
    disposition: 'transient',
    scope: 'profile',
    field: 'host',
    status: 'failure',
    adviceParams: '{}',
    serverText: null,
    attempt: 1,
    nextAttemptAt: minute === null ? null : at(minute),
  });
const succeeded = (mailboxId: MailboxId, channel: MailChannel = 'incoming') =>
  ChannelTestSucceeded({ ...result(mailboxId, channel), warnings: [] });
const resumed = (mailboxId: MailboxId) => ChannelResumed({ mailboxId, channel: 'incoming', profileId });

type Event = Parameters<typeof incidents.evolve>[1];
const owed = (...events: readonly Event[]) => owedAfter(incidents, profileId, [created, ...events]);
const probe = (mailboxId: MailboxId, minute: number, cause: number, channel: MailChannel = 'incoming') => ({
  key: `probe:${channel}:${mailboxId}:${at(minute).toISOString()}`,
  due: at(minute),
  instruction: { type: 'ProbeIncident', organizationId, mailboxId, profileId, channel, cause: causeOfEvent(cause) },
});
const resume = (mailboxId: MailboxId, cause: number) => ({
  key: `resume:incoming:${mailboxId}`,
  due: null,
  instruction: {
    type: 'ResumePausedChannel',
    organizationId,
    mailboxId,
    profileId,
    channel: 'incoming',
    cause: causeOfEvent(cause),
  },
});

describe('while trouble of a profile pauses channels', () => {
  test('nothing is owed before the first pause', () => expect(owed()).toEqual([]));

  test('the mailbox that waited longest is tried, once the newest failure is an interval old', () => {
    expect(owed(paused(first, 5))).toEqual([probe(first, 5, 2)]);
    expect(owed(paused(first, 5), paused(second, 7))).toEqual([probe(first, 7, 2)]);
    expect(owed(paused(first, 7), paused(second, 5))).toEqual([probe(second, 7, 3)]);
    expect(owed(paused(second, 5), paused(first, 5))).toEqual([probe(first, 5, 3)]);
  });

  test('after a probe that fails, the other mailbox is next', () =>
    expect(owed(paused(first, 5), paused(second, 6), failed(first, 12))).toEqual([probe(second, 12, 3)]));

  test('a mailbox that waits for a person is not tried by itself', () => {
    expect(owed(paused(first, null))).toEqual([]);
    expect(owed(paused(first, null), paused(second, 5))).toEqual([probe(second, 5, 3)]);
    expect(owed(paused(first, 5), failed(first, null))).toEqual([]);
  });

  test('each direction has its own incident', () => {
    const both = [paused(first, 5), paused(second, 6, 'outgoing')];
    expect(owed(...both)).toEqual([probe(first, 5, 2), probe(second, 6, 3, 'outgoing')]);
    expect(owed(...both, succeeded(second, 'incoming'))).toMatchObject([resume(first, 4), { due: at(6) }]);
  });

  test('a failure of a channel that is not paused concerns nobody', () => expect(owed(failed(first, 5))).toEqual([]));
});

describe('once a test gets through', () => {
  test('all others go on, each until it has', () => {
    const over = [paused(first, 5), paused(second, null), succeeded(first)];
    expect(owed(...over)).toEqual([resume(second, 4)]);
    expect(owed(...over, resumed(second))).toEqual([]);
    const third = [paused(first, 5), paused(second, 6), succeeded(MailboxId.orThrow(testId('third')))];
    expect(owed(...third)).toEqual([resume(first, 4), resume(second, 4)]);
    expect(owed(...third, resumed(first))).toEqual([resume(second, 4)]);
  });

  test('a mailbox that is paused again is in a new incident', () =>
    expect(owed(paused(first, 5), paused(second, 6), succeeded(first), paused(second, 9))).toEqual([
      probe(second, 9, 5),
    ]));
});

describe('a mailbox is no longer waited for', () => {
  const disabled = (channel: MailChannel | 'act') =>
    ChannelDisabled({ mailboxId: first, channel, profileId, reason: 'invalidated' });

  test('when its channel is disabled or what was found is stale', () => {
    expect(owed(paused(first, 5), disabled('incoming'))).toEqual([]);
    expect(owed(paused(first, 5), disabled('outgoing'))).toEqual([probe(first, 5, 2)]);
    expect(owed(paused(first, 5), disabled('act'))).toEqual([probe(first, 5, 2)]);
    const stale = ChannelTestInvalidated({
      mailboxId: first,
      channel: 'incoming',
      reason: 'profileChanged',
      profileId,
      profileConfiguration: 2,
    });
    expect(owed(paused(first, 5), stale)).toEqual([]);
  });

  test('events without a profile, or of one that is not known, are nobody’s', () => {
    expect(
      incidents.keys(ChannelTestSucceeded({ ...result(first, 'incoming'), profileId: null, warnings: [] })),
    ).toEqual([]);
    expect(incidents.keys(paused(first, 5))).toEqual([profileId]);
    expect(rowAfter(incidents, profileId, [paused(first, 5)])).toBeUndefined();
    expect((incidents.events.types as readonly string[]).includes(ChannelEnabled.type)).toBe(false);
  });

  test('what changes nothing keeps the row as it is', () => {
    const row = rowAfter(incidents, profileId, [created]);
    const recorded = { id: 'event 2', metadata: { correlationId: 'correlation 2' } } as RecordedEvent;
    expect(incidents.evolve(row, resumed(first), profileId, recorded)).toBe(row);
  });
});
