import { describe, test } from 'vitest';
import {
  completed,
  contextOf,
  credentialsSet,
  enabled,
  failing,
  mailboxId,
  passed,
  record,
  registered,
  request,
  succeeded,
  testId,
  testRequested,
  working,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import * as Mailbox from './index.ts';

const { given } = specificationOf(Mailbox.decider);

const wanted = (name: string): Mailbox.Event => Mailbox.TestMessageRequested({ mailboxId, testId: testId(name) });
const reported = (name: string, outcome: Mailbox.TestMessageOutcome = 'delivered'): Mailbox.Event =>
  Mailbox.TestMessageReported({ mailboxId, testId: testId(name), outcome, kind: null, seconds: 0 });
const found: Mailbox.Command = {
  type: 'RecordTestMessage',
  context: contextOf(),
  mailboxId,
  testId: testId('first'),
  outcome: 'delivered',
  kind: null,
  seconds: 0,
};
const withMessage = { testMessage: true };

describe('a test message', () => {
  test('is asked for together with the test, and not without being asked for', () => {
    given(registered()).when(request('first', withMessage)).thenEvents(testRequested('first'), wanted('first'));
    given(registered()).when(request('first')).thenEvents(testRequested('first'));
  });

  test('that is wanted while a test without one is open replaces that test; wanted again, it changes nothing', () => {
    const { decision } = given(registered(), testRequested('first')).when(request('second', withMessage));
    if (decision._tag === 'Left') throw new Error(decision.left._tag);
    given(registered(), testRequested('first'), ...decision.right)
      .when(request('third', withMessage))
      .thenNothing();
    given(registered(), testRequested('first'), wanted('first')).when(request('second', withMessage)).thenNothing();
  });

  test('stays wanted when its test is replaced by one of more channels', () => {
    const open = [testRequested('first', { channels: ['incoming'] }), wanted('first')];
    given(registered(), ...open)
      .when(request('second', { channels: ['outgoing'] }))
      .thenEvents(
        Mailbox.MailboxTestCancelled({
          mailboxId,
          testId: testId('first'),
          runId: null,
          channels: ['incoming'],
          reason: 'asked',
        }),
        testRequested('second'),
        wanted('second'),
      );
  });

  test('is not sent when a direction fails, or is not tested', () => {
    const both = [registered(), credentialsSet, testRequested('first'), wanted('first')];
    const first = [...both, succeeded('first', 'incoming'), enabled('incoming')];
    const failed = given(...first).when(record('first', 'outgoing', failing())).decision;
    if (failed._tag === 'Left') throw new Error(failed.left._tag);
    given(...first, ...failed.right)
      .when(found)
      .thenNothing();
    given(...working, testRequested('second', { channels: ['incoming'] }), wanted('second'))
      .when(record('second', 'incoming', passed))
      .thenEvents(succeeded('second', 'incoming'), reported('second', 'notSent'), completed('second', 'succeeded'));
  });

  test('is reported once, after its test, and not when the test was cancelled', () => {
    const owed = [...working, testRequested('first'), wanted('first')];
    given(...owed, completed('first', 'succeeded'))
      .when(found)
      .thenEvents(reported('first'));
    given(...owed, completed('first', 'succeeded'), reported('first'))
      .when(found)
      .thenNothing();
    const cancelled = Mailbox.MailboxTestCancelled({
      mailboxId,
      testId: testId('first'),
      runId: null,
      channels: ['incoming', 'outgoing'],
      reason: 'asked',
    });
    given(...owed, cancelled)
      .when(found)
      .thenNothing();
  });
});
