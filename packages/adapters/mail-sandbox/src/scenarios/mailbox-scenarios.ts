import { buildScenario, type SetupContext } from './build-scenario.ts';
import type { Scenario } from './scenario.ts';

/** Limits and habits of servers that a check reads from their capabilities, and senders that are really not owned. */
export const mailboxScenarios: readonly Scenario[] = [
  buildScenario('imap', 'almost-full', 'MailboxOverQuota', 'nearly all of the quota is used', {
    account: { quota: { usedKiB: 99_000, limitKiB: 100_000 } },
  }),
  buildScenario('pop3', 'no-uidl', 'UidlUnsupported', 'neither announced nor known: UIDL', {
    server: { without: ['UIDL'] },
  }),
  buildScenario('pop3', 'no-top', 'TopUnsupported', 'neither announced nor known: TOP', {
    server: { without: ['TOP'] },
  }),
  buildScenario(
    'pop3',
    'expires-at-once',
    'DeletePolicyConflict',
    'messages are deleted once they are read (RFC 2449)',
    {
      server: { capabilities: ['EXPIRE 0'] },
    },
  ),
  buildScenario('smtp', 'small-size', 'MessageTooLarge', 'SIZE allows next to nothing', {
    tls: 'starttls',
    server: { maxSize: 10_240 },
    truth: { disposition: 'warning' },
  }),
  ...(['MAIL', 'RCPT'] as const).map((senderCheckedAt) =>
    buildScenario(
      'smtp',
      `sender-not-owned-at-${senderCheckedAt.toLowerCase()}`,
      'SenderNotOwned',
      `the mailbox has another address than the login; checked at ${senderCheckedAt}`,
      { tls: 'starttls', server: { senderCheckedAt }, client: { address: 'sales@example.test' } },
    ),
  ),
  buildScenario(
    'smtp',
    'sender-not-owned-at-content',
    'SendAsDenied',
    'the same, noticed only when the message is there',
    {
      tls: 'starttls',
      flavour: 'exchange',
      server: { senderCheckedAt: 'CONTENT' },
      account: { aliases: ['sales@example.test'] },
      client: { address: 'sales@example.test' },
      needs: ['message'],
    },
  ),
];

const byImap = { protocol: 'imap' } as const;

/** What can become of a message between sending it and finding it. */
export const roundTripScenarios: readonly Scenario[] = [
  buildScenario('smtp', 'message-lost', 'TestMessageNotFound', 'accepted, and never delivered', {
    server: { onDeliver: () => undefined },
    other: byImap,
    needs: ['roundTrip'],
  }),
  buildScenario('smtp', 'message-in-junk', 'TestMessageInJunk', 'delivered into Junk', {
    server: { onDeliver: (message) => ({ ...message, folder: 'Junk' }) },
    other: byImap,
    needs: ['roundTrip'],
  }),
  buildScenario('smtp', 'message-late', 'TestMessageDelayed', 'delivered when the gate opens', {
    server: ({ store, gate }: SetupContext) => ({
      onDeliver: ({ to, content }) => {
        void gate.pass().then(() => store.deliver(to, content));
        return undefined;
      },
    }),
    other: byImap,
    needs: ['roundTrip'],
  }),
  buildScenario(
    'smtp',
    'message-taken',
    'TestMessageTakenByFetcher',
    'delivered, and collected by another program at once',
    {
      server: ({ store }: SetupContext) => ({
        onDeliver: ({ to, content }) => {
          const { uid } = store.deliver(to, content);
          store.remove(store.folder(to), new Set([uid]));
          return undefined;
        },
      }),
      other: byImap,
      needs: ['roundTrip'],
    },
  ),
  buildScenario('smtp', 'sender-rewritten', 'SenderRewritten', 'delivered with the login as sender', {
    server: ({ address }: SetupContext) => ({
      senderCheckedAt: 'never',
      onDeliver: (message) => ({
        ...message,
        content: Buffer.from(message.content.toString('latin1').replace(/^From:.*$/im, `From: <${address}>`), 'latin1'),
      }),
    }),
    account: { aliases: ['sales@example.test'] },
    client: { address: 'sales@example.test' },
    other: byImap,
    needs: ['roundTrip'],
  }),
];
