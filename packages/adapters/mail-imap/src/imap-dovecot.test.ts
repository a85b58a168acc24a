import { createHmac } from 'node:crypto';
import { EmailAddress, Host, type Mechanism, type ProbeCredentials, type ProbeTarget, Secret } from '@mailroom/domain';
import { isRequired } from '@mailroom/domain/testing';
import { type Connector, createConnector } from '@mailroom/mail-check';
import {
  type RealMailServers,
  realServerPrograms,
  startRealMailServers,
  tokenIssuer,
  tokenKey,
} from '@mailroom/mail-sandbox/real';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imapProbe } from './imap-probe.ts';

const { dovecot, hint } = realServerPrograms();
if (!dovecot && isRequired('dovecot')) throw new Error(hint);
if (!dovecot) console.info(`IMAP against Dovecot is not tested: ${hint}`);

let servers: RealMailServers;

interface Given {
  readonly port?: number;
  readonly tls?: ProbeTarget['tls'];
  readonly certificate?: keyof RealMailServers['addresses'];
  readonly trusted?: boolean;
  readonly mechanism?: Mechanism;
  readonly address?: string;
  readonly loginTemplate?: string;
  readonly folderTemplate?: string;
  readonly credentials?: Partial<ProbeCredentials>;
}

/** One for each deployment, as in a process: making a TLS context costs more than a check. */
const connectors = new Map<number, Connector>();
const connectorFor = (trustedCertificates: readonly string[]): Connector => {
  const connector =
    connectors.get(trustedCertificates.length) ??
    createConnector({
      policy: {
        allowedAddresses: ['127.0.0.0/8'],
        trustedCertificates,
        ports: 'unrestricted',
        allowUnencrypted: false,
        allowBasicAuthenticationUnencrypted: false,
      },
    });
  connectors.set(trustedCertificates.length, connector);
  return connector;
};

const check = (given: Given = {}) => {
  const { dovecot: ports, addresses, ca, users } = servers;
  const [user] = users as [RealMailServers['users'][number]];
  const { tls = 'tls', certificate = 'good', trusted = true } = given;
  return imapProbe({ connector: connectorFor(trusted ? [ca] : []) }).check(
    {
      protocol: 'imap',
      host: Host.orThrow(addresses[certificate]),
      port: given.port ?? (tls === 'tls' ? ports.imaps : ports.imap),
      tls,
      mechanism: given.mechanism ?? 'auto',
      address: EmailAddress.orThrow(given.address ?? user.userName),
      loginTemplate: given.loginTemplate ?? null,
      folderTemplate: given.folderTemplate ?? null,
      deadlineMs: 20_000,
    },
    {
      userName: user.userName,
      secret: new Secret(user.password),
      kind: 'password',
      ofProfile: false,
      ...given.credentials,
    },
  );
};

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

const tokenFor = (subject: string, key = tokenKey): Secret => {
  const claims = { sub: subject, iss: tokenIssuer, exp: Math.floor(Date.now() / 1000) + 600, iat: 1_700_000_000 };
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return new Secret(`${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`);
};

describe.skipIf(!dovecot)('an IMAP check of Dovecot', () => {
  beforeAll(async () => {
    servers = await startRealMailServers({ postfix: false });
  });
  afterAll(() => servers.close());

  it.each(['tls', 'starttls'] as const)('passes over %s, and counts', async (tls) => {
    const report = await check({ tls });
    expect(report).toMatchObject({ verdict: 'passed', failure: null, warnings: [] });
    expect(report.steps.map(({ status }) => status)).toEqual(report.steps.map(() => 'passed'));
    expect(report.steps.find(({ step }) => step === 'select')?.detail).toMatch(/^INBOX: 0 messages, UIDVALIDITY \d+$/);
    expect(report.steps.find(({ step }) => step === 'auth')?.detail).toBe('SCRAM-SHA-256');
  });

  it.each(['plain', 'login', 'cram-md5', 'scram-sha-256', 'userpass'] as const)('logs in by %s', async (mechanism) => {
    expect(await check({ mechanism })).toMatchObject({ verdict: 'passed' });
    const wrong = await check({ mechanism, credentials: { secret: new Secret('wrong') } });
    expect(wrong.failure).toMatchObject({ kind: 'InvalidCredentials', phase: 'auth', scope: 'mailbox' });
  });

  it.each(['oauthbearer', 'xoauth2', 'auto'] as const)('logs in with a token by %s', async (mechanism) => {
    const userName = servers.users[1]?.userName ?? '';
    const credentials = { userName, kind: 'token', secret: tokenFor(userName) } as const;
    expect(await check({ mechanism, address: userName, credentials })).toMatchObject({ verdict: 'passed' });
    const forged = { ...credentials, secret: tokenFor(userName, 'another key') };
    const refused = await check({ mechanism, address: userName, credentials: forged });
    expect(refused.failure?.kind).toBe('OAuthTokenRejected');
    expect(JSON.stringify(refused)).not.toContain(forged.secret.reveal());
  });

  it.each([
    ['expired', 'CertificateExpired'],
    ['wrongHost', 'CertificateHostnameMismatch'],
    ['otherAuthority', 'CertificateUntrusted'],
    ['selfSigned', 'CertificateUntrusted'],
  ] as const)('refuses a certificate that is %s', async (certificate, kind) => {
    expect((await check({ certificate })).failure).toMatchObject({ kind, phase: 'tls', scope: 'profile' });
    expect((await check({ certificate, tls: 'starttls' })).failure).toMatchObject({ kind, phase: 'starttls' });
  });

  it('refuses an authority that it does not know', async () => {
    expect((await check({ trusted: false })).failure?.kind).toBe('CertificateUntrusted');
  });

  it('tells a wrong port from a wrong protocol and a wrong encryption', async () => {
    const { closedPort, dovecot: ports } = servers;
    const kinds = await Promise.all([
      check({ port: closedPort }),
      check({ port: ports.imap }),
      check({ port: ports.imaps, tls: 'starttls' }),
      check({ port: ports.pop3s }),
      check({ port: ports.submission, tls: 'starttls' }),
    ]);
    expect(kinds.map(({ failure }) => failure?.kind)).toEqual([
      'ConnectionRefused',
      'PlaintextOnTlsPort',
      'TlsExpectedOnPort',
      'ProtocolMismatch',
      'ProtocolMismatch',
    ]);
  });

  it('warns of a mailbox that is nearly full', async () => {
    const { userName, password } = servers.nearlyFull;
    const report = await check({ address: userName, credentials: { userName, secret: new Secret(password) } });
    expect(report).toMatchObject({ verdict: 'warning', failure: null });
    expect(report.warnings.map(({ kind }) => kind)).toEqual(['MailboxOverQuota']);
    expect(report.steps.find(({ step }) => step === 'list')?.detail).toContain('98 % of the quota used');
  });

  describe('with the credentials of a profile', () => {
    const master = (address: string, rest: Partial<Given> = {}) =>
      check({
        ...rest,
        address,
        credentials: {
          userName: servers.master.userName,
          secret: new Secret(servers.master.password),
          ofProfile: true,
          ...rest.credentials,
        },
      });

    it.each(['{mailbox}*{user}', 'authzid={mailbox}'])(
      'opens the mailboxes it may open (%s)',
      async (loginTemplate) => {
        for (const { userName } of servers.users.slice(2, 4)) {
          expect(await master(userName, { loginTemplate, mechanism: 'plain' })).toMatchObject({ verdict: 'passed' });
        }
        const denied = await master(servers.master.denied, { loginTemplate, mechanism: 'plain' });
        expect(denied).toMatchObject({ verdict: 'failed', failure: { phase: 'auth', scope: 'mailbox' } });
      },
    );

    it('does not take the own inbox of the account for the mailbox', async () => {
      const [, , user] = servers.users;
      const credentials = { userName: user?.userName ?? '', secret: new Secret(user?.password ?? ''), ofProfile: true };
      const another = servers.users[3]?.userName ?? '';
      expect((await check({ address: another, credentials })).failure?.kind).toBe('AuthorizationFailed');
      expect(await check({ address: credentials.userName, credentials })).toMatchObject({ verdict: 'passed' });
      const folder = await check({ address: another, credentials, folderTemplate: 'Other.{mailbox}' });
      expect(folder.failure).toMatchObject({ kind: 'MailboxNotFound', phase: 'select', scope: 'mailbox' });
    });
  });
});
