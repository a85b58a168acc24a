import { describe, expect, test } from 'vitest';
import {
  at,
  completed,
  contextOf,
  credentialsSet,
  disabled,
  enabled,
  failing,
  failureFound,
  fingerprint,
  mailboxId,
  passed,
  personId,
  record,
  registered,
  retries,
  startedAt,
  succeeded,
  testId,
  testRequested,
  working,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import { type MailChannel, ServerText } from '../values/index.ts';
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

const inUse = { kind: 'MailboxInUse', phase: 'session', disposition: 'transient', field: null } as const;

describe('a success', () => {
  test('is recorded, enables the channel, and starts processing', () => {
    const context = contextOf({ at: at(2) });
    given(...fresh)
      .when(record('first', 'incoming', passed, { context }))
      .thenEvents(succeeded('first', 'incoming'), enabled('incoming'), startedAt(2));
  });

  test('of the last channel completes the test', () =>
    given(...fresh, succeeded('first', 'incoming'), enabled('incoming'), startedAt(2))
      .when(record('first', 'outgoing', passed))
      .thenEvents(succeeded('first', 'outgoing'), enabled('outgoing'), completed('first', 'succeeded')));

  test('of a channel that is enabled already says just that', () =>
    given(...again)
      .when(record('second', 'incoming', passed))
      .thenEvents(succeeded('second', 'incoming')));

  test('keeps its warnings', () => {
    const outcome = { verdict: 'passed', warnings: ['CertificateExpiringSoon'] } as const;
    expect(decided(again, record('second', 'incoming', outcome))).toMatchObject([
      { data: { warnings: ['CertificateExpiringSoon'] } },
    ]);
  });

  test('twice changes nothing the second time', () =>
    given(...again, succeeded('second', 'incoming'))
      .when(record('second', 'incoming', passed))
      .thenNothing());

  test('of one channel does not wait for the other', () => {
    const history = [...fresh, ...decided(fresh, record('first', 'outgoing', failing()))];
    const events = decided(history, record('first', 'incoming', passed));
    expect(events).toContainEqual(enabled('incoming'));
    expect(events.at(-1)).toEqual(completed('first', 'failed'));
  });
});

describe('a permanent failure', () => {
  test('is recorded in full, and never tried again by itself', () =>
    given(...fresh)
      .when(
        record(
          'first',
          'incoming',
          failing({ adviceParams: { host: 'mail.example.org' }, serverText: ServerText.orThrow('NO go away') }),
          { steps: [{ step: 'auth', status: 'failed', ms: 12 }] },
        ),
      )
      .thenEvents(
        Mailbox.ChannelTestFailed({
          mailboxId,
          testId: testId('first'),
          channel: 'incoming',
          ...fingerprint,
          steps: [{ step: 'auth', status: 'failed', ms: 12 }],
          personId,
          kind: 'InvalidCredentials',
          phase: 'auth',
          disposition: 'permanent',
          scope: 'mailbox',
          field: 'secret',
          status: 'failure',
          adviceParams: '{"host":"mail.example.org"}',
          serverText: ServerText.orThrow('NO go away'),
          attempt: 1,
          nextAttemptAt: null,
        }),
      ));

  test('disables a channel that worked, at once', () => {
    const events = decided(again, record('second', 'incoming', failing()));
    expect(events.at(-1)).toEqual(disabled('incoming', 'testFailed'));
    expect(channelAfter([...again, ...events], 'incoming')).toMatchObject({ enabled: false, status: 'failure' });
    expect(channelAfter([...again, ...events], 'outgoing')).toMatchObject({ enabled: true, status: 'success' });
  });
});

describe('a transient failure', () => {
  test('waits for its next try; a channel that works goes on', () => {
    const context = contextOf({ at: at(0) });
    const events = decided(again, record('second', 'incoming', failing(inUse), { context }));
    const { nextAttemptAt, attempt } = failureOf(events);
    expect(attempt).toBe(1);
    const waits = (nextAttemptAt?.getTime() ?? 0) - at(0).getTime();
    expect(waits).toBeGreaterThanOrEqual(270_000);
    expect(waits).toBeLessThanOrEqual(330_000);
    expect(events).toHaveLength(1);
    expect(channelAfter([...again, ...events], 'incoming')).toMatchObject({ enabled: true, status: 'failure' });
  });

  test('does not enable a channel that never worked', () => {
    const history = [...fresh, ...decided(fresh, record('first', 'incoming', failing(inUse)))];
    expect(channelAfter(history, 'incoming')).toMatchObject({ enabled: false, status: 'failure' });
    expect(channelAfter(history, 'incoming').nextAttemptAt).not.toBeNull();
  });

  test('honours a longer hint of the server, and no shorter one', () => {
    const withHint = (retryAfterSeconds: number) =>
      failureOf(decided(again, record('second', 'incoming', failing({ ...inUse, retryAfterSeconds })))).nextAttemptAt;
    expect(withHint(3600)).toEqual(at(60));
    expect(withHint(1)).toEqual(failureOf(decided(again, record('second', 'incoming', failing(inUse)))).nextAttemptAt);
  });

  test('spends the plan: then it is permanent', () => {
    let history: readonly Mailbox.Event[] = again;
    for (let attempt = 1; attempt <= retries.attempts; attempt++) {
      const name = attempt === 1 ? 'second' : `retry ${attempt}`;
      const open = testRequested(name, { trigger: 'retry', channels: ['incoming'], attempt });
      if (attempt > 1) history = [...history, open];
      const events = decided(history, record(name, 'incoming', failing(inUse)));
      expect(failureOf(events).attempt).toBe(attempt);
      const isLast = attempt === retries.attempts;
      expect(failureOf(events).nextAttemptAt === null).toBe(isLast);
      expect(events.some(({ type }) => type === 'ChannelDisabled')).toBe(isLast);
      if (isLast) expect(events).toContainEqual(disabled('incoming', 'retriesSpent'));
      history = [...history, ...events];
      if (attempt === 1) history = [...history, ...decided(history, record('second', 'outgoing', passed))];
    }
  });

  test('that was not tried, because the server is known to be in trouble, does not count', () => {
    const outcome = { verdict: 'failed', failure: failureFound(inUse), tried: false } as const;
    const first = decided(again, record('second', 'incoming', outcome));
    expect(failureOf(first).attempt).toBe(1);
    const retry = testRequested('retry', { trigger: 'retry', channels: ['incoming'], attempt: 2 });
    const history = [...again, ...first, ...decided([...again, ...first], record('second', 'outgoing', passed)), retry];
    expect(failureOf(decided(history, record('retry', 'incoming', outcome))).attempt).toBe(1);
  });
});

describe('an uncertain failure', () => {
  const unknown = { kind: 'Unknown', phase: 'session', disposition: 'uncertain', field: null } as const;

  test('is permanent at once on a channel that never worked', () =>
    expect(failureOf(decided(fresh, record('first', 'incoming', failing(unknown)))).nextAttemptAt).toBeNull());

  test('is tried once more on a channel that worked; then it is permanent', () => {
    const first = decided(again, record('second', 'incoming', failing(unknown)));
    expect(failureOf(first).nextAttemptAt).not.toBeNull();
    const both = [...again, ...first, ...decided([...again, ...first], record('second', 'outgoing', passed))];
    const retry = testRequested('retry', { trigger: 'retry', channels: ['incoming'], attempt: 2 });
    const second = decided([...both, retry], record('retry', 'incoming', failing(unknown)));
    expect(failureOf(second)).toMatchObject({ attempt: 2, nextAttemptAt: null });
    expect(second).toContainEqual(disabled('incoming', 'retriesSpent'));
  });
});

describe('our own trouble', () => {
  const noSockets = { kind: 'LocalResources', phase: 'connect', disposition: 'ours', scope: 'system' } as const;

  test('leaves status and enabled as they are, and is tried again', () => {
    for (const history of [fresh, again]) {
      const name = history === fresh ? 'first' : 'second';
      const before = channelAfter(history, 'incoming');
      const events = decided(history, record(name, 'incoming', failing({ ...noSockets, field: null })));
      expect(failureOf(events)).toMatchObject({ status: 'unchanged', attempt: 1 });
      expect(failureOf(events).nextAttemptAt).not.toBeNull();
      const { status, enabled: isEnabled } = channelAfter([...history, ...events], 'incoming');
      expect({ status, isEnabled }).toEqual({ status: before.status, isEnabled: before.enabled });
    }
  });

  test('that does not pass by trying again is not tried again', () => {
    const bug = failing({ ...noSockets, kind: 'ClientBug', phase: 'session', field: null });
    expect(failureOf(decided(again, record('second', 'incoming', bug)))).toMatchObject({
      status: 'unchanged',
      nextAttemptAt: null,
    });
  });

  test.each(['TargetNotAllowed', 'SecretUnavailable'])('%s is a permanent failure all the same', (kind) => {
    const found = failing({ kind, phase: 'policy', disposition: 'ours', scope: 'mailbox', field: null });
    const events = decided(again, record('second', 'incoming', found));
    expect(failureOf(events)).toMatchObject({ status: 'failure', disposition: 'ours', nextAttemptAt: null });
    expect(events).toContainEqual(disabled('incoming', 'testFailed'));
  });
});
