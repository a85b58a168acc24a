import { describe, expect, test } from 'vitest';
import {
  completed,
  credentialsSet,
  facts,
  failing,
  fingerprint,
  mailboxId,
  otherProfileId,
  passed,
  profileId,
  record,
  registered,
  retries,
  succeeded,
  testId,
  testRequested,
  working,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import type { MailChannel } from '../values/index.ts';
import * as Mailbox from './index.ts';

const { given } = specificationOf(Mailbox.decider);
const fresh = [registered(), credentialsSet, testRequested('first')];
const again = [...working, testRequested('second')];
type Failed = ReturnType<typeof Mailbox.ChannelTestFailed>['data'];

const decided = (history: readonly Mailbox.Event[], command: Mailbox.Command): readonly Mailbox.Event[] => {
  const { decision } = given(...history).when(command);
  if (decision._tag === 'Left') throw new Error(decision.left._tag);
  return decision.right;
};
const failureOf = (events: readonly Mailbox.Event[]): Failed => {
  const failed = events.find((event) => event.type === 'ChannelTestFailed');
  if (failed === undefined) throw new Error('no failure was recorded');
  return failed.data;
};
const channelAfter = (history: readonly Mailbox.Event[], channel: MailChannel): Mailbox.ChannelState =>
  (given(...history).state() as Mailbox.Registered).channels[channel];
const superseded = (
  name: string,
  channel: MailChannel,
  reason: 'configurationChanged' | 'cancelled' | 'deactivated' | 'profileUnavailable',
) => Mailbox.ChannelTestSuperseded({ mailboxId, testId: testId(name), channel, reason });

const refused = { kind: 'ConnectionRefused', phase: 'connect', disposition: 'uncertain', scope: 'profile' } as const;
const inUse = { kind: 'MailboxInUse', phase: 'session', disposition: 'transient', field: null } as const;

describe('trouble of the whole profile', () => {
  const paused = (kind: string, nextAttemptAt: Date | null) =>
    Mailbox.ChannelPaused({ mailboxId, channel: 'incoming', profileId, kind, nextAttemptAt });

  test('pauses a channel that worked, whatever the plan says', () => {
    for (const disposition of ['permanent', 'transient', 'uncertain'] as const) {
      const events = decided(again, record('second', 'incoming', failing({ ...refused, disposition })));
      const { nextAttemptAt } = failureOf(events);
      expect(nextAttemptAt).not.toBeNull();
      expect(events.at(-1)).toEqual(paused('ConnectionRefused', nextAttemptAt));
    }
  });

  test('does not pause what never worked', () => {
    const events = decided(fresh, record('first', 'incoming', failing(refused)));
    expect(events.map(({ type }) => type)).toEqual(['ChannelTestFailed']);
    expect(failureOf(events).nextAttemptAt).toBeNull();
  });

  test('with credentials that were refused, waits for a person', () => {
    const events = decided(again, record('second', 'incoming', failing({ scope: 'profile' })));
    expect(failureOf(events).nextAttemptAt).toBeNull();
    expect(events.at(-1)).toEqual(paused('InvalidCredentials', null));
  });

  test('goes on for as long as it takes, and pauses once', () => {
    const first = decided(again, record('second', 'incoming', failing(refused)));
    let history = [...again, ...first, ...decided([...again, ...first], record('second', 'outgoing', passed))];
    for (let round = 1; round <= retries.attempts + 2; round++) {
      const name = `probe ${round}`;
      history.push(testRequested(name, { trigger: 'incident', channels: ['incoming'] }));
      const events = decided(history, record(name, 'incoming', failing(refused)));
      expect(events.map(({ type }) => type)).toEqual(['ChannelTestFailed', 'MailboxTestCompleted']);
      expect(failureOf(events).nextAttemptAt).not.toBeNull();
      history = [...history, ...events];
    }
    expect(channelAfter(history, 'incoming')).toMatchObject({ enabled: true, paused: true });
  });

  test('is over for a channel that succeeds, or fails for a reason of its own', () => {
    const first = decided(again, record('second', 'incoming', failing(refused)));
    const probe = testRequested('probe', { trigger: 'incident', channels: ['incoming'] });
    const history = [...again, ...first, ...decided([...again, ...first], record('second', 'outgoing', passed)), probe];
    const resumed = Mailbox.ChannelResumed({ mailboxId, channel: 'incoming', profileId });

    expect(decided(history, record('probe', 'incoming', passed))).toEqual([
      succeeded('probe', 'incoming'),
      resumed,
      completed('probe', 'succeeded'),
    ]);
    const own = decided(history, record('probe', 'incoming', failing(inUse)));
    expect(own.map(({ type }) => type)).toEqual(['ChannelResumed', 'ChannelTestFailed', 'MailboxTestCompleted']);
    expect(channelAfter([...history, ...own], 'incoming')).toMatchObject({ paused: false, status: 'failure' });
  });
});

describe('a result that comes too late', () => {
  const late = { fingerprint: { ...fingerprint, mailboxConfiguration: 0 } };

  test('of an older configuration of the mailbox or its profile changes nothing', () => {
    given(...again)
      .when(record('second', 'incoming', passed, late))
      .thenEvents(superseded('second', 'incoming', 'configurationChanged'));
    given(...again)
      .when(record('second', 'incoming', passed, { fingerprint: { ...fingerprint, profileConfiguration: 0 } }))
      .thenEvents(superseded('second', 'incoming', 'configurationChanged'));
    given(...again)
      .when(record('second', 'incoming', failing(), { fingerprint: { ...fingerprint, profileId: otherProfileId } }))
      .thenEvents(superseded('second', 'incoming', 'configurationChanged'));
  });

  test('of a profile that has changed meanwhile cancels the test as well', () => {
    const profile = facts({ configuration: 2 });
    const events = decided(fresh, record('first', 'incoming', passed, { profile }));
    expect(events.map(({ type }) => type)).toEqual([
      'MailboxProfileChangeApplied',
      'MailboxTestCancelled',
      'ChannelTestSuperseded',
    ]);
    expect(channelAfter([...fresh, ...events], 'incoming')).toMatchObject({ enabled: false, status: 'notRun' });
  });

  test('of a profile that is gone says so', () =>
    given(...again)
      .when(record('second', 'incoming', passed, { profile: null }))
      .thenEvents(superseded('second', 'incoming', 'profileUnavailable')));

  test('without a profile at all it is a result like any other', () => {
    const history = [registered({ profileId: null, profileConfiguration: 0 }), testRequested('first')];
    const none = { profileId: null, profileConfiguration: 0, mailboxConfiguration: 0 };
    const events = decided(history, record('first', 'incoming', failing(), { fingerprint: none, profile: null }));
    expect(failureOf(events)).toMatchObject({ profileId: null });
  });

  test('after a cancellation is recorded once, and changes nothing', () => {
    const cancelled = Mailbox.MailboxTestCancelled({
      mailboxId,
      testId: testId('second'),
      runId: null,
      channels: ['incoming', 'outgoing'],
      reason: 'asked',
    });
    const late = superseded('second', 'incoming', 'cancelled');
    given(...again, cancelled)
      .when(record('second', 'incoming', passed))
      .thenEvents(late);
    given(...again, cancelled, late)
      .when(record('second', 'incoming', passed))
      .thenNothing();
    given(...again, cancelled, late)
      .when(record('second', 'outgoing', passed))
      .thenEvents(superseded('second', 'outgoing', 'cancelled'));
  });

  test('of a test that never was, or was completed, is nothing', () => {
    given(...working)
      .when(record('first', 'incoming', failing()))
      .thenNothing();
    given(...again)
      .when(record('unheard of', 'incoming', failing()))
      .thenNothing();
  });

  test('completes the test as superseded when nothing else was found', () => {
    const one = [...working, testRequested('second', { channels: ['incoming'] })];
    given(...one)
      .when(record('second', 'incoming', passed, late))
      .thenEvents(superseded('second', 'incoming', 'configurationChanged'), completed('second', 'superseded'));
  });
});
