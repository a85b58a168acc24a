import { describe, expect, test } from 'vitest';
import { admin, contextOf, fromElsewhere, mailboxId, organizationId, profileId } from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import { derivedId, type MailChannel, TestRunId } from '../values/index.ts';
import * as TestRun from './index.ts';

const { given } = specificationOf(TestRun.decider);
const runId = TestRunId.orThrow(derivedId('sample', 'run'));
const channels: readonly MailChannel[] = ['incoming', 'outgoing'];
const skipped = [{ reason: 'MailboxDeactivated', mailboxIds: [mailboxId] }];
const asked = {
  runId,
  mailboxIds: [mailboxId],
  skipped,
  profileId,
  channels,
  thisOrganizationOnly: true,
  testMessage: true,
};
const request: TestRun.RequestTestRun = { type: 'RequestTestRun', context: contextOf(), ...asked };
const start: TestRun.StartTestRun = { type: 'StartTestRun', context: contextOf(), runId, tests: 3, skipped };
const cancel: TestRun.CancelTestRun = { type: 'CancelTestRun', context: contextOf(), runId };
const complete: TestRun.CompleteTestRun = { type: 'CompleteTestRun', context: contextOf(), runId };

const requested = TestRun.TestRunRequested({ organizationId, requestedBy: admin.id, ...asked });
const started = TestRun.TestRunStarted({ runId, tests: 3, skipped });
const cancelled = TestRun.TestRunCancelled({ runId });
const completed = TestRun.TestRunCompleted({ runId });

describe('a test run', () => {
  test('is requested once, by whom and for what', () => {
    given().when(request).thenEvents(requested);
    given(requested).when(request).thenNothing();
  });

  test('of no mailbox at all is refused', () =>
    given()
      .when({ ...request, mailboxIds: [] })
      .thenRejected({ _tag: 'TestRunWithoutMailboxes', field: 'mailboxIds' }));

  test('of more mailboxes than fit into one is refused', () => {
    const many = Array.from({ length: 20_000 }, () => mailboxId);
    given()
      .when({ ...request, mailboxIds: many, skipped: [] })
      .thenEvents({
        ...requested,
        data: { ...requested.data, mailboxIds: many, skipped: [] },
      });
    given()
      .when({ ...request, mailboxIds: many })
      .thenRejected({ _tag: 'TestRunTooLarge', field: 'mailboxIds' });
  });

  test('starts once, and says what it skipped', () => {
    given(requested).when(start).thenEvents(started);
    for (const history of [
      [requested, started],
      [requested, cancelled],
    ])
      given(...history)
        .when(start)
        .thenNothing();
  });

  test('is cancelled at any moment before its end', () => {
    given(requested).when(cancel).thenEvents(cancelled);
    given(requested, started).when(cancel).thenEvents(cancelled);
    given(requested, started, cancelled).when(cancel).thenNothing();
    given(requested, started, completed).when(cancel).thenNothing();
  });

  test('is completed once, after it has started', () => {
    given(requested, started).when(complete).thenEvents(completed);
    for (const end of [completed, cancelled]) given(requested, started, end).when(complete).thenNothing();
    given(requested).when(complete).thenNothing();
  });

  test('stands where its last event left it, and knows whose it is', () => {
    const known = { organizationId, requestedBy: admin.id };
    expect(given().state()).toEqual({ _tag: 'NotRequested' });
    expect(given(started, cancelled, completed).state()).toEqual({ _tag: 'NotRequested' });
    expect(given(requested).state()).toEqual({ _tag: 'Requested', ...known });
    expect(given(requested, started).state()).toEqual({ _tag: 'Started', ...known });
    expect(given(requested, cancelled).state()).toEqual({ _tag: 'Cancelled', ...known });
    expect(given(requested, started, completed).state()).toEqual({ _tag: 'Completed', ...known });
  });

  test('that was never requested, or is of another organization, is not there', () => {
    for (const command of [start, cancel, complete]) given().when(command).thenRejected({ _tag: 'TestRunNotFound' });
    for (const command of [request, start, cancel, complete]) {
      given(requested, started)
        .when({ ...command, context: fromElsewhere() })
        .thenRejected({ _tag: 'TestRunNotFound' });
    }
  });

  test('is known again from what was stored', () => {
    for (const event of [requested, started, cancelled, completed]) {
      const stored: unknown = JSON.parse(JSON.stringify(TestRun.events.encode(event)));
      expect(TestRun.events.decode(stored as ReturnType<typeof TestRun.events.encode>)).toMatchObject({ right: event });
    }
  });
});
