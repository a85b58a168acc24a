import { describe, expect, test } from 'vitest';
import { AlertMailDropped, AlertMailDue, AlertMailSent } from '../alert-mail/index.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import {
  ChannelDisabled,
  ChannelPaused,
  ChannelResumed,
  MailboxActivated,
  MailboxDeactivated,
  MailboxProfileAssigned,
} from '../mailbox/index.ts';
import { ProfileCreated, ProfileProcessingChanged } from '../profile/index.ts';
import { causeOfEvent } from '../testing/fold-policy.ts';
import {
  ada,
  channelFailed,
  organizationId,
  otherProfileId,
  profileId,
  registered,
} from '../testing/sample-mailbox.ts';
import { derivedId, EpisodeId, mailboxIdOf, type MailChannel, Name } from '../values/index.ts';
import { alertMail } from './alert-mail.ts';
import type { AlertMailRow } from './alert-mail-row.ts';

type Event = Parameters<typeof alertMail.evolve>[1];
/** What happened, at so many minutes. */
type Happening = readonly [minute: number, event: Event];

const start = Date.UTC(2026, 0, 1, 9);
const isoAt = (minute: number): string => new Date(start + minute * 60_000).toISOString();
const rowAfter = (happenings: readonly Happening[]): AlertMailRow | undefined =>
  happenings.reduce<AlertMailRow | undefined>((row, [minute, event], index) => {
    const { correlationId, eventId } = causeOfEvent(index + 1);
    const recorded = { id: eventId, recordedAt: new Date(isoAt(minute)), metadata: { correlationId } };
    return alertMail.keys(event).includes(profileId)
      ? alertMail.evolve(row, event, profileId, recorded as unknown as RecordedEvent)
      : row;
  }, undefined);
const owed = (...happenings: readonly Happening[]) => {
  const row = rowAfter(happenings);
  return row === undefined ? [] : alertMail.intents(row, profileId);
};

const derived = (n: number) => mailboxIdOf(organizationId, 'user', `number ${n}`);
const [first, second, third] = [derived(1), derived(2), derived(3)];
const processing = {
  processEmailFrom: null,
  minimumPollingMinutes: 0,
  maximumConnections: 10,
  connectionTimeLimitMs: null,
};
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
  ...processing,
  alertMail: true,
});
const asking = (wanted: boolean) => ProfileProcessingChanged({ profileId, ...processing, alertMail: wanted });
const fails = (mailboxId: typeof first, changes: { kind?: string; scope?: 'system'; channel?: MailChannel } = {}) =>
  channelFailed({ mailboxId, ...changes });
const pauses = (mailboxId: typeof first) =>
  ChannelPaused({ mailboxId, channel: 'incoming', profileId, kind: 'ConnectTimeout', nextAttemptAt: null });
const resumes = (mailboxId: typeof first) => ChannelResumed({ mailboxId, channel: 'incoming', profileId });
const disabled = (mailboxId: typeof first) =>
  ChannelDisabled({ mailboxId, channel: 'incoming', profileId, reason: 'testFailed' });
const moves = (mailboxId: typeof first, from: typeof profileId, to: typeof profileId) =>
  MailboxProfileAssigned({
    mailboxId,
    previousProfileId: from,
    profileId: to,
    profileConfiguration: 1,
    profileProcessEmailFrom: null,
    processEmailFrom: null,
    processEmailFromSource: 'firstEnable',
  });
const leaves = (mailboxId: typeof first) => moves(mailboxId, profileId, otherProfileId);
const deactivated = (mailboxId: typeof first) => MailboxDeactivated({ mailboxId, profileId, cause: 'asked' });
const activated = (mailboxId: typeof first) => MailboxActivated({ mailboxId, profileId });

/** Three mailboxes on a profile that asks for alert mail: events 1 to 4. */
const three: readonly Happening[] = [
  [0, created],
  ...[first, second, third].map((mailboxId): Happening => [0, registered({ mailboxId })]),
];
/** Two of them fail; with the second one most do, by event 6. */
const most: readonly Happening[] = [...three, [1, fails(first)], [2, fails(second)]];
const episodeId = EpisodeId.orThrow(derivedId('alertMail', profileId, causeOfEvent(6).eventId));
const episode = { failing: 2, mailboxes: 3, kind: 'MailboxInUse', since: isoAt(2) };
const of = { organizationId, profileId, episodeId, cause: causeOfEvent(6) };
const announced = {
  key: `announce:${episodeId}`,
  due: null,
  instruction: { type: 'AnnounceAlertMail', ...of, episode },
};
const delivery = (stop: boolean) => ({
  key: `deliver:${episodeId}:${stop ? 'stop' : 'go'}`,
  due: null,
  instruction: { type: 'DeliverAlertMail', ...of, stop },
});
const since = new Date(isoAt(2));
const due = AlertMailDue({ organizationId, profileId, episodeId, ...episode, since });

describe('an alert mail', () => {
  test('is announced when most fail, delivered when it was, and then no more', () => {
    expect(owed(...most)).toEqual([announced]);
    expect(owed(...most, [3, due])).toEqual([delivery(false)]);
    const sent = AlertMailSent({ organizationId, profileId, episodeId, recipients: 1 });
    const dropped = AlertMailDropped({ organizationId, profileId, episodeId, reason: 'noRecipient' });
    expect(owed(...most, [3, due], [4, sent])).toEqual([]);
    expect(owed(...most, [3, due], [4, dropped])).toEqual([]);
    const another = { ...sent, data: { ...sent.data, episodeId: EpisodeId.orThrow(derivedId('another')) } };
    expect(owed(...most, [3, due], [4, another])).toEqual([delivery(false)]);
    expect(owed(...three, [4, sent])).toEqual([]);
  });
  test('is stopped, or never begun, where it is not wanted or the trouble is over', () => {
    for (const end of [asking(false), resumes(second), leaves(second), deactivated(second)]) {
      expect(owed(...most, [3, end])).toEqual([]);
      expect(owed(...most, [3, due], [4, end])).toEqual([delivery(true)]);
    }
    expect(owed(...most, [3, asking(false)], [4, asking(true)])).toEqual([announced]);
    // Time ends it as well: the first failure is an hour old.
    expect(owed(...most, [61, fails(second)])).toEqual([]);
    expect(owed(...most, [60, fails(second)])).toEqual([announced]);
  });
  test('that is announced when the next episode has begun is dropped, whatever becomes of that one', () => {
    const next = [...most, [3, resumes(second)], [4, fails(second)]] as const;
    const dropLate = { ...delivery(true), instruction: { ...delivery(true).instruction, cause: causeOfEvent(9) } };
    expect(owed(...next, [5, due])).toMatchObject([{ instruction: { type: 'AnnounceAlertMail' } }, dropLate]);
    expect(owed(...next, [5, due], [6, resumes(second)])).toEqual([dropLate]);
    const dropped = AlertMailDropped({ organizationId, profileId, episodeId, reason: 'over' });
    expect(owed(...next, [5, due], [6, resumes(second)], [7, dropped])).toEqual([]);
  });
  test('that is over is followed by another one when most fail again', () => {
    const again = owed(...most, [3, resumes(second)], [4, fails(second, { kind: 'Throttled' })]);
    const other = derivedId('alertMail', profileId, causeOfEvent(8).eventId);
    expect(again).toMatchObject([{ key: `announce:${other}`, instruction: { episode: { since: isoAt(4) } } }]);
  });
});

describe('most of the mailboxes fail', () => {
  const isMost = (...happenings: readonly Happening[]): boolean => owed(...three, ...happenings).length > 0;
  test.each<readonly [string, boolean, readonly Happening[]]>([
    [
      'when two of three do',
      true,
      [
        [1, fails(first)],
        [2, fails(second)],
      ],
    ],
    [
      'not when one does in both directions',
      false,
      [
        [1, fails(first)],
        [2, fails(first, { channel: 'outgoing' })],
      ],
    ],
    [
      'not when it is this installation that has the trouble',
      false,
      [
        [1, fails(first)],
        [2, fails(second, { scope: 'system' })],
      ],
    ],
    [
      'when two are paused, however long ago',
      true,
      [
        [1, pauses(first)],
        [200, pauses(second)],
      ],
    ],
    [
      'also when a paused one fails again',
      true,
      [
        [1, pauses(first)],
        [2, fails(first)],
        [200, fails(second)],
      ],
    ],
    [
      'not when it was disabled in between',
      false,
      [
        [1, pauses(first)],
        [2, disabled(first)],
        [200, fails(second)],
      ],
    ],
    [
      'not because one that works is disabled',
      false,
      [
        [1, disabled(first)],
        [2, fails(second)],
      ],
    ],
    [
      'when one of two does not work any more and the other is gone',
      true,
      [
        [1, leaves(first)],
        [2, leaves(second)],
        [3, fails(third)],
      ],
    ],
    [
      'when all but it are out of service',
      true,
      [
        [1, deactivated(first)],
        [2, deactivated(second)],
        [3, fails(third)],
      ],
    ],
    [
      'not when one of them is back',
      false,
      [
        [1, deactivated(first)],
        [2, deactivated(second)],
        [3, activated(first)],
        [4, fails(third)],
      ],
    ],
    [
      'not when one was back twice',
      false,
      [
        [1, deactivated(first)],
        [2, activated(first)],
        [3, activated(first)],
        [4, leaves(second)],
        [5, fails(third)],
      ],
    ],
    [
      'not when one that was out of service has left: it did not count',
      false,
      [
        [1, deactivated(first)],
        [2, leaves(first)],
        [3, fails(second)],
      ],
    ],
    [
      'not when one was assigned the profile that it is on',
      false,
      [
        [1, fails(first)],
        [2, fails(second)],
        [3, moves(first, profileId, profileId)],
        [4, resumes(first)],
      ],
    ],
    [
      'not when others have joined',
      false,
      [
        [1, moves(derived(4), otherProfileId, profileId)],
        [2, fails(first)],
        [3, fails(second)],
      ],
    ],
  ])('%s', (_, expected, happenings) => expect(isMost(...happenings)).toBe(expected));
});
