import { describe, expect, test } from 'vitest';
import { causeOfEvent, owedAfter, rowAfter } from '../testing/fold-policy.ts';
import {
  admin,
  completed,
  mailboxId,
  organizationId,
  profileId,
  testId,
  testRequested,
} from '../testing/sample-mailbox.ts';
import { MailboxTestCancelled } from '../mailbox/index.ts';
import { TestRunCancelled, TestRunCompleted, TestRunRequested, TestRunStarted } from '../test-run/index.ts';
import { derivedId, mailboxIdOf, type MailChannel, TestRunId } from '../values/index.ts';
import { testRuns } from './test-runs.ts';

const runId = TestRunId.orThrow(derivedId('sample', 'run'));
const channels: readonly MailChannel[] = ['incoming', 'outgoing'];
const asked = { mailboxIds: [mailboxId], channels, thisOrganizationOnly: true, testMessage: true };
const requested = TestRunRequested({
  runId,
  organizationId,
  requestedBy: admin.id,
  ...asked,
  skipped: [],
  profileId,
});
const started = TestRunStarted({ runId, tests: 1, skipped: [] });
const cancelled = TestRunCancelled({ runId });
const ended = TestRunCompleted({ runId });
const opened = testRequested('of the run', { runId });
const closed = {
  ...completed('of the run', 'succeeded'),
  data: { ...completed('of the run', 'succeeded').data, runId },
};
const stopped = MailboxTestCancelled({ mailboxId, testId: testId('of the run'), runId, channels, reason: 'asked' });

type Event = Parameters<typeof testRuns.evolve>[1];
const rowsOf = (events: readonly Event[]) => [...new Set(events.flatMap((event) => testRuns.keys(event)))];
const owed = (...events: readonly Event[]) => rowsOf(events).flatMap((key) => owedAfter(testRuns, key, events));
const instructed = (n: number) => ({ organizationId, runId, cause: causeOfEvent(n) });

describe('a run of tests owes', () => {
  const start = {
    key: 'start',
    due: null,
    instruction: { type: 'StartRun', ...instructed(1), ...asked },
  };

  test('its start, until it has started', () => {
    expect(owed(requested)).toEqual([start]);
    expect(owed(requested, opened)).toEqual([start]);
    expect(owed(requested, opened, started)).toEqual([]);
  });

  test('nothing while a test is open, its completion after the last one', () => {
    const complete = { key: 'complete', due: null, instruction: { type: 'CompleteRun', ...instructed(3) } };
    expect(owed(requested, opened, started, closed)).toEqual([complete]);
    expect(owed(requested, opened, started, stopped)).toEqual([complete]);
    expect(owed(requested, opened, started, closed, ended)).toEqual([]);
  });

  test('when it opened no test at all, its completion at once', () =>
    expect(owed(requested, started)).toMatchObject([{ key: 'complete', due: null }]));

  test('the end of a test that was replaced is not the end of the one that replaced it', () => {
    const replaced = testRequested('another', { runId });
    expect(owed(requested, opened, replaced, started, closed)).toEqual([]);
  });

  test('once cancelled, the cancellation of each test that is open, and no completion', () => {
    const cancel = {
      key: `cancel:${testId('of the run')}`,
      due: null,
      instruction: { type: 'CancelTestOfRun', ...instructed(4), mailboxId, testId: testId('of the run') },
    };
    expect(owed(requested, opened, started, cancelled)).toEqual([cancel]);
    expect(owed(requested, opened, started, cancelled, stopped)).toEqual([]);
    expect(owed(requested, cancelled)).toEqual([]);
    expect(owed(requested, cancelled, started)).toEqual([]);
    // The start may have been under way: what it still opens is cancelled too.
    expect(owed(requested, cancelled, opened)).toMatchObject([{ instruction: { type: 'CancelTestOfRun' } }]);
    expect(owed(requested, cancelled, opened, started)).toMatchObject([{ instruction: { type: 'CancelTestOfRun' } }]);
  });

  test('once cancelled, also the cancellation of a test that replaced another one, or came late', () => {
    const replaced = testRequested('another', { runId });
    const cancel = [{ key: `cancel:${testId('another')}` }];
    expect(owed(requested, opened, replaced, started, closed, cancelled)).toMatchObject(cancel);
    expect(owed(requested, opened, started, cancelled, stopped, replaced)).toMatchObject(cancel);
  });

  test('what its stage asks for: requested, started, cancelled, completed', () => {
    const stageAfter = (...events: readonly Event[]) => {
      const row = rowAfter(testRuns, runId, events);
      return row?.kind === 'run' ? row.stage : row;
    };
    expect(stageAfter(requested)).toBe('requested');
    expect(stageAfter(requested, started)).toBe('started');
    expect(stageAfter(requested, started, cancelled)).toBe('cancelled');
    expect(stageAfter(requested, cancelled, started)).toBe('cancelled');
    expect(stageAfter(requested, started, ended)).toBe('completed');
    expect(rowAfter(testRuns, runId, [requested, opened, started, closed, ended])).toMatchObject({ open: 0 });
  });

  test('nothing for the end of a test whose beginning it did not see', () => {
    for (const key of testRuns.keys(closed)) expect(rowAfter(testRuns, key, [closed])).toBeUndefined();
  });

  test('nothing for a test outside of any run, nor for a run that it does not know', () => {
    expect(testRuns.keys(testRequested('alone'))).toEqual([]);
    expect(owed(opened, started)).toEqual([]);
    expect(rowAfter(testRuns, runId, [opened, started])).toBeUndefined();
  });

  test('of its rows only that of the whole run is left when it has ended', () => {
    const ends = [requested, opened, started, closed, ended];
    expect(rowsOf(ends).filter((key) => rowAfter(testRuns, key, ends) !== undefined)).toEqual([runId]);
  });

  test('is told of many mailboxes as of one, in rows that stay short', () => {
    const many = Array.from({ length: 400 }, (_, n) => mailboxIdOf(organizationId, 'user', `of many ${n}`));
    const openings = many.map((one) => ({ ...opened, data: { ...opened.data, mailboxId: one } }));
    const endings = many.map((one) => ({ ...closed, data: { ...closed.data, mailboxId: one } }));
    const history = [requested, ...openings, started];
    const cancelledAfter = (done: number) => owed(...history, ...endings.slice(0, done), cancelled);
    expect(owed(...history, ...endings.slice(1))).toEqual([]);
    expect(owed(...history, ...endings)).toMatchObject([{ key: 'complete' }]);
    const mailboxes = cancelledAfter(100).map(({ instruction }) => 'mailboxId' in instruction && instruction.mailboxId);
    expect(new Set(mailboxes)).toEqual(new Set(many.slice(100)));
    expect(mailboxes).toHaveLength(300);
    for (const key of rowsOf(history)) {
      expect(JSON.stringify(rowAfter(testRuns, key, history)).length).toBeLessThan(4_000);
    }
  });
});
