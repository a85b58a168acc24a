import * as t from 'io-ts';
import { defineEvent } from '../kernel/events.ts';
import { personal } from '../kernel/personal.ts';
import {
  Channel,
  count,
  instant,
  MailboxId,
  MailChannel,
  nullable,
  oneOf,
  PersonId,
  ProfileId,
  ServerText,
  TestId,
  TestRunId,
} from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.
// Hot events (tests, channels) carry ids only; a server's words are personal, because they quote addresses.

/** Who wants a test: a person, a job over many mailboxes, the retry plan, or an incident of the whole profile. */
export const TestTrigger = oneOf('person', 'bulk', 'retry', 'incident');
export type TestTrigger = t.TypeOf<typeof TestTrigger>;

/** Why an earlier result no longer counts. */
export const StaleReason = oneOf(
  'profileChanged',
  'profileAssigned',
  'credentialsChanged',
  'addressChanged',
  'methodChanged',
  'approvalLost',
);
export type StaleReason = t.TypeOf<typeof StaleReason>;

const channels = t.readonlyArray(MailChannel, 'a list of channels');

/** Test & Enable was asked for; from here until `MailboxTestCompleted` or `MailboxTestCancelled` the test is open. */
export const MailboxTestRequested = defineEvent(
  'MailboxTestRequested',
  t.strict({
    mailboxId: MailboxId,
    testId: TestId,
    runId: nullable(TestRunId),
    channels,
    trigger: TestTrigger,
    /** Which try of the same problem this is; 1 when a person asked. */
    attempt: count,
    /** The seed's "Sync items ... from this org only": recorded, without effect for POP3 and IMAP. */
    thisOrganizationOnly: t.boolean,
  }),
);

/** What was tested: a result holds only while these are current. */
const fingerprint = {
  /** The profile that was tested, and its `configuration`. */
  profileId: nullable(ProfileId),
  profileConfiguration: count,
  /** Counts what was changed in the mailbox that matters to this channel. */
  mailboxConfiguration: count,
};

const step = t.strict(
  { step: t.string, status: oneOf('passed', 'warning', 'failed', 'notRun'), ms: count },
  'a step of a check',
);

const result = {
  mailboxId: MailboxId,
  testId: TestId,
  channel: MailChannel,
  ...fingerprint,
  steps: t.readonlyArray(step, 'a list of steps'),
};

/** The check of this channel passed. `warnings`: kinds that do not keep it from working. */
export const ChannelTestSucceeded = defineEvent(
  'ChannelTestSucceeded',
  t.strict({ ...result, warnings: t.readonlyArray(t.string, 'a list of failure kinds') }),
);

/** The check of this channel failed; what follows is told by `disposition` and `nextAttemptAt`. */
export const ChannelTestFailed = defineEvent(
  'ChannelTestFailed',
  t.strict({
    ...result,
    personId: PersonId,
    kind: t.string,
    phase: t.string,
    disposition: oneOf('permanent', 'transient', 'uncertain', 'warning', 'ours'),
    scope: oneOf('mailbox', 'profile', 'system'),
    field: nullable(t.string),
    /** What becomes of the channel's status: our own trouble leaves it as it was. */
    status: oneOf('failure', 'unchanged'),
    /** Parameters of the advice, JSON of a flat object: host names, limits, and what the server said. */
    adviceParams: personal(t.string),
    serverText: personal(nullable(ServerText)),
    attempt: count,
    /** When it will be tried again; null: not by itself. */
    nextAttemptAt: nullable(instant),
  }),
);

/** A result came too late: what it tested is no longer what is configured, or the test was cancelled. Changes nothing. */
export const ChannelTestSuperseded = defineEvent(
  'ChannelTestSuperseded',
  t.strict({
    mailboxId: MailboxId,
    testId: TestId,
    channel: MailChannel,
    reason: oneOf('configurationChanged', 'cancelled', 'deactivated', 'profileUnavailable'),
  }),
);

/** Every channel of the test has its result. `succeeded`: each of them works. */
export const MailboxTestCompleted = defineEvent(
  'MailboxTestCompleted',
  t.strict({
    mailboxId: MailboxId,
    testId: TestId,
    runId: nullable(TestRunId),
    outcome: oneOf('succeeded', 'failed', 'superseded'),
  }),
);

/** Once this test has succeeded in both directions, a real message goes from the mailbox to itself. */
export const TestMessageRequested = defineEvent(
  'TestMessageRequested',
  t.strict({ mailboxId: MailboxId, testId: TestId }),
);

/** What became of a test message; `notSent`: there was nothing to be found out, so none left. */
export const TestMessageOutcome = oneOf('delivered', 'notFound', 'refused', 'notCleaned', 'notSent');
export type TestMessageOutcome = t.TypeOf<typeof TestMessageOutcome>;

/** Told apart from the result of the test, which it never changes: statuses and `enabled` stay as they are. */
export const TestMessageReported = defineEvent(
  'TestMessageReported',
  t.strict({
    mailboxId: MailboxId,
    testId: TestId,
    outcome: TestMessageOutcome,
    /** The kind of failure or warning; null: there is nothing to say. */
    kind: nullable(t.string),
    /** From the first look into the mailbox until the outcome was known. */
    seconds: count,
  }),
);

/** The test ends without the results of these channels. */
export const MailboxTestCancelled = defineEvent(
  'MailboxTestCancelled',
  t.strict({
    mailboxId: MailboxId,
    testId: TestId,
    runId: nullable(TestRunId),
    channels,
    reason: oneOf('asked', 'configurationChanged', 'deactivated'),
  }),
);

/** The channel works from here on: a test of exactly this configuration succeeded. */
export const ChannelEnabled = defineEvent('ChannelEnabled', t.strict({ mailboxId: MailboxId, channel: Channel }));

/** The channel is out of service until its next successful test. */
export const ChannelDisabled = defineEvent(
  'ChannelDisabled',
  t.strict({
    mailboxId: MailboxId,
    channel: Channel,
    profileId: nullable(ProfileId),
    reason: oneOf(
      'testFailed',
      'retriesSpent',
      'invalidated',
      'rejected',
      'approvalLost',
      'deactivated',
      'methodChanged',
      'profileRemoved',
    ),
  }),
);

/** An incident of the whole profile keeps this channel from working; it worked before and resumes when the incident ends. */
export const ChannelPaused = defineEvent(
  'ChannelPaused',
  t.strict({
    mailboxId: MailboxId,
    channel: MailChannel,
    profileId: ProfileId,
    kind: t.string,
    /** From when on a test may find out whether the incident is over; null: a person has to act first. */
    nextAttemptAt: nullable(instant),
  }),
);
/** The incident is over, and the channel works as before. */
export const ChannelResumed = defineEvent(
  'ChannelResumed',
  t.strict({ mailboxId: MailboxId, channel: MailChannel, profileId: ProfileId }),
);

/** An earlier result is stale: the channel is back to Not Run. */
export const ChannelTestInvalidated = defineEvent(
  'ChannelTestInvalidated',
  t.strict({
    mailboxId: MailboxId,
    channel: MailChannel,
    reason: StaleReason,
    /** The profile and its `configuration` that this answers; null when the mailbox itself changed. */
    profileId: nullable(ProfileId),
    profileConfiguration: nullable(count),
  }),
);
