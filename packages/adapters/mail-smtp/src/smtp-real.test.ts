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
import { smtpProbe } from './smtp-probe.ts';

const { dovecot, postfix, hint } = realServerPrograms();
const canRun = dovecot && postfix;
if (!canRun && (isRequired('dovecot') || isRequired('postfix'))) throw new Error(hint);
if (!canRun) console.info(`SMTP against Postfix and Dovecot is not tested: ${hint}`);

let servers: RealMailServers;

interface Given {
  readonly server?: 'postfix' | 'dovecot';
  readonly port?: number;
  readonly tls?: ProbeTarget['tls'];
  readonly certificate?: keyof RealMailServers['addresses'];
  readonly trusted?: boolean;
  readonly unencrypted?: boolean;
  readonly mechanism?: Mechanism;
  readonly address?: string;
  readonly loginTemplate?: string;
  readonly credentials?: Partial<ProbeCredentials>;
}

const portOf = (server: 'postfix' | 'dovecot', tls: ProbeTarget['tls']): number => {
  const ports = servers.postfix;
  if (server === 'dovecot') return tls === 'tls' ? servers.dovecot.submissions : servers.dovecot.submission;
  if (ports === null) throw new Error('Postfix is not running');
  return tls === 'tls' ? ports.smtps : ports.submission;
};

/** One for each deployment, as in a process: making a TLS context costs more than a check. */
const connectors = new Map<string, Connector>();
const connectorFor = (trustedCertificates: readonly string[], unencrypted: boolean): Connector => {
  const key = `${trustedCertificates.length} ${String(unencrypted)}`;
  const connector =
    connectors.get(key) ??
    createConnector({
      policy: {
        allowedAddresses: ['127.0.0.0/8'],
        trustedCertificates,
        ports: 'unrestricted',
        allowUnencrypted: unencrypted,
        allowBasicAuthenticationUnencrypted: unencrypted,
      },
    });
  connectors.set(key, connector);
  return connector;
};

const check = (given: Given = {}) => {
  const { addresses, ca, users } = servers;
  const [user] = users as [RealMailServers['users'][number]];
  const { server = 'postfix', tls = 'tls', certificate = 'good', trusted = true, unencrypted = false } = given;
  return smtpProbe({ connector: connectorFor(trusted ? [ca] : [], unencrypted) }).check(
    {
      protocol: 'smtp',
      host: Host.orThrow(addresses[certificate]),
      port: given.port ?? portOf(server, tls),
      tls,
      mechanism: given.mechanism ?? 'auto',
      address: EmailAddress.orThrow(given.address ?? user.userName),
      loginTemplate: given.loginTemplate ?? null,
      folderTemplate: null,
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

describe.skipIf(!canRun)('an SMTP check', () => {
  beforeAll(async () => {
    servers = await startRealMailServers({ postfix: true });
  });
  afterAll(() => servers.close());

  describe.each(['postfix', 'dovecot'] as const)('of %s', (server) => {
    it.each(['tls', 'starttls'] as const)('passes over %s', async (tls) => {
      const report = await check({ server, tls });
      expect(report).toMatchObject({ verdict: 'passed', failure: null, warnings: [] });
      expect(report.steps.map(({ status }) => status)).toEqual(report.steps.map(() => 'passed'));
    });

    it.each(['plain', 'login', 'cram-md5', 'scram-sha-256'] as const)('logs in by %s', async (mechanism) => {
      expect(await check({ server, mechanism })).toMatchObject({ verdict: 'passed' });
      const wrong = await check({ server, mechanism, credentials: { secret: new Secret('wrong') } });
      expect(wrong.failure).toMatchObject({ kind: 'InvalidCredentials', phase: 'auth', scope: 'mailbox' });
    });

    it.each(['oauthbearer', 'xoauth2', 'auto'] as const)('logs in with a token by %s', async (mechanism) => {
      const userName = servers.users[1]?.userName ?? '';
      const credentials = { userName, kind: 'token', secret: tokenFor(userName) } as const;
      expect(await check({ server, mechanism, address: userName, credentials })).toMatchObject({ verdict: 'passed' });
      const forged = { ...credentials, secret: tokenFor(userName, 'another key') };
      const refused = await check({ server, mechanism, address: userName, credentials: forged });
      expect(refused.failure?.kind).toBe('OAuthTokenRejected');
      expect(JSON.stringify(refused)).not.toContain(forged.secret.reveal());
    });

    it.each([
      ['expired', 'CertificateExpired'],
      ['wrongHost', 'CertificateHostnameMismatch'],
      ['otherAuthority', 'CertificateUntrusted'],
      ['selfSigned', 'CertificateUntrusted'],
    ] as const)('refuses a certificate that is %s', async (certificate, kind) => {
      expect((await check({ server, certificate })).failure).toMatchObject({ kind, phase: 'tls', scope: 'profile' });
      const upgraded = await check({ server, certificate, tls: 'starttls' });
      expect(upgraded.failure).toMatchObject({ kind, phase: 'starttls' });
    });

    it('refuses an authority that it does not know', async () => {
      expect((await check({ server, trusted: false })).failure?.kind).toBe('CertificateUntrusted');
    });

    it('tells a wrong port from a wrong encryption', async () => {
      const kinds = await Promise.all([
        check({ port: servers.closedPort }),
        check({ port: portOf(server, 'starttls') }),
        check({ port: portOf(server, 'tls'), tls: 'starttls' }),
      ]);
      expect(kinds.map(({ failure }) => failure?.kind)).toEqual([
        'ConnectionRefused',
        'PlaintextOnTlsPort',
        'TlsExpectedOnPort',
      ]);
    });
  });

  it('asks for permission to send as the address of the mailbox, and sends nothing', async () => {
    const report = await check({ address: servers.users[1]?.userName ?? '' });
    expect(report.failure).toMatchObject({ kind: 'SenderNotOwned', scope: 'mailbox', field: 'address' });
    expect(report.failure?.serverText).not.toBeNull();
  });

  it('proves with the credentials of a profile that this mailbox may be sent from', async () => {
    const { master, users } = servers;
    const [first] = users as [RealMailServers['users'][number]];
    const profile = { userName: master.userName, secret: new Secret(master.password), ofProfile: true };
    const loginTemplate = '{mailbox}*{user}';
    expect(await check({ loginTemplate, credentials: profile, mechanism: 'plain' })).toMatchObject({
      verdict: 'passed',
    });
    const own = { userName: first.userName, secret: new Secret(first.password), ofProfile: true };
    const another = users[1]?.userName ?? '';
    expect((await check({ address: another, credentials: own })).failure?.kind).toBe('SenderNotOwned');
  });

  it('says that the server passes no mail on', async () => {
    const report = await check({ server: 'dovecot', address: 'ada@elsewhere.test' });
    expect(report.failure).toMatchObject({ kind: 'RelayDenied', phase: 'rcptTo', scope: 'profile', field: 'port' });
  });

  it('wants encryption before the password', async () => {
    const smtp = servers.postfix?.submission ?? 0;
    const report = await check({ port: smtp, tls: 'none', unencrypted: true });
    expect(report.failure).toMatchObject({ kind: 'PlaintextAuthRefused', scope: 'profile', field: 'tls' });
  });
});
