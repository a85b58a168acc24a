import { createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import {
  realServerPrograms,
  type RealMailServers,
  startRealMailServers,
  tokenIssuer,
  tokenKey,
} from '@mailroom/mail-sandbox/real';
import { isRequired } from '@mailroom/domain/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPop3 } from './test-support/check-pop3.ts';

const programs = realServerPrograms();
const isWanted = programs.dovecot || isRequired('dovecot');
if (!isWanted) console.log(`POP3 checks against Dovecot are skipped: ${programs.hint}`);

const base64Url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that Dovecot verifies by itself with the key that it was given. */
const tokenFor = (subject: string): string => {
  const now = Math.floor(Date.now() / 1000);
  const head = base64Url({ alg: 'HS256', typ: 'JWT' });
  const body = base64Url({ iss: tokenIssuer, sub: subject, iat: now, nbf: now - 60, exp: now + 600, scope: 'mail' });
  return `${head}.${body}.${createHmac('sha256', tokenKey).update(`${head}.${body}`).digest('base64url')}`;
};

describe.skipIf(!isWanted)('a POP3 check against Dovecot', () => {
  let servers: RealMailServers;
  beforeAll(async () => {
    servers = await startRealMailServers({ postfix: false });
  });
  afterAll(() => servers.close());

  const check = (given: Partial<Parameters<typeof checkPop3>[0]> = {}) => {
    const [user] = servers.users;
    const { userName = '', password = '' } = user ?? {};
    const tls = given.tls ?? 'tls';
    return checkPop3({
      port: tls === 'tls' ? servers.dovecot.pop3s : servers.dovecot.pop3,
      tls,
      ca: servers.ca,
      address: userName,
      userName,
      secret: password,
      deadlineMs: 20_000,
      ...given,
    });
  };

  it('says that another program has the maildrop open', async () => {
    const { userName = '', password = '' } = servers.users[10] ?? {};
    const other = connect({ host: '127.0.0.1', port: servers.dovecot.pop3s, ca: servers.ca });
    const lines = createInterface({ input: other })[Symbol.asyncIterator]();
    for (const command of [`USER ${userName}`, `PASS ${password}`, 'STAT']) {
      await lines.next();
      other.write(`${command}\r\n`);
    }
    await lines.next();
    const report = await check({ userName, secret: password, address: userName, deadlineMs: 60_000 });
    expect(report.failure).toMatchObject({ kind: 'MailboxInUse', disposition: 'transient', scope: 'mailbox' });
    other.destroy();
  });

  it.each(['tls', 'starttls'] as const)('passes with encryption %s', async (tls) => {
    expect(await check({ tls })).toMatchObject({ verdict: 'passed', failure: null });
  });

  it.each(['plain', 'login', 'cram-md5', 'scram-sha-256', 'apop', 'userpass'] as const)(
    'logs in by %s',
    async (mechanism) => {
      const report = await check({ mechanism });
      expect(report).toMatchObject({ verdict: 'passed', failure: null });
    },
  );

  it.each(['xoauth2', 'oauthbearer'] as const)('logs in by %s', async (mechanism) => {
    const secret = tokenFor(servers.users[0]?.userName ?? '');
    expect(await check({ mechanism, kind: 'token', secret })).toMatchObject({ verdict: 'passed', failure: null });
    const refused = await check({ mechanism, kind: 'token', secret: `${secret}x` });
    expect(refused.failure?.kind).toBe('OAuthTokenRejected');
  });

  it.each(['tls', 'starttls'] as const)('names a wrong password with encryption %s', async (tls) => {
    expect((await check({ tls, secret: 'not it' })).failure).toMatchObject({
      kind: 'InvalidCredentials',
      disposition: 'permanent',
      scope: 'mailbox',
      field: 'secret',
    });
  });

  it.each([
    ['expired', 'CertificateExpired'],
    ['wrongHost', 'CertificateHostnameMismatch'],
    ['otherAuthority', 'CertificateUntrusted'],
    ['selfSigned', 'CertificateUntrusted'],
  ] as const)('names the certificate %s, by TLS and by STLS', async (name, kind) => {
    for (const tls of ['tls', 'starttls'] as const) {
      const report = await check({ tls, host: servers.addresses[name] });
      expect(report.failure).toMatchObject({ kind, scope: 'profile', field: 'host' });
    }
  });

  it('names a closed port, and a port that expects the other encryption', async () => {
    expect((await check({ port: servers.closedPort })).failure?.kind).toBe('ConnectionRefused');
    expect((await check({ port: servers.dovecot.pop3 })).failure?.kind).toBe('PlaintextOnTlsPort');
    expect((await check({ port: servers.dovecot.imaps })).failure?.kind).toBe('ProtocolMismatch');
    const expectsTls = await check({ tls: 'starttls', port: servers.dovecot.pop3s, limits: { greetingMs: 1_000 } });
    expect(expectsTls.failure?.kind).toBe('TlsExpectedOnPort');
  });

  it('opens a mailbox with the master account, and not one that it is denied', async () => {
    const { userName, password, denied } = servers.master;
    const given = {
      userName,
      secret: password,
      ofProfile: true,
      loginTemplate: '{mailbox}*{user}',
      mechanism: 'plain',
    } as const;
    expect(await check(given)).toMatchObject({ verdict: 'passed' });
    const refused = await check({ ...given, address: denied });
    expect(refused).toMatchObject({ verdict: 'failed', failure: { phase: 'auth', scope: 'mailbox' } });
  });
});
