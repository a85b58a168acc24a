import * as t from 'io-ts';
import { OrganizationId, PrincipalId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { count, MailboxId, MailChannel, nullable, ProfileId, TestRunId } from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.
// How far a run has come is no event of its own: a view over the events of its mailboxes tells.

/** Grouped by reason: with thousands of mailboxes the reasons repeat. */
const skipped = t.readonlyArray(
  t.strict({ reason: t.string, mailboxIds: t.readonlyArray(MailboxId, 'a list of mailbox ids') }, 'skipped mailboxes'),
  'a list of skipped mailboxes, for each reason',
);

/** Somebody wants Test & Enable of these mailboxes, in the background. */
export const TestRunRequested = defineEvent(
  'TestRunRequested',
  t.strict({
    runId: TestRunId,
    organizationId: OrganizationId,
    requestedBy: PrincipalId,
    mailboxIds: t.readonlyArray(MailboxId, 'a list of mailbox ids'),
    /** All mailboxes that were on this profile; null: a selection. */
    profileId: nullable(ProfileId),
    /** Those that were meant too, but cannot be tested. */
    skipped,
    channels: t.readonlyArray(MailChannel, 'a list of channels'),
    thisOrganizationOnly: t.boolean,
    /** Each mailbox that works also sends a real message to itself. */
    testMessage: t.boolean,
  }),
  [(data) => ({ ...data, testMessage: false })],
);

/** A test of each mailbox is open, but for those that were skipped, each with the reason. */
export const TestRunStarted = defineEvent(
  'TestRunStarted',
  t.strict({
    runId: TestRunId,
    /** How many tests were opened. */
    tests: count,
    /** Those that could be tested when the run was requested, and can no longer. */
    skipped,
  }),
);

/** Nobody wants the rest of it; what is open is cancelled, what was found stays. */
export const TestRunCancelled = defineEvent('TestRunCancelled', t.strict({ runId: TestRunId }));

/** Every test of the run has ended. */
export const TestRunCompleted = defineEvent('TestRunCompleted', t.strict({ runId: TestRunId }));

/** The codecs of every event of a test run. */
export const events = eventFamily([TestRunRequested, TestRunStarted, TestRunCancelled, TestRunCompleted]);
/** Every event of a test run. */
export type Event = EventOf<typeof events>;
