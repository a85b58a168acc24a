import { type Text, textsOf } from '@mailroom/domain';
import type { TestMessageRow } from './mailbox-row.ts';

/** What became of a message that a mailbox sent to itself. */
export const testMessageText = textsOf('testMessage', {
  pending: 'A test message from the mailbox to itself is sent once the test has succeeded.',
  delivered: 'The test message was sent, found after {seconds} seconds, and removed.',
  notFound: 'The test message was sent, and not found within {seconds} seconds ({kind}). The test itself stays passed.',
  refused: 'The server did not take the test message ({kind}). The test itself stays passed.',
  notCleaned: 'The test message was sent and found after {seconds} seconds, but could not be removed.',
  notSent: 'No test message was sent: both directions have to work, as they were tested.',
  notSentBecause: 'No test message was sent ({kind}). The test itself stays passed.',
});

/** The sentence for this outcome. */
export const testMessageInWords = ({
  outcome,
  kind,
  seconds,
}: Pick<TestMessageRow, 'outcome' | 'kind' | 'seconds'>): Text => {
  const params = { kind: kind ?? '', seconds: seconds ?? 0 };
  switch (outcome) {
    case 'pending':
      return testMessageText('pending', {});
    case 'delivered':
    case 'notCleaned':
      return testMessageText(outcome, { seconds: params.seconds });
    case 'notFound':
      return testMessageText('notFound', params);
    case 'refused':
      return testMessageText('refused', { kind: params.kind });
    case 'notSent':
      return kind === null ? testMessageText('notSent', {}) : testMessageText('notSentBecause', { kind });
  }
};
