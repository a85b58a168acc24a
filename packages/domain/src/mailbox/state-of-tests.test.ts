import { describe, expect, test } from 'vitest';
import { channels, knownAfter, untested, waiting, works } from '../testing/mailbox-in-service.ts';
import {
  at,
  completed,
  disabled,
  enabled,
  mailboxId,
  profileId,
  succeeded,
  testId,
  testRequested,
} from '../testing/sample-mailbox.ts';
import type { MailChannel } from '../values/index.ts';
import * as Mailbox from './index.ts';

const about = { mailboxId, profileId };
const superseded = (channel: MailChannel, name = 'second') =>
  Mailbox.ChannelTestSuperseded({
    mailboxId,
    testId: testId(name),
    channel,
    reason: 'configurationChanged',
  });
const cancelled = (reason: 'asked' | 'configurationChanged' | 'deactivated' = 'asked') =>
  Mailbox.MailboxTestCancelled({
    mailboxId,
    testId: testId('second'),
    runId: null,
    channels: ['incoming', 'outgoing'],
    reason,
  });
const message = Mailbox.TestMessageRequested({
  mailboxId,
  testId: testId('second'),
});
const reported = Mailbox.TestMessageReported({
  mailboxId,
  testId: testId('second'),
  outcome: 'delivered',
  kind: null,
  seconds: 1,
});
const paused = Mailbox.ChannelPaused({
  ...about,
  channel: 'incoming',
  kind: 'ConnectTimeout',
  nextAttemptAt: at(5),
});
const open = {
  testId: testId('second'),
  runId: null,
  channels: ['incoming', 'outgoing'],
  remaining: ['incoming', 'outgoing'],
  succeeded: [],
  failed: [],
  trigger: 'person',
} as const;

const requested = testRequested('second');
const failed = {
  ...works,
  status: 'failure',
  failureScope: 'mailbox',
  attempt: 2,
  nextAttemptAt: at(5),
} as const;
const only = (...remaining: readonly MailChannel[]) => ({ ...open, remaining });

/** What one more event changes of a mailbox in service; all else stays. */
describe('what is remembered of tests after', () => {
  test.each<readonly [string, readonly Mailbox.Event[], Mailbox.Event, object]>([
    ['the request of a test', [], requested, { test: open }],
    [
      'the first result',
      [requested],
      succeeded('second', 'outgoing'),
      { test: { ...only('incoming'), succeeded: ['outgoing'] } },
    ],
    [
      'the second result',
      [requested, succeeded('second', 'outgoing')],
      succeeded('second', 'incoming'),
      { test: { ...only(), succeeded: ['outgoing', 'incoming'] } },
    ],
    [
      'a failure',
      [requested],
      waiting(),
      {
        test: { ...only('outgoing'), failed: ['incoming'] },
        ...channels(failed),
      },
    ],
    [
      'a failure that says nothing about the mailbox',
      [requested],
      waiting({ status: 'unchanged', scope: 'system' }),
      {
        test: { ...only('outgoing'), failed: ['incoming'] },
        ...channels({ ...failed, status: 'success', failureScope: 'system' }),
      },
    ],
    [
      'a success after it',
      [requested, waiting()],
      succeeded('second', 'incoming'),
      {
        test: {
          ...only('outgoing'),
          succeeded: ['incoming'],
          failed: ['incoming'],
        },
        ...channels(works),
      },
    ],
    ['a result that came too late', [requested], superseded('incoming'), { test: only('outgoing') }],
    ['a result of another test', [requested], superseded('incoming', 'another'), {}],
    ['the end of a test', [requested], completed('second', 'failed'), { test: null }],
    [
      'the cancellation of a test',
      [requested, message],
      cancelled(),
      {
        test: null,
        testMessages: [],
        cancelled: {
          testId: testId('second'),
          remaining: ['incoming', 'outgoing'],
          because: 'cancelled',
        },
      },
    ],
    [
      'a result of a test that was cancelled',
      [requested, cancelled('deactivated')],
      superseded('incoming'),
      {
        cancelled: {
          testId: testId('second'),
          remaining: ['outgoing'],
          because: 'deactivated',
        },
      },
    ],
    [
      'the last result of it',
      [requested, cancelled('configurationChanged'), superseded('incoming')],
      superseded('outgoing'),
      { cancelled: null },
    ],
    ['a result of neither', [requested, cancelled()], superseded('incoming', 'another'), {}],
    ['the next test', [requested, cancelled()], requested, { test: open, cancelled: null }],
    ['the request of a message', [], message, { testMessages: [testId('second')] }],
    ['the report of a message', [message], reported, { testMessages: [] }],
    [
      'the report of another one',
      [message],
      { ...reported, data: { ...reported.data, testId: testId('another') } },
      {},
    ],
    [
      'a test of a person, which counts anew',
      [requested, waiting()],
      requested,
      {
        test: open,
        ...channels({ ...failed, attempt: 0, nextAttemptAt: null }),
      },
    ],
    [
      'a test of a job, which does as well',
      [requested, waiting()],
      testRequested('second', { trigger: 'bulk' }),
      {
        test: { ...open, trigger: 'bulk' },
        ...channels({ ...failed, attempt: 0, nextAttemptAt: null }),
      },
    ],
    [
      'a retry, which counts on',
      [requested, waiting()],
      testRequested('second', { trigger: 'retry' }),
      {
        test: { ...open, trigger: 'retry' },
        ...channels({ ...failed, nextAttemptAt: null }),
      },
    ],
    ['disabling', [paused], disabled('incoming', 'testFailed'), channels({ ...works, enabled: false })],
    ['enabling', [disabled('incoming', 'testFailed'), paused], enabled('incoming'), channels(works)],
    [
      'disabling appointments',
      [],
      Mailbox.ChannelDisabled({
        ...about,
        channel: 'act',
        reason: 'deactivated',
      }),
      {},
    ],
    ['a pause', [], paused, channels({ ...works, paused: true })],
    [
      'the end of a pause',
      [requested, waiting(), paused],
      Mailbox.ChannelResumed({ ...about, channel: 'incoming' }),
      channels(works),
    ],
    [
      'a change after which nothing is known any more',
      [requested, waiting()],
      Mailbox.ChannelTestInvalidated({
        ...about,
        channel: 'incoming',
        reason: 'methodChanged',
        profileConfiguration: null,
      }),
      channels({ ...untested, enabled: true, configuration: 1 }),
    ],
  ])('%s', (_, events, event, changes) => {
    const { before, after } = knownAfter(events, event);
    expect(after).toEqual({ ...before, ...changes });
  });
});
