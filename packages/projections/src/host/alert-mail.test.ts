import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, mailboxIdOf, privileges } from '@mailroom/domain';
import { sqliteEventStore } from '@mailroom/event-store-sqlite';
import {
  type Certificates,
  closedPort,
  createCertificates,
  createMessageStore,
  type MessageStore,
  type RunningServer,
  startSmtpServer,
} from '@mailroom/mail-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AlertMailOptions } from './load-alert-mail.ts';
import type { Mailroom } from './mailroom.ts';
import { openMailroom } from './open-mailroom.ts';
import { orThrow } from './or-throw.ts';

// The whole way: most mailboxes of a profile fail, and a mail arrives at a real server.

const owner = 'grace';
const users = ['grace', 'ada', 'mary'];
const address = 'grace@example.test';
const password = 'the alert password';

let certificates: Certificates;
let server: RunningServer;
let mail: MessageStore;
let folder: string;
const opened: Mailroom[] = [];

beforeAll(async () => {
  certificates = await createCertificates();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-alert-'));
  mail = createMessageStore();
  server = await startSmtpServer({
    tls: 'starttls',
    certificate: certificates.leafs.good,
    accounts: [
      { userName: 'mailroom', password, address: 'mailroom@example.test' },
      { userName: owner, password: 'own', address },
    ],
    store: mail,
  });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((mailroom) => mailroom.close()));
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
const open = async (
  more: { readonly store?: EventStore; readonly alertMail?: AlertMailOptions } = {},
): Promise<Mailroom> => {
  const through = { host: 'localhost', port: server.port, tls: 'starttls', from: 'mailroom@example.test' } as const;
  const mailroom = await openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
    deployment: {
      allowedAddresses: ['127.0.0.0/8', '::1/128'],
      trustedCertificates: [certificates.ca],
      retry: { firstDelaySeconds: 3600, attempts: 10, uncertainAttempts: 2 },
    },
    alertMail: { through: { ...through, userName: 'mailroom', password: { env: 'ALERT_MAIL_PASSWORD_OF_A_TEST' } } },
    ...more,
  });
  opened.push(mailroom);
  return mailroom;
};

const as = (mailroom: Mailroom) => mailroom.as({ id: owner, organizationId: 'org-1', privileges });

/** A profile whose server is not there, with three mailboxes; all of them are tested. */
const failing = async (mailroom: Mailroom): Promise<void> => {
  const port = await closedPort();
  const incoming = { host: '127.0.0.1', port, tls: 'tls', credentials: 'mailbox' } as const;
  const profile = {
    type: 'CreateProfile',
    name: 'Support',
    serverType: 'imap-smtp',
    incoming,
    alertMail: true,
  } as const;
  const { profileId } = orThrow(await as(mailroom).execute(profile)).result;
  for (const user of users) {
    const box = { type: 'RegisterMailbox', kind: 'user', regardingId: user, name: user } as const;
    const settings = { profileId, incoming: 'serverSide', address: `${user}@example.test` } as const;
    const { mailboxId } = orThrow(await as(mailroom).execute({ ...box, ...settings })).result;
    const credentials = { type: 'SetMailboxCredentials', userName: user, password: 'pw' } as const;
    orThrow(await as(mailroom).execute({ ...credentials, mailboxId }));
  }
  const mailboxIds = users.map((user) => mailboxIdOf('org-1', 'user', user));
  orThrow(await as(mailroom).execute({ type: 'TestAndEnable', mailboxIds }));
};

const contents = (): readonly string[] => mail.folder(address).messages.map(({ content }) => content.toString('utf8'));
const messageIds = (): readonly string[] => contents().map((text) => /^Message-ID: (.*)$/im.exec(text)?.[1] ?? '');

/** What the trail says of alert mail. */
const told = async (mailroom: Mailroom): Promise<readonly string[]> => {
  const page = orThrow(await as(mailroom).find('history', { limit: 1000 }));
  return page.rows.filter(({ type }) => type.startsWith('AlertMail')).map(({ text }) => text.sentence);
};

test('the owner gets one mail, over the server of the deployment, and the trail tells of it', async () => {
  process.env['ALERT_MAIL_PASSWORD_OF_A_TEST'] = password;
  const mailroom = await open();
  await failing(mailroom);
  await mail.delivered(address);
  await mailroom.idle();
  expect(contents()).toHaveLength(1);
  expect(contents()[0]).toContain('Support');
  expect(server.transcript.lines('client').join('\n')).toContain('STARTTLS');
  expect(await told(mailroom)).toEqual([
    expect.stringContaining('More than half'),
    'The owner of this profile was told by mail (to 1).',
  ]);
});

test('killed between the mail and the record of it, the next process sends the same message again, once', async () => {
  process.env['ALERT_MAIL_PASSWORD_OF_A_TEST'] = password;
  const file = sqliteEventStore({ file: join(folder, 'events.db') });
  const dying: EventStore = {
    ...file,
    append: (stream, expected, events) =>
      events.some(({ type }) => type === 'AlertMailSent')
        ? async () => E.left({ _tag: 'StoreUnavailable', cause: 'killed' })
        : file.append(stream, expected, events),
  };
  const first = await open({ store: dying });
  await failing(first);
  await mail.delivered(address);
  await first.close();
  await file.close();
  const before = contents().length;

  const second = await open();
  await mail.delivered(address, ({ uid }) => uid > before);
  await second.idle();
  expect(contents()).toHaveLength(before + 1);
  expect(new Set(messageIds()).size).toBe(1);
  expect(messageIds()[0]).toMatch(/^<[0-9a-f-]{36}@example\.test>$/);
  expect(await told(second)).toHaveLength(2);

  // Started again, nothing is owed any more.
  await second.close();
  const third = await open();
  await third.idle();
  expect(contents()).toHaveLength(before + 1);
});

test('without a mail server the trail says that nobody was told', async () => {
  const mailroom = await openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
    deployment: { allowedAddresses: ['127.0.0.0/8'] },
  });
  opened.push(mailroom);
  await failing(mailroom);
  await mailroom.idle();
  expect((await told(mailroom)).at(-1)).toContain('has no mail server');
});

test('settings that cannot be are told when Mailroom is opened, by field', async () => {
  const wrong = { host: 'localhost:25', from: 'nobody' };
  await expect(open({ alertMail: { through: wrong } })).rejects.toThrow(/alert mail cannot be opened: host: .*from: /);
  await expect(open({ alertMail: { through: { ...wrong, host: 'localhost' }, fallback: ['x'] } })).rejects.toThrow(
    'fallback',
  );
});

test('a mail server on a port that the policy closes is refused when Mailroom is opened', async () => {
  const through = { host: 'mail.example.org', port: 25, from: 'mailroom@example.test' };
  const opening = openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
    deployment: { ports: 'commercial-2025' },
    alertMail: { through },
  });
  await expect(opening).rejects.toThrow(
    'alert mail cannot be opened: port: expected one that the port policy of this deployment opens',
  );
});
