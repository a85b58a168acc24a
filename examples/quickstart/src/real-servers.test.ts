import { realServerPrograms, startRealMailServers, type RealMailServers } from '@mailroom/mail-sandbox/real';
import { isRequired } from '@mailroom/domain/testing';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Document, dataFolder, documentOf, startQuickstart } from './test-support/quickstart-process.ts';

const programs = realServerPrograms();
const runs = (programs.dovecot && programs.postfix) || isRequired('dovecot') || isRequired('postfix');
if (!runs) console.info(`Skipped: --config on real mail servers. ${programs.hint}`);

interface Case {
  readonly name: string;
  readonly user: number;
  readonly incoming: readonly [protocol: 'imap' | 'pop3', host: string, port: number, tls: 'tls' | 'starttls'];
  readonly outgoing: readonly [host: string, port: number, tls: 'tls' | 'starttls'];
  readonly wrongPassword?: boolean;
  readonly expected: readonly [incoming: string, outgoing: string];
}

const casesOn = ({ dovecot, postfix, addresses, closedPort }: RealMailServers): readonly Case[] => {
  const { good, expired, wrongHost, otherAuthority } = addresses;
  const submission = postfix?.submission ?? 0;
  const smtps = postfix?.smtps ?? 0;
  return [
    {
      name: 'TLS',
      user: 1,
      incoming: ['imap', good, dovecot.imaps, 'tls'],
      outgoing: [good, smtps, 'tls'],
      expected: ['success', 'success'],
    },
    {
      name: 'STARTTLS',
      user: 2,
      incoming: ['imap', good, dovecot.imap, 'starttls'],
      outgoing: [good, submission, 'starttls'],
      expected: ['success', 'success'],
    },
    {
      name: 'POP3 TLS',
      user: 3,
      incoming: ['pop3', good, dovecot.pop3s, 'tls'],
      outgoing: [good, smtps, 'tls'],
      expected: ['success', 'success'],
    },
    {
      name: 'POP3 STLS',
      user: 4,
      incoming: ['pop3', good, dovecot.pop3, 'starttls'],
      outgoing: [good, submission, 'starttls'],
      expected: ['success', 'success'],
    },
    {
      name: 'Dovecot submission',
      user: 5,
      incoming: ['pop3', good, dovecot.pop3s, 'tls'],
      outgoing: [good, dovecot.submissions, 'tls'],
      expected: ['success', 'success'],
    },
    {
      name: 'wrong password',
      user: 6,
      wrongPassword: true,
      incoming: ['imap', good, dovecot.imaps, 'tls'],
      outgoing: [good, submission, 'starttls'],
      expected: ['InvalidCredentials', 'InvalidCredentials'],
    },
    {
      name: 'wrong password POP3',
      user: 7,
      wrongPassword: true,
      incoming: ['pop3', good, dovecot.pop3s, 'tls'],
      outgoing: [good, smtps, 'tls'],
      expected: ['InvalidCredentials', 'InvalidCredentials'],
    },
    {
      name: 'expired',
      user: 8,
      incoming: ['imap', expired, dovecot.imaps, 'tls'],
      outgoing: [expired, submission, 'starttls'],
      expected: ['CertificateExpired', 'CertificateExpired'],
    },
    {
      name: 'wrong host',
      user: 9,
      incoming: ['pop3', wrongHost, dovecot.pop3, 'starttls'],
      outgoing: [wrongHost, smtps, 'tls'],
      expected: ['CertificateHostnameMismatch', 'CertificateHostnameMismatch'],
    },
    {
      name: 'unknown CA',
      user: 10,
      incoming: ['imap', otherAuthority, dovecot.imap, 'starttls'],
      outgoing: [otherAuthority, smtps, 'tls'],
      expected: ['CertificateUntrusted', 'CertificateUntrusted'],
    },
    {
      name: 'closed port',
      user: 11,
      incoming: ['imap', good, closedPort, 'tls'],
      outgoing: [good, closedPort, 'starttls'],
      expected: ['ConnectionRefused', 'ConnectionRefused'],
    },
  ];
};

describe.runIf(runs)('--config on real Dovecot and Postfix', () => {
  const data = dataFolder();
  const files = dataFolder();
  let servers: RealMailServers;
  let cases: readonly Case[];
  let document: Document;

  beforeAll(async () => {
    servers = await startRealMailServers({ postfix: true });
    cases = casesOn(servers);
    writeFileSync(join(files.path, 'ca.pem'), servers.ca);
    const passwords: Record<string, string> = {};
    const mailboxes = cases.map(({ name, user, wrongPassword }) => {
      const account = servers.users[user - 1];
      passwords[`PASSWORD_${user}`] = wrongPassword === true ? 'not-the-password' : (account?.password ?? '');
      return { kind: 'user', name, address: account?.userName, profile: name, password: { env: `PASSWORD_${user}` } };
    });
    const configuration = {
      deployment: { allowedAddresses: ['127.0.0.0/8'], trustedCertificates: ['ca.pem'] },
      profiles: cases.map(({ name, incoming: [protocol, host, port, tls], outgoing }) => ({
        name,
        incoming: { protocol, host, port, tls },
        outgoing: { host: outgoing[0], port: outgoing[1], tls: outgoing[2] },
      })),
      mailboxes,
    };
    const file = join(files.path, 'mine.json');
    writeFileSync(file, JSON.stringify(configuration));
    document = documentOf(await startQuickstart(data.path, ['--config', file, '--json'], passwords).finished);
  }, 120_000);

  afterAll(async () => {
    data.remove();
    files.remove();
    await servers.close();
  }, 30_000);

  test('every mailbox gets its true verdict, in both directions', () => {
    const found = cases.map(({ name, user }) => {
      const mailbox = document.mailboxes.find(({ address }) => address === servers.users[user - 1]?.userName);
      const verdicts = [mailbox?.incoming, mailbox?.outgoing].map((channel) =>
        channel?.status === 'success' && channel.enabled ? 'success' : channel?.kind,
      );
      return [name, ...verdicts];
    });
    expect(found).toEqual(cases.map(({ name, expected }) => [name, ...expected]));
  });
});
