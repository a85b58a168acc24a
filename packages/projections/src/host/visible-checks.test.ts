import { type CheckActivity, derivedId, MailboxId, TestId } from '@mailroom/domain';
import { expect, test } from 'vitest';
import { visibleChecks } from './visible-checks.ts';

const started = (mailbox: string, attempt: string): CheckActivity => ({
  _tag: 'CheckStarted',
  mailboxId: MailboxId.orThrow(derivedId('mailbox', mailbox)),
  testId: TestId.orThrow(derivedId('test', mailbox, attempt)),
  channel: 'incoming',
});
const ended = (mailbox: string, attempt: string): CheckActivity => ({
  ...started(mailbox, attempt),
  _tag: 'CheckEnded',
  verdict: 'passed',
  kind: null,
});

test('shows the checks of the mailboxes that may be seen, whole, and asks once for each', async () => {
  const all = [
    started('ours', '1'),
    started('theirs', '1'),
    ended('theirs', '1'),
    ended('ours', '1'),
    started('ours', '2'),
    ended('ours', '2'),
  ];
  const asked: string[] = [];
  const ours = derivedId('mailbox', 'ours');
  const source = (async function* () {
    yield* all;
  })();
  const seen: CheckActivity[] = [];
  for await (const activity of visibleChecks(source, async (mailboxId) => {
    asked.push(mailboxId);
    return mailboxId === ours;
  })) {
    seen.push(activity);
  }
  expect(seen).toEqual(all.filter(({ mailboxId }) => mailboxId === ours));
  expect(asked).toEqual([ours, derivedId('mailbox', 'theirs'), ours]);
});

test('leaving the loop lets go of the source', async () => {
  let isLeft = false;
  const source = (async function* () {
    try {
      yield started('ours', '1');
      yield ended('ours', '1');
    } finally {
      isLeft = true;
    }
  })();
  for await (const activity of visibleChecks(source, async () => true)) {
    expect(activity._tag).toBe('CheckStarted');
    break;
  }
  expect(isLeft).toBe(true);
});
