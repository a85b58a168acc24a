import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createAccounts,
  createCertificates,
  createMessageStore,
  startImapServer,
  startPop3Server,
  startSmtpServer,
} from '@mailroom/mail-sandbox';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './program.ts';

const address = 'ada@example.test';
const password = 'open-sesame-0815';
const certificates = createCertificates();

/** Servers that share one mailbox, in which a message of somebody else lies. */
const servers = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-round-trip-'));
  const { ca, leafs } = await certificates;
  writeFileSync(join(folder, 'ca.pem'), ca);
  const store = createMessageStore();
  store.deliver(address, 'Subject: Another\r\nMessage-ID: <another@example.test>\r\n\r\nStays.\r\n');
  const accounts = createAccounts([{ userName: address, password, address }]);
  const options = { accounts, store, tls: 'tls', certificate: leafs.good } as const;
  const started = {
    smtp: await startSmtpServer(options),
    imap: await startImapServer(options),
    pop3: await startPop3Server(options),
  };
  onTestFinished(async () => {
    for (const server of Object.values(started)) await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const subjects = () =>
    store.folder(address).messages.map(({ content }) => /^Subject: (.*)\r$/m.exec(String(content))?.[1]);
  return { ...started, ca: join(folder, 'ca.pem'), subjects };
};

const check = async (
  { smtp, ca }: Pick<Awaited<ReturnType<typeof servers>>, 'smtp' | 'ca'>,
  more: readonly string[],
  secret = password,
) => {
  let out = '';
  let error = '';
  const at = ['check', 'smtp', smtp.host, String(smtp.port), '--tls', 'tls', '--user', address];
  const code = await run([...at, '--password-env', 'ADA', '--ca', ca, '--allow', '127.0.0.0/8', ...more], {
    out: (text) => (out += text),
    error: (text) => (error += text),
    env: { ADA: secret },
    isTerminal: false,
    signal: new AbortController().signal,
  });
  return { code, out, error };
};

interface Document {
  readonly verdict: string;
  readonly roundTrip?: {
    readonly sent: readonly { readonly step: string }[] | null;
    readonly found: readonly { readonly step: string }[] | null;
  };
}

test.each(['imap', 'pop3'] as const)(
  'a message goes out, is found by %s and removed, and nothing else is touched',
  async (protocol) => {
    const running = await servers();
    const { host, port } = running[protocol];
    const way = ['--round-trip', `${protocol}://${host}:${port}`];
    const { code, out } = await check(running, [...way, '--json']);
    const document = JSON.parse(out) as Document;
    expect({ code, document }).toMatchObject({
      code: 0,
      document: { verdict: 'passed', roundTrip: { verdict: 'passed', kind: null, warnings: [] } },
    });
    expect(document.roundTrip?.sent?.map(({ step }) => step)).toContain('data');
    expect(document.roundTrip?.found?.map(({ step }) => step)).toEqual(expect.arrayContaining(['find', 'cleanup']));
    expect(running.subjects()).toEqual(['Another']);

    const words = await check(running, way);
    expect(words.code).toBe(0);
    expect(words.out).toMatch(/Test message "Mailroom test .*"/);
    expect(words.out).toContain('It arrived');
    expect(running.subjects()).toEqual(['Another']);
  },
);

test('what becomes of the message does not change the answer: a mailbox that cannot be looked into gets none', async () => {
  const running = await servers();
  const { host, port } = running.imap;
  await running.imap.close();
  const way = ['--round-trip', `imap://${host}:${port}`];
  const { code, out } = await check(running, [...way, '--json']);
  expect({ code, document: JSON.parse(out) as Document }).toMatchObject({
    code: 0,
    document: {
      verdict: 'passed',
      roundTrip: { verdict: 'failed', kind: 'ConnectionRefused', field: 'port', sent: null },
    },
  });
  expect((await check(running, way)).out).toContain('ConnectionRefused.');
  expect(running.subjects()).toEqual(['Another']);
});

test('after a check that has failed nothing is sent, and the document says so', async () => {
  const running = await servers();
  const way = ['--round-trip', `imap://${running.imap.host}:${running.imap.port}`];
  const { code, out } = await check(running, [...way, '--json'], 'wrong');
  expect({ code, document: JSON.parse(out) as Document }).toMatchObject({
    code: 1,
    document: {
      verdict: 'failed',
      kind: 'InvalidCredentials',
      roundTrip: { verdict: 'notRun', kind: null, subject: null, sent: null, found: null },
    },
  });
  expect((await check(running, way, 'wrong')).out).toContain('not sent');
  expect(running.subjects()).toEqual(['Another']);
});

test('unless it is asked for, the document says nothing of a message, and there is none', async () => {
  const running = await servers();
  const { code, out } = await check(running, ['--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).not.toHaveProperty('roundTrip');
  expect(running.subjects()).toEqual(['Another']);
});

test.each(['mail.example.test', 'smtp://mail.example.test', 'imap://', 'imap://h:0', 'imap://h:1:2', 'pop3://a b'])(
  '%j is no server to find a message at',
  async (server) => {
    const { code, out, error } = await check(
      { smtp: { host: 'mail.example.test', port: 465 }, ca: '' } as Parameters<typeof check>[0],
      ['--round-trip', server],
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain('--round-trip: expected imap://HOST[:PORT] or pop3://HOST[:PORT]');
  },
);

test('only what sends can be asked for a round trip', async () => {
  let error = '';
  const args = ['check', 'imap', 'mail.example.test', '--user', address, '--password-env', 'ADA'];
  const code = await run([...args, '--round-trip', 'imap://[2001:db8::1]:993'], {
    out: () => undefined,
    error: (text) => (error += text),
    env: { ADA: password },
    isTerminal: false,
    signal: new AbortController().signal,
  });
  expect(code).toBe(2);
  expect(error).toContain('--round-trip: expected only with smtp');
  expect(error).not.toContain('HOST[:PORT]');
});
