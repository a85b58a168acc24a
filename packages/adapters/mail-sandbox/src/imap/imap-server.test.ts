import { ImapFlow } from 'imapflow';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../accounts/account.ts';
import { createMessageStore, type MessageStore } from '../accounts/message-store.ts';
import type { Certificates } from '../certificates/certificates.ts';
import { createCertificates } from '../certificates/create-certificates.ts';
import { base64, cramResponse, rawClient, type RawClient, scramClient } from '../test-support/raw-client.ts';
import type { RunningServer } from '../wire/line-server.ts';
import { startImapServer } from './imap-server.ts';
import type { ImapServerOptions } from './imap-settings.ts';

const ada: Account = {
  userName: 'ada',
  password: 'pa ss"w\\örd',
  tokens: ['ya29.ada'],
  address: 'ada@example.test',
  quota: { usedKiB: 90, limitKiB: 100 },
};
const grace: Account = { userName: 'grace', password: 'grace-secret', address: 'grace@example.test' };
const master: Account = {
  userName: 'master',
  password: 'm4ster-key',
  address: 'master@example.test',
  mayActFor: ['ada'],
};

let certificates: Certificates;
let store: MessageStore;
beforeAll(async () => {
  certificates = await createCertificates();
});
const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
const start = async (options: ImapServerOptions = {}): Promise<RunningServer> => {
  store = createMessageStore(42);
  const server = await startImapServer({
    tls: 'tls',
    certificate: certificates.leafs.good,
    accounts: [ada, grace, master],
    store,
    ...options,
  });
  running.push(server);
  return server;
};

const flow = (
  server: RunningServer,
  auth: { user: string; pass?: string; accessToken?: string; authzid?: string },
): ImapFlow => {
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.tls === 'tls',
    ...(server.tls === 'starttls' ? { doSTARTTLS: true } : {}),
    auth,
    tls: { ca: certificates.ca },
    logger: false,
  });
  client.on('error', () => undefined);
  return client;
};

const login = async (server: RunningServer, auth: Parameters<typeof flow>[1]): Promise<string> => {
  const client = flow(server, auth);
  try {
    await client.connect();
    await client.logout();
    return 'logged in';
  } catch (error) {
    const { serverResponseCode, responseText } = error as { serverResponseCode?: string; responseText?: string };
    return serverResponseCode ?? responseText ?? String(error);
  } finally {
    client.close();
  }
};

const tagged = async (client: RawClient, line: string): Promise<readonly string[]> => {
  client.send(line);
  const tag = line.split(' ')[0] ?? '';
  return client.until((answer) => answer.startsWith(`${tag} `) || answer.startsWith('+ '));
};
const last = (lines: readonly string[]): string => lines.at(-1) ?? 'nothing';

const loggedIn = async (server: RunningServer): Promise<RawClient> => {
  const client = await rawClient(server.port, { tls: true, ca: certificates.ca });
  await client.line();
  expect(last(await tagged(client, 'a0 LOGIN grace grace-secret'))).toMatch(/^a0 OK /);
  return client;
};

describe('imapflow', () => {
  test.each(['tls', 'starttls'] as const)('logs in over %s by every mechanism it knows', async (tls) => {
    for (const mechanisms of [['PLAIN'], ['LOGIN'], []] as const) {
      const server = await start({ tls, mechanisms });
      expect(await login(server, { user: 'ada', pass: ada.password })).toBe('logged in');
      expect(await login(server, { user: 'ada', pass: 'wrong' })).toBe('AUTHENTICATIONFAILED');
    }
    for (const mechanism of ['XOAUTH2', 'OAUTHBEARER'] as const) {
      const server = await start({ tls, mechanisms: [mechanism] });
      expect(await login(server, { user: 'ada', accessToken: 'ya29.ada' })).toBe('logged in');
      expect(await login(server, { user: 'ada', accessToken: 'ya29.eve' })).toBe('AUTHENTICATIONFAILED');
    }
  });

  test('acts for another mailbox when it is allowed to', async () => {
    const server = await start({ mechanisms: ['PLAIN'] });
    expect(await login(server, { user: 'master', pass: 'm4ster-key', authzid: 'ada' })).toBe('logged in');
    expect(await login(server, { user: 'master', pass: 'm4ster-key', authzid: 'grace' })).toBe('AUTHORIZATIONFAILED');
  });

  test('opens the inbox, reads, flags, searches and deletes', async () => {
    const server = await start();
    const content = 'From: "Grace H." <grace@example.test>\r\nSubject: Probe\r\nX-Probe: 4711\r\n\r\nBody\r\n';
    store.deliver('ada@example.test', 'Subject: Other\r\n\r\n');
    store.deliver('ada@example.test', content);
    store.folder('ada@example.test', 'Junk');
    const client = flow(server, { user: 'ada', pass: ada.password });
    await client.connect();

    const readOnly = await client.mailboxOpen('INBOX', { readOnly: true });
    expect([readOnly.exists, readOnly.uidValidity, readOnly.uidNext, readOnly.readOnly]).toEqual([2, 42n, 3, true]);
    expect(await client.status('INBOX', { messages: true, unseen: true })).toMatchObject({ messages: 2, unseen: 2 });
    expect(await client.getQuota('INBOX')).toMatchObject({ storage: { usage: 90 * 1024, limit: 100 * 1024 } });
    expect((await client.list()).map(({ path, specialUse }) => [path, specialUse])).toEqual([
      ['INBOX', '\\Inbox'],
      ['Junk', '\\Junk'],
    ]);

    await client.mailboxOpen('INBOX');
    expect(await client.search({ header: { 'x-probe': '4711' } }, { uid: true })).toEqual([2]);
    const message = await client.fetchOne(
      '2',
      { uid: true, envelope: true, headers: ['x-probe'], source: true, size: true },
      { uid: true },
    );
    if (message === false) throw new Error('the message is there');
    expect(message.envelope).toMatchObject({
      subject: 'Probe',
      from: [{ name: 'Grace H.', address: 'grace@example.test' }],
    });
    expect(message.headers?.toString()).toContain('X-Probe: 4711');
    expect([message.source?.toString(), message.size]).toEqual([content, content.length]);
    await client.messageFlagsAdd('2', ['\\Seen'], { uid: true });
    expect(await client.search({ seen: true }, { uid: true })).toEqual([2]);
    await client.messageDelete('2', { uid: true });
    expect(store.folder('ada@example.test').messages.map(({ uid }) => uid)).toEqual([1]);

    const arrived = new Promise((resolve) => client.once('exists', resolve));
    store.deliver('ada@example.test', 'Subject: New\r\n\r\n');
    await client.noop();
    expect(await arrived).toMatchObject({ count: 2, prevCount: 1 });
    await client.logout();
  });
});

describe('a conversation', () => {
  test('CRAM-MD5, SCRAM-SHA-256, and the initial response', async () => {
    const server = await start();
    const client = async (): Promise<RawClient> => rawClient(server.port, { tls: true, ca: certificates.ca });

    const cram = await client();
    await cram.line();
    const challenge = last(await tagged(cram, 'a1 AUTHENTICATE CRAM-MD5')).slice(2);
    cram.send(cramResponse('grace', 'grace-secret', challenge));
    expect(await cram.line()).toMatch(/^a1 OK /);
    await cram.close();

    const scram = await client();
    await scram.line();
    const side = scramClient('grace', 'grace-secret');
    scram.send('a1 AUTHENTICATE SCRAM-SHA-256', side.first);
    await scram.line();
    scram.send(side.final((await scram.line())?.slice(2) ?? ''));
    expect(side.verified((await scram.line())?.slice(2) ?? '')).toBe(true);
    scram.send('');
    expect(await scram.line()).toMatch(/^a1 OK /);
    await scram.close();

    const plain = await client();
    await plain.line();
    expect(last(await tagged(plain, `a1 AUTHENTICATE PLAIN ${base64('\0grace\0wrong')}`))).toMatch(
      /^a1 NO \[AUTHENTICATIONFAILED\]/,
    );
    expect(last(await tagged(plain, `a2 AUTHENTICATE PLAIN ${base64('\0grace\0grace-secret')}`))).toMatch(/^a2 OK /);
    await plain.close();
    expect(JSON.stringify(server.transcript.entries)).not.toContain(base64('\0grace\0grace-secret'));
  });

  test('takes user name and password as literals, and shows none of it', async () => {
    const server = await start();
    const client = await rawClient(server.port, { tls: true, ca: certificates.ca });
    await client.line();
    expect(last(await tagged(client, 'a1 LOGIN {5}'))).toMatch(/^\+ /);
    client.send('grace {12+}', 'grace-secret');
    expect(await client.line()).toMatch(/^a1 OK /);
    await client.close();
    const seen = JSON.stringify(server.transcript.entries);
    expect(seen).not.toContain('grace');
  });

  test('before STARTTLS there is LOGINDISABLED, and the password is refused', async () => {
    const server = await start({ tls: 'starttls' });
    const client = await rawClient(server.port);
    expect(await client.line()).toMatch(/^\* OK \[CAPABILITY IMAP4rev1 .*STARTTLS LOGINDISABLED/);
    expect(last(await tagged(client, 'a1 LOGIN grace grace-secret'))).toMatch(/^a1 NO \[PRIVACYREQUIRED\]/);
    expect(last(await tagged(client, 'a2 STARTTLS'))).toMatch(/^a2 OK /);
    await client.secure(certificates.ca);
    expect((await tagged(client, 'a3 CAPABILITY'))[0]).toMatch(/AUTH=PLAIN/);
    expect(last(await tagged(client, 'a4 LOGIN grace grace-secret'))).toMatch(/^a4 OK /);
    await client.close();
  });

  test('other people’s folders open for those who may act for them', async () => {
    const server = await start();
    const client = await rawClient(server.port, { tls: true, ca: certificates.ca });
    await client.line();
    await tagged(client, 'a1 LOGIN master m4ster-key');
    expect(await tagged(client, 'a2 NAMESPACE')).toContain('* NAMESPACE (("" "/")) (("user/" "/")) NIL');
    expect(last(await tagged(client, 'a3 EXAMINE user/ada@example.test/INBOX'))).toMatch(/^a3 OK \[READ-ONLY\]/);
    expect(last(await tagged(client, 'a4 EXAMINE user/grace@example.test'))).toMatch(/^a4 NO \[NONEXISTENT\]/);
    await client.close();
  });

  test('another program’s changes are told in order', async () => {
    const server = await start();
    for (const subject of ['1', '2', '3']) store.deliver(grace.address, `Subject: ${subject}\r\n\r\n`);
    const client = await loggedIn(server);
    expect(await tagged(client, 'a1 SELECT INBOX')).toContain('* 3 EXISTS');
    store.remove(store.folder(grace.address), new Set([1, 3]));
    store.deliver(grace.address, 'Subject: 4\r\n\r\n');
    expect(await tagged(client, 'a2 NOOP')).toEqual([
      '* 3 EXPUNGE',
      '* 1 EXPUNGE',
      '* 2 EXISTS',
      'a2 OK NOOP completed.',
    ]);
    expect(await tagged(client, 'a3 UID SEARCH NOT SUBJECT 4 UID 1:*')).toContain('* SEARCH 2');
    expect(await tagged(client, 'a4 FETCH 1:* (UID)')).toEqual([
      '* 1 FETCH (UID 2)',
      '* 2 FETCH (UID 4)',
      'a4 OK Fetch completed.',
    ]);
    await client.close();
  });

  test('refuses what is not there, and goes on', async () => {
    const server = await start({ idRequired: 'SELECT Unsafe Login.' });
    const client = await loggedIn(server);
    expect(last(await tagged(client, 'a1 SELECT INBOX'))).toBe('a1 NO SELECT Unsafe Login.');
    expect(last(await tagged(client, 'a2 ID NIL'))).toMatch(/^a2 OK /);
    expect(last(await tagged(client, 'a3 SELECT Missing'))).toBe("a3 NO [NONEXISTENT] Mailbox doesn't exist: Missing");
    expect(last(await tagged(client, 'a4 FETCH 1 (UID)'))).toMatch(/^a4 BAD /);
    expect(last(await tagged(client, 'a5 BANANA'))).toMatch(/^a5 BAD /);
    expect(last(await tagged(client, 'a6 EXAMINE INBOX'))).toMatch(/^a6 OK /);
    expect(last(await tagged(client, 'a7 EXPUNGE'))).toMatch(/^a7 NO \[READ-ONLY\]/);
    client.send('(((', 'a8 LOGOUT');
    expect(await client.until((line) => line.startsWith('a8 '))).toEqual([
      '* BAD Error in IMAP command received by server.',
      '* BYE Logging out',
      'a8 OK Logout completed.',
    ]);
    await client.closed;
  });
});
