import {
  type Account,
  type Certificates,
  createCertificates,
  reply,
  type RunningServer,
  startPop3Server,
} from '@mailroom/mail-sandbox';
import type { Pop3ServerOptions } from '@mailroom/mail-sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { address, checkPop3, secret } from './test-support/check-pop3.ts';

let certificates: Certificates;
let server: RunningServer | undefined;
const token = 'ya29.a-token-that-is-right';
const account: Account = { userName: address, password: secret, address, tokens: [token] };

beforeAll(async () => {
  certificates = await createCertificates();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => server?.close());

const start = async (options: Pop3ServerOptions): Promise<RunningServer> => {
  server = await startPop3Server({ accounts: [account], certificate: certificates.leafs.good, ...options });
  return server;
};
const said = (): string =>
  (server?.transcript.entries ?? [])
    .filter(({ from }) => from === 'client')
    .map(({ line }) => line)
    .join('\n');

describe('logging in to a POP3 server', () => {
  it.each([
    ['PLAIN', 'password', secret],
    ['LOGIN', 'password', secret],
    ['CRAM-MD5', 'password', secret],
    ['SCRAM-SHA-256', 'password', secret],
    ['XOAUTH2', 'token', token],
    ['OAUTHBEARER', 'token', token],
  ] as const)('works by %s when it is the only mechanism', async (mechanism, kind, value) => {
    const { port } = await start({ tls: 'tls', mechanisms: [mechanism], userPass: false, apop: false });
    const report = await checkPop3({ port, tls: 'tls', ca: certificates.ca, kind, secret: value });
    expect(report).toMatchObject({ verdict: 'passed', failure: null });
    expect(said()).toContain(`AUTH ${mechanism}`);
  });

  it.each(['tls', 'starttls', 'none'] as const)('works with encryption %s', async (tls) => {
    const { port } = await start({ tls });
    const report = await checkPop3({ port, tls, ca: certificates.ca });
    expect(report.failure).toBeNull();
    expect(report.verdict).toBe(tls === 'none' ? 'warning' : 'passed');
    expect(report.steps.map(({ step, status }) => [step, status])).toEqual([
      ['policy', tls === 'none' ? 'warning' : 'passed'],
      ['dns', 'passed'],
      ['connect', 'passed'],
      ...(tls === 'tls' ? [['tls', 'passed']] : []),
      ['greeting', 'passed'],
      ['capability', 'passed'],
      ...(tls === 'starttls' ? [['starttls', 'passed']] : []),
      ['auth', 'passed'],
      ['select', 'passed'],
      ['list', 'passed'],
      ['quit', 'passed'],
    ]);
  });

  it('takes the strongest mechanism that is offered', async () => {
    const { port } = await start({ tls: 'tls' });
    await checkPop3({ port, tls: 'tls', ca: certificates.ca });
    expect(said()).toContain('AUTH SCRAM-SHA-256');
    expect(said()).not.toContain('PASS');
  });

  it.each([
    ['userpass', 'PASS'],
    ['apop', 'APOP'],
    ['cram-md5', 'AUTH CRAM-MD5'],
  ] as const)('takes %s when it is asked for', async (mechanism, command) => {
    const { port } = await start({ tls: 'tls' });
    const report = await checkPop3({ port, tls: 'tls', ca: certificates.ca, mechanism });
    expect(report.verdict).toBe('passed');
    expect(said()).toContain(command);
  });

  it('does not send the password, nor the name, in clear unless the deployment allows it', async () => {
    const { port } = await start({ mechanisms: ['PLAIN', 'LOGIN'], apop: false });
    const report = await checkPop3({ port, policy: { allowBasicAuthenticationUnencrypted: false } });
    expect(report.failure).toMatchObject({ kind: 'ConnectionNotEncrypted', disposition: 'permanent', phase: 'auth' });
    expect(said()).toBe('CAPA');
  });

  it('uses a digest in clear where that is offered', async () => {
    const { port } = await start({ mechanisms: ['PLAIN'], apop: true });
    const report = await checkPop3({ port, policy: { allowBasicAuthenticationUnencrypted: false } });
    expect(report.verdict).toBe('warning');
    expect(said()).toContain('APOP');
  });

  it('does not log in to a server that does not start TLS', async () => {
    const { port } = await start({ tls: 'starttls', without: ['STLS'] });
    const report = await checkPop3({ port, tls: 'starttls', ca: certificates.ca });
    expect(report.failure?.kind).toBe('StartTlsNotOffered');
    expect(said()).toBe('CAPA');
  });

  it('goes on to the next way where the server turns out not to know one', async () => {
    const unknown = reply('-ERR [AUTH] Unsupported authentication mechanism.');
    const { port } = await start({
      tls: 'tls',
      mechanisms: ['CRAM-MD5', 'LOGIN'],
      rules: [{ at: 'auth', times: 2, name: 'unknown', reaction: unknown }],
    });
    const report = await checkPop3({ port, tls: 'tls', ca: certificates.ca });
    expect(report.failure).toBeNull();
    expect(said().match(/^(AUTH \S+|PASS|APOP)/gm)).toEqual(['AUTH CRAM-MD5', 'AUTH LOGIN', 'PASS']);
  });

  it('hands over name and password as they are where that is asked for, by what the server takes', async () => {
    const { port } = await start({ tls: 'tls', mechanisms: ['CRAM-MD5'], apop: true });
    const report = await checkPop3({ port, tls: 'tls', ca: certificates.ca, mechanism: 'basic' });
    expect(report.failure).toBeNull();
    expect(said().match(/^(AUTH|PASS|APOP)/gm)).toEqual(['PASS']);
  });

  it('tries a refused password once', async () => {
    const { port } = await start({ tls: 'tls' });
    const report = await checkPop3({ port, tls: 'tls', ca: certificates.ca, secret: 'not it' });
    expect(report.failure).toMatchObject({ kind: 'InvalidCredentials', scope: 'mailbox', field: 'secret' });
    expect(said().match(/^(AUTH|PASS|APOP)/gm)).toHaveLength(1);
  });
});

describe('with the credentials of a profile', () => {
  const service: Account = {
    userName: 'service',
    password: secret,
    address: 'service@example.test',
    mayActFor: [address],
  };

  it('is not content with the inbox of the account itself', async () => {
    const { port } = await start({ tls: 'tls', accounts: [account, service] });
    const report = await checkPop3({ port, tls: 'tls', ca: certificates.ca, userName: 'service', ofProfile: true });
    expect(report.failure).toMatchObject({ kind: 'AuthorizationFailed', disposition: 'permanent', phase: 'auth' });
    expect(said()).not.toMatch(/AUTH|PASS|APOP/);
  });

  it('opens the mailbox through the login template', async () => {
    const { port } = await start({ tls: 'tls', accounts: [account, service] });
    const given = { port, tls: 'tls', ca: certificates.ca, userName: 'service', ofProfile: true } as const;
    const opened = await checkPop3({ ...given, loginTemplate: '{mailbox}*{user}' });
    expect(opened.verdict).toBe('passed');
    const denied = await checkPop3({ ...given, loginTemplate: '{mailbox}*{user}', address: 'eve@example.test' });
    expect(denied).toMatchObject({ verdict: 'failed', failure: { scope: 'mailbox', phase: 'auth' } });
  });

  it('names whom to act for where the template says so, and by a mechanism that can', async () => {
    const { port } = await start({ tls: 'tls', accounts: [account, service], mechanisms: ['CRAM-MD5', 'PLAIN'] });
    const given = { port, tls: 'tls', ca: certificates.ca, userName: 'service', ofProfile: true } as const;
    const opened = await checkPop3({ ...given, loginTemplate: 'authzid={mailbox}' });
    expect(opened.verdict).toBe('passed');
    expect(said()).toContain('AUTH PLAIN');
    expect(said()).not.toContain('CRAM-MD5');
  });

  it('accepts the account whose own address it is', async () => {
    const { port } = await start({ tls: 'tls' });
    const report = await checkPop3({ port, tls: 'tls', ca: certificates.ca, ofProfile: true });
    expect(report.verdict).toBe('passed');
  });

  it('counts a refused password against the profile', async () => {
    const { port } = await start({ tls: 'tls' });
    const report = await checkPop3({ port, tls: 'tls', ca: certificates.ca, ofProfile: true, secret: 'not it' });
    expect(report.failure).toMatchObject({ kind: 'InvalidCredentials', scope: 'profile' });
  });
});
