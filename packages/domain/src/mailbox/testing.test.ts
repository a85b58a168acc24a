import { describe, expect, test } from 'vitest';
import {
  at,
  completed,
  contextOf,
  credentialsSet,
  enabled,
  facts,
  failing,
  mailboxId,
  profileId,
  record,
  registered,
  request,
  succeeded,
  testId,
  testRequested,
  working,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import type { MailChannel } from '../values/index.ts';
import * as Mailbox from './index.ts';

const { given } = specificationOf(Mailbox.decider);
const cancel = { type: 'CancelMailboxTest', context: contextOf(), mailboxId } as const;
const cancelled = (name: string, channels: readonly MailChannel[] = ['incoming', 'outgoing']) =>
  Mailbox.MailboxTestCancelled({ mailboxId, testId: testId(name), runId: null, channels, reason: 'asked' });

/** The events of a result, after this history. */
const after = (history: readonly Mailbox.Event[], command: Mailbox.Command): readonly Mailbox.Event[] => {
  const { decision } = given(...history).when(command);
  return decision._tag === 'Right' ? [...history, ...decision.right] : history;
};
const transient = failing({ kind: 'MailboxInUse', phase: 'session', disposition: 'transient' });
const waiting = after(
  [...working, testRequested('second', { channels: ['incoming'] })],
  record('second', 'incoming', transient),
);

describe('Test & Enable', () => {
  test('opens a test of the channels that are server-side', () => {
    given(registered()).when(request('first')).thenEvents(testRequested('first'));
    given(registered({ outgoing: 'none' }))
      .when(request('first'))
      .thenEvents(testRequested('first', { channels: ['incoming'] }));
    given(registered())
      .when(request('first', { channels: ['outgoing'] }))
      .thenEvents(testRequested('first', { channels: ['outgoing'] }));
  });

  test('of an unapproved mailbox, of one without address, credentials or profile, runs', () => {
    given(registered({ profileId: null, address: null }))
      .when(request('first', { profile: null }))
      .thenEvents(testRequested('first'));
  });

  test('is refused where no channel is server-side', () =>
    given(registered({ incoming: 'outlook', outgoing: 'none' }))
      .when(request('first'))
      .thenRejected({ _tag: 'NoChannelToTest' }));

  test('a second request for what is being tested changes nothing', () => {
    given(registered(), testRequested('first')).when(request('second')).thenNothing();
    given(registered(), testRequested('first'))
      .when(request('second', { channels: ['incoming'] }))
      .thenNothing();
  });

  test('a request for more replaces the open test and keeps what it still has to test', () => {
    const open = testRequested('first', { channels: ['incoming'] });
    given(registered(), open)
      .when(request('second', { channels: ['outgoing'] }))
      .thenEvents(cancelled('first', ['incoming']), testRequested('second'));
  });

  test('records the flag of the seed, and the job it belongs to', () => {
    const { decision } = given(registered()).when(
      request('first', { thisOrganizationOnly: true, trigger: 'bulk', runId: null }),
    );
    expect(decision).toMatchObject({ right: [{ data: { thisOrganizationOnly: true, trigger: 'bulk' } }] });
  });

  test('knows of a change of the profile that had not reached the mailbox', () => {
    const { decision } = given(...working).when(request('second', { profile: facts({ configuration: 2 }) }));
    expect(decision).toMatchObject({
      right: [
        { type: 'MailboxProfileChangeApplied' },
        { type: 'ChannelTestInvalidated' },
        { type: 'ChannelDisabled' },
        { type: 'ChannelTestInvalidated' },
        { type: 'ChannelDisabled' },
        testRequested('second'),
      ],
    });
  });
});

describe('a retry', () => {
  test('is for channels that still wait, and counts on', () =>
    given(...waiting)
      .when(request('retry', { trigger: 'retry' }))
      .thenEvents(testRequested('retry', { trigger: 'retry', channels: ['incoming'], attempt: 2 })));

  test('that nobody waits for any more changes nothing', () => {
    given(...working)
      .when(request('retry', { trigger: 'retry' }))
      .thenNothing();
    given(registered({ incoming: 'none', outgoing: 'none' }))
      .when(request('retry', { trigger: 'retry' }))
      .thenNothing();
  });

  test('never replaces a test that somebody asked for', () =>
    given(...waiting, testRequested('third', { channels: ['outgoing'] }))
      .when(request('retry', { trigger: 'retry' }))
      .thenNothing());

  test('a person’s own test starts counting anew', () => {
    const history = after([...waiting, testRequested('third')], record('third', 'incoming', transient));
    const failed = history.findLast(({ type }) => type === 'ChannelTestFailed');
    expect(failed).toMatchObject({ data: { attempt: 1 } });
  });
});

describe('an incident', () => {
  const refused = failing({
    kind: 'ConnectionRefused',
    phase: 'connect',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'port',
  });
  const paused = after([...working, testRequested('second')], record('second', 'incoming', refused));
  const oneDone = after(paused, record('second', 'outgoing', { verdict: 'passed', warnings: [] }));

  test('a test after it is for channels that it stopped', () => {
    expect(given(...oneDone).state()).toMatchObject({ channels: { incoming: { paused: true, enabled: true } } });
    given(...oneDone)
      .when(request('probe', { trigger: 'incident' }))
      .thenEvents(testRequested('probe', { trigger: 'incident', channels: ['incoming'], attempt: 2 }));
    given(...working)
      .when(request('probe', { trigger: 'incident' }))
      .thenNothing();
  });

  test('also for a channel that failed because of it and never worked', () => {
    const history = after([registered(), credentialsSet, testRequested('first')], record('first', 'incoming', refused));
    const done = after(history, record('first', 'outgoing', { verdict: 'passed', warnings: [] }));
    given(...done)
      .when(request('again', { trigger: 'incident' }))
      .thenEvents(testRequested('again', { trigger: 'incident', channels: ['incoming'], attempt: 2 }));
  });

  test('a paused channel waits for the end of the incident, not for a retry of its own', () =>
    given(...oneDone)
      .when(request('retry', { trigger: 'retry' }))
      .thenNothing());

  test('resuming lets the channel go on, once, and only on this profile', () => {
    const resume = { type: 'ResumeChannel', context: contextOf(), mailboxId, channel: 'incoming', profileId } as const;
    const resumed = Mailbox.ChannelResumed({ mailboxId, channel: 'incoming', profileId });
    given(...oneDone)
      .when(resume)
      .thenEvents(resumed);
    given(...oneDone, resumed)
      .when(resume)
      .thenNothing();
    expect(given(...oneDone, resumed).state()).toMatchObject({
      channels: { incoming: { paused: false, enabled: true, status: 'success', nextAttemptAt: null } },
    });
  });
});

describe('cancelling', () => {
  test('ends the open test, once', () => {
    given(registered(), testRequested('first'))
      .when({ ...cancel, testId: null })
      .thenEvents(cancelled('first'));
    given(registered(), testRequested('first'))
      .when({ ...cancel, testId: testId('first') })
      .thenEvents(cancelled('first'));
    given(registered(), testRequested('first'), cancelled('first'))
      .when({ ...cancel, testId: null })
      .thenNothing();
  });

  test('leaves another test alone', () =>
    given(registered(), testRequested('second'))
      .when({ ...cancel, testId: testId('first') })
      .thenNothing());

  test('leaves statuses as they were', () => {
    const before = given(...working).state();
    const now = given(...working, testRequested('second'), cancelled('second')).state();
    expect(now).toMatchObject({ channels: (before as Mailbox.Registered).channels, test: null });
  });
});

test('a channel disabled for good is enabled by the next success, not by time', () => {
  const history = [...working, testRequested('second', { channels: ['incoming'] })];
  const failed = after(history, record('second', 'incoming', failing()));
  expect(given(...failed).state()).toMatchObject({ channels: { incoming: { enabled: false, status: 'failure' } } });
  const again = after(
    [...failed, testRequested('third', { channels: ['incoming'] })],
    record('third', 'incoming', { verdict: 'passed', warnings: [] }, { context: contextOf({ at: at(9) }) }),
  );
  expect(again.slice(-3)).toEqual([
    succeeded('third', 'incoming'),
    enabled('incoming'),
    completed('third', 'succeeded'),
  ]);
});
