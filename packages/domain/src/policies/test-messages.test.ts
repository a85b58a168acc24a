import { expect, test } from 'vitest';
import { MailboxTestCancelled, TestMessageReported, TestMessageRequested } from '../mailbox/index.ts';
import { causeOfEvent, owedAfter, rowAfter } from '../testing/fold-policy.ts';
import { completed, mailboxId, organizationId, testId } from '../testing/sample-mailbox.ts';
import { testMessages } from './test-messages.ts';

const key = testId('first');
const requested = TestMessageRequested({ mailboxId, testId: key });
const ended = completed('first', 'succeeded');
const reported = TestMessageReported({ mailboxId, testId: key, outcome: 'delivered', kind: null, seconds: 3 });

test('a test message is owed once its test has ended, until it is reported', () => {
  expect(owedAfter(testMessages, key, [requested])).toEqual([]);
  expect(owedAfter(testMessages, key, [requested, ended])).toEqual([
    {
      key: 'send',
      due: null,
      instruction: { type: 'SendTestMessage', organizationId, mailboxId, testId: key, cause: causeOfEvent(2) },
    },
  ]);
  expect(rowAfter(testMessages, key, [requested, ended, reported])).toBeUndefined();
});

test('nothing is owed for a test without a message, for one that was cancelled, or where none is to be sent', () => {
  expect(rowAfter(testMessages, key, [ended])).toBeUndefined();
  const cancelled = MailboxTestCancelled({ mailboxId, testId: key, runId: null, channels: [], reason: 'asked' });
  expect(rowAfter(testMessages, key, [requested, cancelled])).toBeUndefined();
  expect(rowAfter(testMessages, key, [requested, reported, ended])).toBeUndefined();
});
