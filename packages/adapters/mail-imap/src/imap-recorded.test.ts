import { EmailAddress, Host, Secret } from '@mailroom/domain';
import { createConnector } from '@mailroom/mail-check';
import { afterEach, describe, expect, it } from 'vitest';
import { imapProbe } from './imap-probe.ts';
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

/** What a server says at the beginning, and to each command; `{tag}` is the command's. */
type Conversation = Readonly<Record<string, string>>;

const check = async (conversation: Conversation) => {
  let last = '';
  server = await startRawServer((socket, heard) => {
    const [first = '', command = ''] = (heard ?? '').split(' ');
    const tag = command === '' ? last : first;
    last = tag;
    const said = heard === null ? conversation['greeting'] : conversation[command.toUpperCase()];
    // A line that is no command answers a challenge.
    const answer = said ?? (heard !== null && command === '' ? conversation['challenge'] : '{tag} BAD Unknown command');
    socket.write(`${(answer ?? '').replaceAll('{tag}', tag)}\r\n`);
  });
  return imapProbe({ connector }).check(
    {
      protocol: 'imap',
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

/** Afterwards, as every server does it. */
const session: Conversation = {
  NAMESPACE: '* NAMESPACE (("" "/")) NIL NIL\r\n{tag} OK done',
  LIST: '* LIST () "/" INBOX\r\n{tag} OK done',
  LSUB: '{tag} OK done',
  EXAMINE: '* FLAGS ()\r\n* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok\r\n{tag} OK [READ-ONLY] done',
  STATUS: '* STATUS INBOX (MESSAGES 3 UNSEEN 1)\r\n{tag} OK done',
  LOGOUT: '* BYE\r\n{tag} OK done',
};

describe('servers with ways of their own', () => {
  it.each<readonly [string, Conversation]>([
    [
      'that write in small letters',
      {
        greeting: '* ok ready',
        CAPABILITY: '* capability imap4rev1\r\n{tag} ok done',
        LOGIN: '{tag} ok in',
        EXAMINE: '* flags ()\r\n* 3 exists\r\n* ok [uidvalidity 7] ok\r\n{tag} ok [read-only] done',
        STATUS: '* status inbox (messages 3 unseen 1)\r\n{tag} ok done',
      },
    ],
    [
      'that tell what they can do in the answer to the login, and say things in between',
      {
        greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 LITERAL+] ready',
        AUTHENTICATE: '+ ',
        challenge:
          '* OK Note: maintenance tonight\r\n* NO [ALERT] You have little space left\r\n{tag} OK [CAPABILITY IMAP4rev1 QUOTA] in',
        GETQUOTAROOT: '* QUOTAROOT INBOX ""\r\n* QUOTA "" (STORAGE 10 512)\r\n{tag} OK done',
      },
    ],
    [
      'that tell what they can do on a line of its own after the login, and challenge without a space',
      {
        greeting: '* OK IMAP4 ready',
        CAPABILITY: '* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN SASL-IR-NOT\r\n{tag} OK done',
        AUTHENTICATE: '+',
        challenge: '* CAPABILITY IMAP4rev1 ID\r\n{tag} OK in',
        ID: '* ID NIL\r\n{tag} OK done',
      },
    ],
    [
      'that refuse ID, quota and namespaces although they announce them',
      {
        greeting: '* OK [CAPABILITY IMAP4rev1 ID QUOTA NAMESPACE] ready',
        LOGIN: '{tag} OK in',
        CAPABILITY: '* CAPABILITY IMAP4rev1 ID QUOTA NAMESPACE\r\n{tag} OK done',
        ID: '{tag} NO not today',
        NAMESPACE: '{tag} BAD what',
        GETQUOTAROOT: '{tag} NO [NONEXISTENT] No such quota root',
      },
    ],
  ])('are understood: %s', async (_name, conversation) => {
    const report = await check({ ...session, ...conversation });
    expect(report.failure).toBeNull();
    expect(report.steps.find(({ step }) => step === 'select')?.detail).toBe('INBOX: 3 messages, UIDVALIDITY 7');
  });

  it.each<readonly [string, Conversation, string]>([
    ['Cyrus', { LOGIN: '{tag} NO Login failed: authentication failure' }, 'InvalidCredentials'],
    ['Courier', { LOGIN: '{tag} NO Login failed.' }, 'InvalidCredentials'],
    ['Exchange', { LOGIN: '{tag} NO LOGIN failed.' }, 'InvalidCredentials'],
    ['Stalwart', { LOGIN: '{tag} NO [AUTHENTICATIONFAILED] Authentication failed' }, 'InvalidCredentials'],
    ['James', { LOGIN: '{tag} NO LOGIN failed. Invalid login/password.' }, 'InvalidCredentials'],
    ['Cyrus, overloaded', { greeting: '* BYE Server too busy, try again later' }, 'ServerTemporarilyUnavailable'],
    [
      'Courier, with its limit of connections',
      { greeting: '* BYE Too many connections from this address' },
      'ConnectionLimit',
    ],
  ])('are understood when they refuse: %s', async (_name, conversation, kind) => {
    const report = await check({
      ...session,
      greeting: '* OK [CAPABILITY IMAP4rev1] ready',
      CAPABILITY: '* CAPABILITY IMAP4rev1\r\n{tag} OK done',
      ...conversation,
    });
    expect(report.failure?.kind).toBe(kind);
  });
});
