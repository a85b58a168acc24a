import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Account } from './accounts/account.ts';
import { startImapServer } from './imap/imap-server.ts';
import { startPop3Server } from './pop3/pop3-server.ts';
import { startSmtpServer } from './smtp/smtp-server.ts';
import { base64, rawClient } from './test-support/raw-client.ts';
import type { RunningServer } from './wire/line-server.ts';

const ada: Account = { userName: 'ada', password: 'pw', address: 'ada@example.test', tokens: ['t'] };
const servers: Readonly<Record<string, RunningServer>> = {
  smtp: await startSmtpServer({ accounts: [ada] }),
  imap: await startImapServer({ accounts: [ada] }),
  pop3: await startPop3Server({ accounts: [ada] }),
};
afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));

const mechanism = fc.constantFrom('PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER', 'NTLM', '');
const blob = fc.oneof(
  fc.string({ unit: 'binary' }).map(base64),
  fc.constantFrom(
    '',
    '=',
    '*',
    base64('n,,n=ada,r=abc'),
    base64('c=biws,r=abc,p=x'),
    base64('\0ada\0pw'),
    base64('a\0b\0c\0d'),
  ),
);
const words: Readonly<Record<string, readonly string[]>> = {
  smtp: [
    'EHLO x',
    'STARTTLS',
    'MAIL FROM:<ada@example.test>',
    'MAIL FROM:',
    'RCPT TO:<ada@example.test>',
    'DATA',
    '.',
    'RSET',
  ],
  imap: [
    'a LOGIN ada pw',
    'a LOGIN {2}',
    'a LOGIN {99999999999}',
    'a SELECT INBOX',
    'a FETCH 1:* (BODY[HEADER.FIELDS (A)] ENVELOPE BODYSTRUCTURE)',
    'a UID STORE *:1,,: +FLAGS (\\Deleted (x))',
    'a SEARCH OR NOT',
    'a LIST "" "(*["',
    'a STATUS INBOX',
    'a UID',
    '(',
  ],
  pop3: [
    'CAPA',
    'STLS',
    'USER ada',
    'PASS pw',
    'APOP',
    'APOP ada x',
    'STAT',
    'LIST -1',
    'UIDL x',
    'TOP 1 -5',
    'RETR',
    'DELE 1',
  ],
};

test.each(Object.keys(servers))(
  '%s: whatever a client sends, no session fails and the next client is served',
  async (protocol) => {
    const server = servers[protocol];
    if (server === undefined) throw new Error('the server runs');
    const auth = { smtp: 'AUTH', imap: 'a AUTHENTICATE', pop3: 'AUTH' }[protocol] ?? '';
    const line = fc.oneof(
      fc.constantFrom(...(words[protocol] ?? [])),
      fc.tuple(mechanism, blob).map(([name, data]) => `${auth} ${name} ${data}`),
      mechanism.map((name) => `${auth} ${name}`),
      blob,
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 25 }), async (lines) => {
        const client = await rawClient(server.port);
        client.send(...lines);
        client.finish();
        await client.closed;
      }),
      { numRuns: 150 },
    );
    const next = await rawClient(server.port);
    expect(await next.line()).toMatch(/^(220|\* OK|\+OK) /);
    await next.close();
  },
);
