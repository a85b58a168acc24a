import { OrganizationId } from '../kernel/command.ts';
import { eventFamily, type EventOf } from '../kernel/events.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import type { Intent, ProcessManager } from '../kernel/process-manager.ts';
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

/** A run that is under way: what was asked for until it has started, and how many of its tests are open. */
interface WholeRun {
  readonly kind: 'run';
  readonly organizationId: OrganizationId;
  readonly stage: 'requested' | 'started' | 'cancelled' | 'completed';
  readonly asked: {
    readonly mailboxIds: readonly MailboxId[];
    readonly channels: readonly MailChannel[];
    readonly thisOrganizationOnly: boolean;
    readonly testMessage: boolean;
  } | null;
  readonly open: number;
  readonly cause: Cause;
}

/** The open tests of some of the mailboxes of a run, and what cancelled it. */
interface OpenTests {
  readonly kind: 'tests';
  readonly organizationId: OrganizationId;
  readonly runId: TestRunId;
  readonly open: Readonly<Record<string, TestId>>;
  readonly cancelledBy: Cause | null;
}

/** Plain JSON. In several rows, since a row is written whole: one with all tests would be long, and change with each. */
export type TestRunRow = WholeRun | OpenTests;

/** Mailboxes whose ids end alike share a row. */
const endings: readonly string[] = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));
const keyOf = (runId: TestRunId, ending: string): string => `${runId}/${ending}`;

const keysOf = ({ type, data }: Event): readonly string[] => {
  const { runId } = data;
  if (runId === null) return [];
  if (type === 'TestRunCancelled') return [runId, ...endings.map((ending) => keyOf(runId, ending))];
  return 'mailboxId' in data ? [runId, keyOf(runId, data.mailboxId.slice(-2))] : [runId];
};

const evolveRun = (row: WholeRun | undefined, event: Event, cause: Cause): WholeRun | undefined => {
  if (event.type === 'TestRunRequested') {
    const { organizationId, mailboxIds, channels, thisOrganizationOnly, testMessage } = event.data;
    const asked = { mailboxIds, channels, thisOrganizationOnly, testMessage };
    return { kind: 'run', organizationId, stage: 'requested', asked, open: 0, cause };
  }
  if (row === undefined) return undefined;
  switch (event.type) {
    case 'TestRunStarted':
      return { ...row, stage: row.stage === 'requested' ? 'started' : row.stage, asked: null, cause };
    case 'TestRunCancelled':
      return { ...row, stage: 'cancelled', asked: null, cause };
    case 'TestRunCompleted':
      return { ...row, stage: 'completed' };
    case 'MailboxTestRequested':
      return { ...row, open: row.open + 1 };
    case 'MailboxTestCompleted':
    case 'MailboxTestCancelled':
      return { ...row, open: row.open - 1 };
  }
};

const evolveTests = (
  row: OpenTests | undefined,
  event: Event,
  runId: TestRunId,
  recorded: RecordedEvent,
): OpenTests | undefined => {
  const organizationId = OrganizationId.orThrow(recorded.metadata.organizationId);
  const known = row ?? { kind: 'tests', organizationId, runId, open: {}, cancelledBy: null };
  switch (event.type) {
    case 'TestRunCancelled':
      return { ...known, cancelledBy: causeOf(recorded) };
    case 'MailboxTestRequested':
      return { ...known, open: { ...known.open, [event.data.mailboxId]: event.data.testId } };
    case 'MailboxTestCompleted':
    case 'MailboxTestCancelled': {
      const { mailboxId, testId } = event.data;
      if (row?.open[mailboxId] !== testId) return row;
      const { [mailboxId]: _, ...open } = row.open;
      // Of a cancelled run it stays: the start may have been under way, and what it still opens is cancelled too.
      return Object.keys(open).length === 0 && row.cancelledBy === null ? undefined : { ...row, open };
    }
    case 'TestRunRequested':
    case 'TestRunStarted':
    case 'TestRunCompleted':
      return row;
  }
};

type Owed = Intent<StartRun | CancelTestOfRun | CompleteRun>;

const cancellations = ({ organizationId, runId, open, cancelledBy: cause }: OpenTests): readonly Owed[] =>
  cause === null
    ? []
    : (Object.entries(open) as [MailboxId, TestId][]).map(([mailboxId, testId]) => ({
        key: `cancel:${testId}`,
        due: null,
        instruction: { type: 'CancelTestOfRun', organizationId, runId, cause, mailboxId, testId },
      }));

/** A run that was asked for opens its tests, survives a crash while it does, and ends when the last of them has. */
export const testRuns: ProcessManager<TestRunRow, Event, StartRun | CancelTestOfRun | CompleteRun> = {
  name: 'test-runs',
  version: 2,
  events,
  keys: keysOf,
  evolve: (row, event, key, recorded) => {
    const { runId } = event.data;
    if (runId === null) return row;
    return key === runId
      ? evolveRun(row as WholeRun | undefined, event, causeOf(recorded))
      : evolveTests(row as OpenTests | undefined, event, runId, recorded);
  },
  intents: (row, key) => {
    if (row.kind === 'tests') return cancellations(row);
    const { organizationId, stage, asked, open, cause } = row;
    const instructed = { organizationId, runId: TestRunId.orThrow(key), cause };
    if (asked !== null) {
      return [{ key: 'start', due: null, instruction: { type: 'StartRun', ...instructed, ...asked } }];
    }
    if (stage !== 'started' || open > 0) return [];
    return [{ key: 'complete', due: null, instruction: { type: 'CompleteRun', ...instructed } }];
  },
};
