import type { Failure, TestMessage } from '@mailroom/domain';
import type { Check } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { ImapFlow } from 'imapflow';

/** The message in the folder that is open: more than one where sending was interrupted and repeated. */
const uidsOf = async (client: ImapFlow, { messageId }: TestMessage): Promise<readonly number[]> => {
  const found = await client.search({ header: { 'message-id': messageId } }, { uid: true });
  return Array.isArray(found) ? found : [];
};

interface Found {
  readonly uids: readonly number[];
  readonly isJunk: boolean;
  /** Who it says it is from, in lower case. */
  readonly from: string;
}

/** Looks in the folder, then in junk. The folder where it was found stays open, so that it can be removed. */
const find = async (client: ImapFlow, folder: string, message: TestMessage): Promise<Found | 'taken' | null> => {
  const lookIn = async (path: string, isJunk: boolean): Promise<Found | null> => {
    await client.mailboxOpen(path);
    const uids = await uidsOf(client, message);
    const uid = uids.at(-1);
    if (uid === undefined) return null;
    const fetched = await client.fetchOne(String(uid), { envelope: true }, { uid: true });
    const from = fetched === false ? '' : (fetched.envelope?.from?.[0]?.address ?? '');
    return { uids, isJunk, from: from.toLowerCase() };
  };
  const found = await lookIn(folder, false);
  if (found !== null) return found;
  // Something has arrived since, and it is not there any more.
  const { mailbox } = client;
  const hasArrived = message.mark !== null && mailbox !== false && String(mailbox.uidNext) !== message.mark;
  const junk = (await client.list()).find(({ specialUse }) => specialUse === '\\Junk');
  const inJunk = junk === undefined ? null : await lookIn(junk.path, true);
  return inJunk ?? (hasArrived ? 'taken' : null);
};

/** Steps `find` and `cleanup`: the message that was sent is looked for, and removed. Nothing else is touched. */
export const findTestMessage = async (
  check: Check,
  client: ImapFlow,
  folder: string,
  message: TestMessage,
  limitMs: number,
): Promise<E.Either<Failure, void>> => {
  const { address } = check.target;
  const found = await check.step('find', {
    limitMs,
    onTimeout: 'TestMessageNotFound',
    run: async (step) => {
      const seen = await find(client, folder, message).catch(() => null);
      if (seen === null) return check.fail('TestMessageNotFound');
      if (seen === 'taken') return check.fail('TestMessageTakenByFetcher');
      if (seen.isJunk) step.warn('TestMessageInJunk');
      if (seen.from !== '' && seen.from !== address.toLowerCase()) step.warn('SenderRewritten', { address });
      return E.right(seen);
    },
  });
  if (E.isLeft(found)) return found;
  return check.step('cleanup', {
    limitMs,
    onTimeout: () => check.failure('CleanupFailed', { subject: message.subject }),
    run: async (step) => {
      const isGone = await client.messageDelete([...found.right.uids], { uid: true }).catch(() => false);
      if (!isGone) step.warn('CleanupFailed', { subject: message.subject });
      return E.right(undefined);
    },
  });
};
