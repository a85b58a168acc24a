import {
  Mailbox,
  MailboxId,
  OrganizationId,
  PrincipalId,
  StreamName,
  TestId,
  TestRun,
  TestRunId,
} from '@mailroom/domain';
import type { Position, RecordedEvent } from '@mailroom/domain';
import { expect, test } from 'vitest';
import { type TestRunRow, testRunsView } from './test-runs.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const runId = TestRunId.orThrow(uuid(1));
const box = (n: number) => MailboxId.orThrow(uuid(100 + n));
type Event = Parameters<typeof testRunsView.evolve>[1];

const rowAfter = (...events: readonly Event[]): TestRunRow | undefined => {
  let row: TestRunRow | undefined;
  for (const [n, event] of events.entries()) {
    const recorded: RecordedEvent = {
      id: uuid(n),
      type: event.type,
      schemaVersion: 1,
      data: {},
      metadata: {
        commandId: uuid(9),
        correlationId: uuid(9),
        causationId: uuid(9),
        actorId: 'ada',
        actorKind: 'person',
        organizationId: 'org-1',
        command: 'TestAndEnable',
      },
      stream: StreamName.orThrow(`testRun-${runId}`),
      revision: n,
      position: String(n) as Position,
      recordedAt: new Date(Date.UTC(2026, 0, 1, 9, n)),
    };
    for (const key of testRunsView.keys(event, recorded)) {
      expect(key).toBe(runId);
      row = testRunsView.evolve(row, event, key, recorded);
    }
  }
  return row;
};

const requested = TestRun.TestRunRequested({
  runId,
  organizationId: OrganizationId.orThrow('org-1'),
  requestedBy: PrincipalId.orThrow('ada'),
  mailboxIds: [box(1), box(2), box(3)],
  skipped: [{ reason: 'NoChannelToTest', mailboxIds: [box(4)] }],
  profileId: null,
  channels: ['incoming'],
  thisOrganizationOnly: false,
  testMessage: false,
});
const started = TestRun.TestRunStarted({
  runId,
  tests: 2,
  skipped: [{ reason: 'MailboxDeactivated', mailboxIds: [box(3)] }],
});
const ended = (n: number, outcome: 'succeeded' | 'failed') =>
  Mailbox.MailboxTestCompleted({ mailboxId: box(n), testId: TestId.orThrow(uuid(n)), runId, outcome });

test('a run counts how its tests end', () => {
  const events = [requested, started, ended(1, 'succeeded'), ended(2, 'failed'), TestRun.TestRunCompleted({ runId })];
  expect(rowAfter(...events)).toMatchObject({
    stage: 'completed',
    mailboxes: 4,
    skipped: [
      { mailboxId: box(4), reason: 'NoChannelToTest' },
      { mailboxId: box(3), reason: 'MailboxDeactivated' },
    ],
    tests: 2,
    succeeded: 1,
    failed: 1,
    requestedAt: '2026-01-01T09:00:00.000Z',
    changedAt: '2026-01-01T09:04:00.000Z',
  });
  expect(rowAfter(...events.slice(0, 3))).toMatchObject({ stage: 'running', succeeded: 1, failed: 0 });
});

test("a run that was cancelled stays so, and a test outside of any run is nobody's", () => {
  const alone = Mailbox.MailboxTestCompleted({
    mailboxId: box(1),
    testId: TestId.orThrow(uuid(1)),
    runId: null,
    outcome: 'succeeded',
  });
  expect(rowAfter(requested, TestRun.TestRunCancelled({ runId }), started, alone)).toMatchObject({
    stage: 'cancelled',
    succeeded: 0,
  });
});
