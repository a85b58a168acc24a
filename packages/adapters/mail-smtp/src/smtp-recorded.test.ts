import { EmailAddress, Host, Secret } from '@mailroom/domain';
import { createConnector } from '@mailroom/mail-check';
import { afterEach, describe, expect, it } from 'vitest';
import { smtpProbe } from './smtp-probe.ts';
import { type RawServer, startRawServer } from './test-support/raw-server.ts';

const connector = createConnector({
  policy: {
    allowedAddresses: ['127.0.0.0/8'],
    trustedCertificates: [],
    ports: 'unrestricted',
    allowUnencrypted: true,
    allowBasicAuthenticationUnencrypted: true,
  },
});

let server: RawServer;
afterEach(() => server.close());

/** What a server says at the beginning, and to each command; a line that is none answers a challenge. */
type Conversation = Readonly<Record<string, string>>;

const check = async (conversation: Conversation) => {
  server = await startRawServer((socket, heard) => {
    const command = heard === null ? 'greeting' : (heard.split(/[ :]/)[0] ?? '').toUpperCase();
    const said = conversation[command] ?? conversation['challenge'] ?? '502 5.5.1 Command not implemented';
    socket.write(`${said}\r\n`);
  });
  return smtpProbe({ connector }).check(
    {
      protocol: 'smtp',
      host: Host.orThrow('127.0.0.1'),
      port: server.port,
      tls: 'none',
      mechanism: 'basic',
      address: EmailAddress.orThrow('ada@example.test'),
      loginTemplate: null,
      folderTemplate: null,
      deadlineMs: 30_000,
    },
    { userName: 'ada@example.test', secret: new Secret('pw-0815-pw'), kind: 'password', ofProfile: false },
  );
};

const session: Conversation = {
  greeting: '220 mail.example.test ESMTP',
  EHLO: '250-mail.example.test\r\n250-SIZE 52428800\r\n250 AUTH PLAIN LOGIN',
  AUTH: '235 2.7.0 Authentication successful',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  RSET: '250 2.0.0 Ok',
  QUIT: '221 2.0.0 Bye',
};

describe('servers with ways of their own', () => {
  it.each<readonly [string, Conversation]>([
    ['that greet over several lines', { greeting: '220-mail.example.test\r\n220-No spam here.\r\n220 ready' }],
    [
      'that write the list of mechanisms in the old way',
      { EHLO: '250-mail\r\n250-size 1000000\r\n250 auth=login plain' },
    ],
    ['that take no initial response', { AUTH: '334 ', challenge: '235 ok' }],
    ['that answer without enhanced codes, or without any text', { AUTH: '235', MAIL: '250', RCPT: '250', RSET: '250' }],
    ['that say that they will forward', { RCPT: '251 User not local; will forward' }],
    ['that do not take the question back', { RSET: '502 Command not implemented' }],
    ['that take several commands at once', { EHLO: '250-mail\r\n250-PIPELINING\r\n250 AUTH PLAIN' }],
  ])('are understood: %s', async (_name, conversation) => {
    expect((await check({ ...session, ...conversation })).failure).toBeNull();
  });

  it.each<readonly [string, Conversation, string]>([
    ['Exim', { AUTH: '535 Incorrect authentication data' }, 'InvalidCredentials'],
    ['Courier', { AUTH: '535 Authentication failed.' }, 'InvalidCredentials'],
    ['OpenSMTPD', { AUTH: '535 Authentication failed' }, 'InvalidCredentials'],
    [
      'OpenSMTPD, without an address of its own',
      { RCPT: '550 Invalid recipient: <ada@example.test>' },
      'RecipientRejected',
    ],
    ['Exchange', { AUTH: '535 5.7.3 Authentication unsuccessful' }, 'InvalidCredentials'],
    ['James', { AUTH: '535 Authentication Failed' }, 'InvalidCredentials'],
    ['Stalwart', { AUTH: '535 5.7.8 Authentication credentials invalid.' }, 'InvalidCredentials'],
    ['Sendmail', { AUTH: '535 5.7.0 authentication failed' }, 'InvalidCredentials'],
    ['Sendmail, that relays nothing', { RCPT: '550 5.7.1 <ada@example.test>... Relaying denied' }, 'RelayDenied'],
    ['Exim, that relays nothing', { RCPT: '550 relay not permitted' }, 'RelayDenied'],
    ['qmail', { RCPT: "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)" }, 'RelayDenied'],
    ['Exim, that greets late', { greeting: '421 too many connections from that host' }, 'ConnectionLimit'],
  ])('are understood when they refuse: %s', async (_name, conversation, kind) => {
    expect((await check({ ...session, ...conversation })).failure?.kind).toBe(kind);
  });
});
