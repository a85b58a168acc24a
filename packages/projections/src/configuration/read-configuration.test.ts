import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { type ConfigurationSources, readConfiguration, sentenceOf } from './index.ts';

const sources: ConfigurationSources = {
  environment: { ADA_PASSWORD: 'correct horse' },
  terminal: false,
  readText: (path) =>
    path === 'ca.pem' ? '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n' : undefined,
};

const good = () => ({
  deployment: {
    allowedAddresses: ['127.0.0.0/8'],
    trustedCertificates: ['ca.pem'],
    retry: { firstDelaySeconds: 7, attempts: 3 },
  } as Record<string, unknown>,
  profiles: [
    {
      name: 'Support',
      incoming: { protocol: 'imap', host: 'mail.example.org', port: 993, tls: 'tls' },
      outgoing: { host: 'mail.example.org', port: 587, tls: 'starttls' },
    } as Record<string, unknown>,
  ],
  mailboxes: [
    { kind: 'user', name: 'Ada', address: 'ada@example.org', profile: 'Support', password: { env: 'ADA_PASSWORD' } },
  ] as Record<string, unknown>[],
});

type File = ReturnType<typeof good>;
const problemsOf = (change: (file: File) => void, given = sources): readonly string[] => {
  const file = good();
  change(file);
  const read = readConfiguration(JSON.stringify(file), given);
  return E.isLeft(read) ? read.left.map(sentenceOf) : [];
};

test('a good file is read in full', () => {
  const read = readConfiguration(JSON.stringify(good()), sources);
  expect(read).toMatchObject({
    _tag: 'Right',
    right: {
      deployment: {
        allowedAddresses: ['127.0.0.0/8'],
        retry: { firstDelaySeconds: 7, attempts: 3 },
        ports: 'unrestricted',
      },
      profiles: [{ name: 'Support', incoming: { protocol: 'imap', port: 993, tls: 'tls' }, outgoing: { port: 587 } }],
      mailboxes: [{ kind: 'user', address: 'ada@example.org', userName: 'ada@example.org', profile: 'Support' }],
    },
  });
  const password = E.isRight(read) ? read.right.mailboxes[0]?.password : undefined;
  expect(password?._tag === 'Given' && password.secret.reveal()).toBe('correct horse');
});

describe('each mistake is named by its field and what was expected', () => {
  test.each<[string, (file: File) => void, string]>([
    [
      'a port out of range',
      (f) => (f.profiles[0]!['incoming'] = { protocol: 'imap', host: 'a.example', port: 70_000 }),
      'profiles[0].incoming.port: expected a port from 1 to 65535',
    ],
    [
      'an unknown TLS mode',
      (f) => (f.profiles[0]!['outgoing'] = { host: 'a.example', tls: 'ssl' }),
      'profiles[0].outgoing.tls: expected "tls", "starttls" or "none"',
    ],
    [
      'TLS switched off',
      (f) => (f.profiles[0]!['outgoing'] = { host: 'a.example', tls: 'none' }),
      'profiles[0].outgoing.tls: expected "tls" or "starttls"; "none" needs "allowUnencrypted": true in "deployment"',
    ],
    [
      'a host that is a URL',
      (f) => (f.profiles[0]!['outgoing'] = { host: 'https://mail.example.org/' }),
      'profiles[0].outgoing.host: expected a host name or IP address such as mail.example.org, without scheme, port or path',
    ],
    [
      'a misspelt key',
      (f) => (f.profiles[0]!['incomming'] = {}),
      'profiles[0].incomming: is not a known key; did you mean "incoming"?',
    ],
    [
      'no direction',
      (f) => (f.profiles[0] = { name: 'Support' }),
      'profiles[0]: expected "incoming", "outgoing" or both',
    ],
    [
      'a profile that does not exist',
      (f) => (f.mailboxes[0]!['profile'] = 'Sales'),
      'mailboxes[0].profile: expected the name of a profile in this file: "Support"',
    ],
    [
      'two mailboxes with one address',
      (f) => f.mailboxes.push({ ...f.mailboxes[0], address: 'ADA@example.org' }),
      'mailboxes[1].address: expected an address that no other mailbox has',
    ],
    [
      'a variable that is not set',
      (f) => (f.mailboxes[0]!['password'] = { env: 'EVE_PASSWORD' }),
      'mailboxes[0].password.env: expected the name of an environment variable that is set; EVE_PASSWORD is not',
    ],
    [
      'a password to be asked for without a terminal',
      (f) => delete f.mailboxes[0]!['password'],
      'mailboxes[0].password: has to be asked for, and there is no terminal; give it as {"env": "NAME"}',
    ],
    [
      'a certificate file that is not there',
      (f) => (f.deployment['trustedCertificates'] = ['none.pem']),
      'deployment.trustedCertificates[0]: this file cannot be read',
    ],
    [
      'an address range',
      (f) => (f.deployment['allowedAddresses'] = ['10.0.0.0']),
      'deployment.allowedAddresses[0]: expected an address range such as 10.0.0.0/8 or fd00::/8',
    ],
  ])('%s', (_, change, expected) => expect(problemsOf(change)).toContain(expected));
});

test('all of them at once', () => {
  const problems = problemsOf((file) => {
    file.profiles[0]!['incoming'] = { protocol: 'nntp', host: 'x y', port: 0 };
    file.mailboxes[0] = { kind: 'robot', name: '', address: 'nobody', profile: 'Sales' };
  });
  for (const path of ['incoming.protocol', 'incoming.host', 'incoming.port']) {
    expect(problems.some((problem) => problem.startsWith(`profiles[0].${path}: expected`))).toBe(true);
  }
  for (const key of ['kind', 'name', 'address', 'profile', 'password']) {
    expect(problems.some((problem) => problem.startsWith(`mailboxes[0].${key}: `))).toBe(true);
  }
});

test('a password that was put into the file is refused and never repeated', () => {
  const secret = 'hunter2-in-the-file';
  for (const password of [secret, { env: secret }, { value: secret }]) {
    const problems = problemsOf((file) => (file.mailboxes[0]!['password'] = password));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain(secret);
  }
});

test('text that is not JSON is refused with the line, and not quoted', () => {
  const read = readConfiguration('{\n "profiles": [],\n "mailboxes": hunter2\n}', sources);
  expect(E.isLeft(read) && read.left.map(sentenceOf)).toEqual([
    expect.stringMatching(/^expected JSON(; it goes wrong in line 3)?$/),
  ]);
});
