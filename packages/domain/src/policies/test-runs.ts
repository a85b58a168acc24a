import type { OrganizationId } from '../kernel/command.ts';
import { eventFamily, type EventOf } from '../kernel/events.ts';
import type { ProcessManager } from '../kernel/process-manager.ts';
import { MailboxTestCancelled, MailboxTestCompleted, MailboxTestRequested } from '../mailbox/index.ts';
import { TestRunCancelled, TestRunCompleted, TestRunRequested, TestRunStarted } from '../test-run/index.ts';
import { type MailboxId, type MailChannel, type TestId, TestRunId } from '../values/index.ts';
import { type CancelTestOfRun, type Cause, causeOf, type CompleteRun, type StartRun } from './instruction.ts';

const events = eventFamily([
  TestRunRequested,
  TestRunStarted,
  TestRunCancelled,
  TestRunCompleted,
  MailboxTestRequested,
  MailboxTestCompleted,
  MailboxTestCancelled,
]);
type Event = EventOf<typeof events>;

/** A run that is under way: what was asked for until it has started, and the tests that are open. Plain JSON. */
export interface TestRunRow {
  readonly organizationId: OrganizationId;
  readonly stage: 'requested' | 'started' | 'cancelled' | 'completed';
  readonly asked: {
    readonly mailboxIds: readonly MailboxId[];
    readonly channels: readonly MailChannel[];
    readonly thisOrganizationOnly: boolean;
  } | null;
  readonly open: Readonly<Record<string, TestId>>;
  readonly cause: Cause;
}

const evolve = (row: TestRunRow, event: Event, cause: Cause): TestRunRow => {
  switch (event.type) {
    case 'TestRunRequested':
      return row;
    case 'TestRunStarted':
      return { ...row, stage: row.stage === 'requested' ? 'started' : row.stage, asked: null, cause };
    case 'TestRunCancelled':
      return { ...row, stage: 'cancelled', asked: null, cause };
    case 'TestRunCompleted':
      return { ...row, stage: 'completed' };
    case 'MailboxTestRequested':
      return { ...row, open: { ...row.open, [event.data.mailboxId]: event.data.testId } };
    case 'MailboxTestCompleted':
    case 'MailboxTestCancelled': {
      const { mailboxId, testId } = event.data;
      if (row.open[mailboxId] !== testId) return row;
      const { [mailboxId]: _, ...open } = row.open;
      return { ...row, open };
    }
  }
};

/** A run that was asked for opens its tests, survives a crash while it does, and ends when the last of them has. */
export const testRuns: ProcessManager<TestRunRow, Event, StartRun | CancelTestOfRun | CompleteRun> = {
  name: 'test-runs',
  version: 1,
  events,
  keys: ({ data }) => (data.runId === null ? [] : [data.runId]),
  evolve: (row, event, _key, recorded) => {
    if (event.type === 'TestRunRequested') {
      const { organizationId, mailboxIds, channels, thisOrganizationOnly } = event.data;
      const asked = { mailboxIds, channels, thisOrganizationOnly };
      return { organizationId, stage: 'requested', asked, open: {}, cause: causeOf(recorded) };
    }
    return row === undefined ? undefined : evolve(row, event, causeOf(recorded));
  },
  intents: ({ organizationId, stage, asked, open, cause }, key) => {
    const runId = TestRunId.orThrow(key);
    const instructed = { organizationId, runId, cause };
    if (asked !== null) {
      return [{ key: 'start', due: null, instruction: { type: 'StartRun', ...instructed, ...asked } }];
    }
    if (stage === 'cancelled') {
      return (Object.entries(open) as [MailboxId, TestId][]).map(([mailboxId, testId]) => ({
        key: `cancel:${testId}`,
        due: null,
        instruction: { type: 'CancelTestOfRun', ...instructed, mailboxId, testId },
      }));
    }
    if (stage !== 'started' || Object.keys(open).length > 0) return [];
    return [{ key: 'complete', due: null, instruction: { type: 'CompleteRun', ...instructed } }];
  },
};
