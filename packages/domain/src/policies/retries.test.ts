import { describe, expect, test } from 'vitest';
import {
  ChannelDisabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestInvalidated,
  MailboxDeactivated,
  MailboxTestCancelled,
} from '../mailbox/index.ts';
import { causeOfEvent, owedAfter, rowAfter } from '../testing/fold-policy.ts';
import {
  at,
  channelFailed,
  completed,
  enabled,
  mailboxId,
  organizationId,
  profileId,
  registered,
  succeeded,
  testId,
  testRequested,
} from '../testing/sample-mailbox.ts';
import type { MailChannel } from '../values/index.ts';
import { testing } from './testing.ts';

type Event = Parameters<typeof testing.evolve>[1];
const owed = (...events: readonly Event[]) => owedAfter(testing, mailboxId, events);

const failed = (channel: MailChannel, next: Date | null, attempt = 1) =>
  channelFailed({ channel, attempt, nextAttemptAt: next });
const after = (milliseconds: number): Date => new Date(at(5).getTime() + milliseconds);
const ended = completed('first', 'failed');
const about = { mailboxId, profileId };
const paused = ChannelPaused({ ...about, channel: 'incoming', kind: 'ConnectTimeout', nextAttemptAt: at(5) });
const resumed = ChannelResumed({ ...about, channel: 'incoming' });
const disabled = (channel: 'incoming' | 'act') => ChannelDisabled({ ...about, channel, reason: 'retriesSpent' });
const leaving = MailboxDeactivated({ ...about, cause: 'asked' });
const stale = ChannelTestInvalidated({
  ...about,
  channel: 'incoming',
  reason: 'methodChanged',
  profileConfiguration: 1,
});
const cancelled = (name: string) =>
  MailboxTestCancelled({ mailboxId, testId: testId(name), runId: null, channels: ['incoming'], reason: 'asked' });

/** A mailbox whose test of both channels has ended, with these failures. */
const history = (...failures: readonly Event[]) => [registered(), testRequested('first'), ...failures, ended];
const retry = (channels: readonly MailChannel[], due: Date, attempt: number, cause: number) => ({
  key: `retry:${channels.join('+')}:${attempt}:${due.toISOString()}`,
  due,
  instruction: { type: 'RequestRetry', organizationId, mailboxId, channels, attempt, cause: causeOfEvent(cause) },
});

describe('an open test', () => {
  test.each([
    ['person', true],
    ['bulk', false],
    ['retry', false],
    ['incident', false],
  ] as const)('that is asked for by %s is owed at once; a person waits for it: %s', (trigger, urgent) => {
    const instruction = { type: 'RunTest', organizationId, mailboxId, testId: testId('first'), urgent };
    expect(owed(registered(), testRequested('first', { trigger }))).toEqual([
      { key: `run:${testId('first')}`, due: null, instruction: { ...instruction, cause: causeOfEvent(2) } },
    ]);
  });
  test('is owed until it is completed or cancelled itself, and comes before what waits', () => {
    const open = [registered(), testRequested('first'), failed('incoming', at(5))];
    const run = { key: `run:${testId('first')}` };
    expect(owed(...open)).toMatchObject([run]);
    expect(owed(...open, completed('another', 'failed'), cancelled('another'))).toMatchObject([run]);
    expect(owed(...open, cancelled('first'))).toEqual([retry(['incoming'], at(5), 2, 3)]);
    expect(owed(...open, ended)).toEqual([retry(['incoming'], at(5), 2, 3)]);
  });
});

describe('a channel that waits', () => {
  test('is tried at its time, as the next attempt, and by itself where the times lie apart', () => {
    const apart = [failed('incoming', after(10_001)), failed('outgoing', after(0), 3)];
    expect(owed(...history(...apart))).toEqual([retry(['outgoing'], at(5), 4, 4)]);
  });
  test('is tried with the other where the times lie close, when the later one has come', () => {
    const close = [failed('incoming', after(10_000)), failed('outgoing', after(0), 3)];
    expect(owed(...history(...close))).toEqual([retry(['outgoing', 'incoming'], after(10_000), 4, 4)]);
    const together = [failed('outgoing', at(5)), failed('incoming', at(5), 2)];
    expect(owed(...history(...together))).toEqual([retry(['incoming', 'outgoing'], at(5), 3, 4)]);
  });
  test.each<readonly [string, readonly Event[], boolean]>([
    ['as long as nothing happens', [], true],
    ['when only the other channel works', [succeeded('first', 'outgoing'), enabled('outgoing')], true],
    ['when it is to be enabled or disabled all the same', [enabled('incoming'), disabled('incoming')], true],
    ['when appointments are disabled', [disabled('act')], true],
    ['when it works', [succeeded('first', 'incoming')], false],
    ['when it fails for good', [failed('incoming', null)], false],
    ['when what was found holds no longer', [stale], false],
    ['when the mailbox is deactivated', [leaving], false],
    ['while it is paused', [paused], false],
    ['once it is resumed', [paused, resumed], false],
    ['once it is disabled although it was paused', [paused, disabled('incoming')], true],
    ['while it is paused, whatever becomes of appointments', [paused, disabled('act')], false],
    ['when it is paused twice and enabled once', [paused, paused, enabled('incoming')], true],
    ['when another test has begun and ended', [testRequested('first'), ended], false],
    ['when a test of the other channel has', [testRequested('first', { channels: ['outgoing'] }), ended], true],
  ])('%s', (_, events, waits) => {
    const expected = waits ? [retry(['incoming'], at(5), 2, 3)] : [];
    expect(owed(...history(failed('incoming', at(5))), ...events)).toEqual(expected);
  });
});

test('a mailbox that was not registered here owes nothing', () => {
  expect(rowAfter(testing, mailboxId, [testRequested('first'), failed('incoming', at(5))])).toBeUndefined();
});
