import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailboxIdOf, OrganizationId, privileges } from '@mailroom/domain';
import {
  behaviour,
  createAccounts,
  createCertificates,
  createMessageStore,
  type SmtpServerOptions,
  startImapServer,
  startSmtpServer,
} from '@mailroom/mail-sandbox';
import { expect, test } from 'vitest';
import { openMailroom } from './open-mailroom.ts';
import { orThrow } from './or-throw.ts';

const certificates = createCertificates();
const [address, password] = ['ada@example.test', 'open-sesame-0815'];
const organizationId = OrganizationId.orThrow('org-1');
const mailboxId = mailboxIdOf(organizationId, 'user', 'ada');

type BehaviourName = Parameters<typeof behaviour>[0];

interface Sandbox {
  readonly smtp?: Partial<SmtpServerOptions>;
  readonly smtpBehaviour?: BehaviourName;
  readonly imapBehaviour?: BehaviourName;
  readonly testMessage?: boolean;
}

/** What Mailroom tells of Ada's mailbox after Test & Enable, and what lies in it then. */
const tested = async ({ smtp = {}, smtpBehaviour, imapBehaviour, testMessage = true }: Sandbox) => {
  const { ca, leafs } = await certificates;
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-message-'));
  const store = createMessageStore();
  store.deliver(address, 'Subject: Another\r\nMessage-ID: <another@example.test>\r\n\r\nStays.\r\n');
  const accountsWith = (name: BehaviourName | undefined) => {
    const account = { userName: address, password, address };
    return createAccounts([name === undefined ? account : { ...account, behaviours: [behaviour(name)] }]);
  };
  const common = { store, tls: 'tls', certificate: leafs.good } as const;
  const sending = await startSmtpServer({ ...common, ...smtp, accounts: accountsWith(smtpBehaviour) });
  const reading = await startImapServer({ ...common, accounts: accountsWith(imapBehaviour) });
  const mailroom = await openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
    deployment: { allowedAddresses: ['127.0.0.0/8'], trustedCertificates: [ca] },
    testMessagePatienceMs: 0,
  });
  try {
    const me = mailroom.as({ id: 'admin', organizationId, privileges });
    const servers = {
      incoming: { host: reading.host, port: reading.port, tls: reading.tls },
      outgoing: { host: sending.host, port: sending.port, tls: sending.tls },
    };
    const profile = await me.execute({ type: 'CreateProfile', name: 'Mail', serverType: 'imap-smtp', ...servers });
    const { profileId } = orThrow(profile).result;
    const methods = { incoming: 'serverSide', outgoing: 'serverSide', act: 'none' } as const;
    const box = { type: 'RegisterMailbox', kind: 'user', regardingId: 'ada', name: 'Ada', address, profileId } as const;
    orThrow(await me.execute({ ...box, ...methods }));
    orThrow(await me.execute({ type: 'SetMailboxCredentials', mailboxId, userName: address, password }));
    orThrow(await me.execute({ type: 'TestAndEnable', mailboxIds: [mailboxId], testMessage }));
    await mailroom.idle();
    const [row] = orThrow(await me.find('mailboxes', { where: { mailboxId } })).rows;
    const history = orThrow(await me.find('history', { record: { kind: 'mailbox', id: mailboxId } })).rows;
    const told = history.flatMap(({ type, text }) => (type.startsWith('TestMessage') ? [text.sentence] : []));
    const left = store.folder(address).messages.map(({ content }) => /^Subject: (.*)$/im.exec(String(content))?.[1]);
    return { row, told, left: left.map((subject) => subject?.trim()) };
  } finally {
    await mailroom.close();
    await sending.close();
    await reading.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const works = { incoming: { status: 'success', enabled: true }, outgoing: { status: 'success', enabled: true } };

test('a test message travels from the mailbox to itself, is removed, and is told of apart', async () => {
  const { row, told, left } = await tested({});
  expect(row?.channels).toMatchObject(works);
  expect(row?.testMessage).toMatchObject({ outcome: 'delivered', kind: null, advice: null });
  expect(told.at(-1)).toBe(row?.testMessage?.text.sentence);
  expect(told).toHaveLength(2);
  expect(left).toEqual(['Another']);
});

test('nobody is sent a message that was not asked for', async () => {
  const { row, told, left } = await tested({ testMessage: false });
  expect(row?.channels).toMatchObject(works);
  expect(row?.testMessage).toBeNull();
  expect(told).toEqual([]);
  expect(left).toEqual(['Another']);
});

test.each([
  ['is never delivered', { smtp: { onDeliver: () => undefined } }, 'notFound', 'TestMessageNotFound'],
  ['the server refuses', { smtpBehaviour: 'smtp-content-rejected' }, 'refused', 'ContentRejected'],
  ['cannot be removed', { imapBehaviour: 'imap-cleanup-fails' }, 'notCleaned', 'CleanupFailed'],
] as const)('a message that %s fails no test', async (_what, sandbox, outcome, kind) => {
  const { row, told } = await tested(sandbox);
  expect(row?.channels).toMatchObject(works);
  expect(row?.testMessage).toMatchObject({ outcome, kind });
  expect(row?.testMessage?.advice?.sentence).toMatch(/\.$/);
  expect(row?.testMessage?.advice?.sentence).not.toContain('{');
  expect(told.at(-1)).toBe(row?.testMessage?.text.sentence);
});
