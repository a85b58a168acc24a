import {
  eventFamily,
  type EventFamily,
  Mailbox,
  type MailboxEvent,
  type TestRun,
  type TestRunEvent,
  testRunEvents,
} from '@mailroom/domain';
import type { View } from '../runner/definition.ts';

type Event = TestRunEvent | Extract<MailboxEvent, { readonly type: 'MailboxTestCompleted' | 'MailboxTestCancelled' }>;

const events = eventFamily([
  ...testRunEvents.definitions,
  Mailbox.MailboxTestCompleted,
  Mailbox.MailboxTestCancelled,
]) as unknown as EventFamily<Event>;

/** Test & Enable of many mailboxes: how far it has come. */
export interface TestRunRow {
  readonly runId: string;
  readonly organizationId: string;
  readonly requestedBy: string;
  readonly profileId: string | null;
  readonly stage: 'requested' | 'running' | 'cancelled' | 'completed';
  /** Mailboxes asked for, tests that were opened, and how those have ended so far. */
  readonly mailboxes: number;
  readonly tests: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly superseded: number;
  readonly cancelled: number;
  readonly skipped: readonly { readonly mailboxId: string; readonly reason: string }[];
  readonly requestedAt: string;
  readonly changedAt: string;
}

/** One by one, each with its reason. */
const skippedOf = ({ skipped }: { readonly skipped: readonly TestRun.Skipped[] }): TestRunRow['skipped'] =>
  skipped.flatMap(({ reason, mailboxIds }) => mailboxIds.map((mailboxId) => ({ mailboxId, reason })));

const change = (row: TestRunRow, event: Event): TestRunRow => {
  switch (event.type) {
    case 'TestRunRequested':
      return row;
    case 'TestRunStarted': {
      const { tests } = event.data;
      const skipped = [...row.skipped, ...skippedOf(event.data)];
      return { ...row, stage: row.stage === 'requested' ? 'running' : row.stage, tests, skipped };
    }
    case 'TestRunCancelled':
      return { ...row, stage: 'cancelled' };
    case 'TestRunCompleted':
      return { ...row, stage: row.stage === 'cancelled' ? 'cancelled' : 'completed' };
    case 'MailboxTestCompleted': {
      const { outcome } = event.data;
      return { ...row, [outcome]: row[outcome] + 1 };
    }
    case 'MailboxTestCancelled':
      return { ...row, cancelled: row.cancelled + 1 };
  }
};

/** Every test run, with its progress. */
export const testRunsView: View<TestRunRow, Event> = {
  name: 'test-runs',
  version: 1,
  events,
  indexes: ['organizationId', 'requestedBy'],
  keys: ({ data }) => (data.runId === null ? [] : [data.runId]),
  evolve: (row, event, _key, { recordedAt }) => {
    const at = recordedAt.toISOString();
    if (event.type === 'TestRunRequested') {
      const { runId, organizationId, requestedBy, profileId, mailboxIds } = event.data;
      const skipped = skippedOf(event.data);
      const mailboxes = mailboxIds.length + skipped.length;
      const none = { tests: 0, succeeded: 0, failed: 0, superseded: 0, cancelled: 0 };
      const asked = { runId, organizationId, requestedBy, profileId, mailboxes, stage: 'requested' } as const;
      return { ...asked, ...none, skipped, requestedAt: at, changedAt: at };
    }
    return row === undefined ? undefined : { ...change(row, event), changedAt: at };
  },
};
