import type { OrganizationId } from '../kernel/command.ts';
import { eventFamily, type EventOf } from '../kernel/events.ts';
import type { Intent, ProcessManager } from '../kernel/process-manager.ts';
import {
  ChannelDisabled,
  ChannelEnabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestFailed,
  ChannelTestInvalidated,
  ChannelTestSucceeded,
  MailboxDeactivated,
  MailboxRegistered,
  MailboxTestCancelled,
  MailboxTestCompleted,
  MailboxTestRequested,
} from '../mailbox/index.ts';
import { MailboxId, type MailChannel, type TestId } from '../values/index.ts';
import { type Cause, causeOf, type RequestRetry, type RunTest } from './instruction.ts';

const events = eventFamily([
  MailboxRegistered,
  MailboxDeactivated,
  MailboxTestRequested,
  MailboxTestCompleted,
  MailboxTestCancelled,
  ChannelTestSucceeded,
  ChannelTestFailed,
  ChannelTestInvalidated,
  ChannelEnabled,
  ChannelDisabled,
  ChannelPaused,
  ChannelResumed,
]);
type Event = EventOf<typeof events>;

/** A channel that waits for its next try. `at` is an ISO instant. */
interface Waiting {
  readonly at: string;
  readonly attempt: number;
  readonly cause: Cause;
}

/** What is open for one mailbox. Plain JSON. */
export interface TestingRow {
  readonly organizationId: OrganizationId;
  readonly test: { readonly testId: TestId; readonly urgent: boolean; readonly cause: Cause } | null;
  readonly waiting: Readonly<Partial<Record<MailChannel, Waiting>>>;
  /** Paused channels wait for the end of their profile's incident, not for a retry of their own. */
  readonly paused: readonly MailChannel[];
}

/** Channels that wait are tried together when their times lie this close. Nobody is tried before its time. */
const togetherWithinMs = 10_000;

const withoutWaiting = (row: TestingRow, channel: MailChannel): TestingRow => {
  const { [channel]: _, ...waiting } = row.waiting;
  return { ...row, waiting };
};

const withPaused = (row: TestingRow, channel: MailChannel, isPaused: boolean): TestingRow => {
  const others = row.paused.filter((other) => other !== channel);
  return { ...row, paused: isPaused ? [...others, channel] : others };
};

const evolve = (row: TestingRow, event: Event, cause: Cause): TestingRow => {
  switch (event.type) {
    case 'MailboxRegistered':
      return row;
    case 'MailboxDeactivated':
      return { ...row, waiting: {} };
    case 'MailboxTestRequested': {
      const { testId, trigger, channels } = event.data;
      return { ...channels.reduce(withoutWaiting, row), test: { testId, urgent: trigger === 'person', cause } };
    }
    case 'MailboxTestCompleted':
    case 'MailboxTestCancelled':
      return row.test?.testId === event.data.testId ? { ...row, test: null } : row;
    case 'ChannelTestFailed': {
      const { channel, nextAttemptAt, attempt } = event.data;
      if (nextAttemptAt === null) return withoutWaiting(row, channel);
      return { ...row, waiting: { ...row.waiting, [channel]: { at: nextAttemptAt.toISOString(), attempt, cause } } };
    }
    case 'ChannelTestSucceeded':
    case 'ChannelTestInvalidated':
      return withoutWaiting(row, event.data.channel);
    case 'ChannelPaused':
      return withPaused(row, event.data.channel, true);
    case 'ChannelResumed':
      return withoutWaiting(withPaused(row, event.data.channel, false), event.data.channel);
    case 'ChannelEnabled':
    case 'ChannelDisabled': {
      const { channel } = event.data;
      return channel === 'act' ? row : withPaused(row, channel, false);
    }
  }
};

const retryOf = (row: TestingRow, mailboxId: MailboxId): readonly Intent<RequestRetry>[] => {
  const waiting = (Object.entries(row.waiting) as readonly [MailChannel, Waiting][])
    .filter(([channel]) => !row.paused.includes(channel))
    .map(([channel, { at, attempt, cause }]) => ({ channel, at: Date.parse(at), attempt, cause }))
    .sort((a, b) => a.at - b.at || a.channel.localeCompare(b.channel));
  const [first] = waiting;
  if (first === undefined) return [];

  const group = waiting.filter(({ at }) => at - first.at <= togetherWithinMs);
  const due = new Date(Math.max(...group.map(({ at }) => at)));
  const channels = group.map(({ channel }) => channel);
  const attempt = 1 + Math.max(...group.map((one) => one.attempt));
  const { organizationId } = row;
  const instruction = {
    type: 'RequestRetry',
    organizationId,
    mailboxId,
    channels,
    attempt,
    cause: first.cause,
  } as const;
  return [{ key: `retry:${channels.join('+')}:${attempt}:${due.toISOString()}`, due, instruction }];
};

/** An open test is carried out; a channel in passing trouble is tried again when its time has come. */
export const testing: ProcessManager<TestingRow, Event, RunTest | RequestRetry> = {
  name: 'testing',
  version: 1,
  events,
  keys: ({ data }) => [data.mailboxId],
  evolve: (row, event, _key, recorded) => {
    if (event.type === 'MailboxRegistered') {
      return { organizationId: event.data.organizationId, test: null, waiting: {}, paused: [] };
    }
    return row === undefined ? undefined : evolve(row, event, causeOf(recorded));
  },
  intents: (row, key) => {
    const mailboxId = MailboxId.orThrow(key);
    // One test at a time: what waits comes after the open one.
    if (row.test === null) return retryOf(row, mailboxId);
    const { testId, urgent, cause } = row.test;
    const { organizationId } = row;
    return [
      {
        key: `run:${testId}`,
        due: null,
        instruction: { type: 'RunTest', organizationId, mailboxId, testId, urgent, cause },
      },
    ];
  },
};
