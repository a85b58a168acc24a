import { EmailAddress, Host, type Mechanism, Secret } from '@mailroom/domain';
import { createConnector } from '@mailroom/mail-check';
import { reply, type RunningServer, type SmtpServerOptions, startSmtpServer } from '@mailroom/mail-sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { smtpProbe } from './smtp-probe.ts';

const password = 'pä"ss\\wörd ';

let server: RunningServer;
afterEach(() => server.close());

const connectorWith = (plainText: boolean) =>
  createConnector({
    policy: {
      allowedAddresses: ['127.0.0.0/8'],
      trustedCertificates: [],
      ports: 'unrestricted',
      allowUnencrypted: true,
      allowBasicAuthenticationUnencrypted: plainText,
    },
  });
const connectors = { permitted: connectorWith(true), refused: connectorWith(false) };

const check = async (
  options: SmtpServerOptions,
  mechanism: Mechanism,
  plainText: keyof typeof connectors = 'permitted',
  address = 'ada@example.test',
) => {
  server = await startSmtpServer({ accounts: [{ userName: address, password, address }], ...options });
  return smtpProbe({ connector: connectors[plainText] }).check(
    {
      protocol: 'smtp',
      host: Host.orThrow(server.host),
      port: server.port,
      tls: 'none',
      mechanism,
      address: EmailAddress.orThrow(address),
      loginTemplate: null,
      folderTemplate: null,
      deadlineMs: 20_000,
    },
    { userName: address, secret: new Secret(password), kind: 'password', ofProfile: false },
  );
};

const commands = (): readonly string[] => server.transcript.lines('client');
/** The mechanisms that were tried, in order. */
const logins = (): readonly string[] => commands().flatMap((line) => /^AUTH (\S+)/.exec(line)?.[1] ?? []);
const used = (): string => commands().find((line) => line.startsWith('AUTH')) ?? '';

describe('the login', () => {
  it.each(['plain', 'login', 'cram-md5', 'scram-sha-256'] as const)('by %s takes any password', async (mechanism) => {
    expect((await check({}, mechanism)).failure).toBeNull();
    expect(used()).toContain(`AUTH ${mechanism.toUpperCase()}`);
  });

  it('takes the strongest mechanism of all that are offered', async () => {
    await check({}, 'auto');
    expect(used()).toContain('SCRAM-SHA-256');
  });

  it('goes on to the next mechanism where the server turns out not to know one', async () => {
    const unknown = reply('504 5.7.4 Unrecognized authentication type');
    const report = await check({ rules: [{ at: 'auth', times: 2, name: 'unknown', reaction: unknown }] }, 'auto');
    expect(report.failure).toBeNull();
    expect(logins()).toEqual(['SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN']);
    expect(report.steps.find(({ step }) => step === 'auth')?.detail).toBe('PLAIN');
  });

  it('tries a refused password once, whatever else the server offers', async () => {
    const refused = reply('535 5.7.8 Authentication credentials invalid');
    const report = await check({ rules: [{ at: 'auth', times: 1, name: 'refused', reaction: refused }] }, 'auto');
    expect(report.failure?.kind).toBe('InvalidCredentials');
    expect(logins()).toEqual(['SCRAM-SHA-256']);
  });

  it('hands over name and password as they are where that is asked for, by what the server takes', async () => {
    expect((await check({ mechanisms: ['CRAM-MD5', 'LOGIN'] }, 'basic')).failure).toBeNull();
    expect(logins()).toEqual(['LOGIN']);
    await server.close();
    const report = await check({ mechanisms: ['CRAM-MD5'] }, 'basic');
    expect(report.failure).toMatchObject({ kind: 'AuthMechanismUnsupported', scope: 'profile' });
    expect(used()).toBe('');
  });

  it('shows no password over a connection in clear, unless the deployment allows it', async () => {
    const refused = await check({ mechanisms: ['PLAIN', 'LOGIN'], allowPlainText: true }, 'auto', 'refused');
    expect(refused.failure).toMatchObject({ kind: 'ConnectionNotEncrypted', disposition: 'permanent' });
    expect(used()).toBe('');
    await server.close();
    const safe = await check({ mechanisms: ['PLAIN', 'CRAM-MD5'], allowPlainText: true }, 'auto', 'refused');
    expect(safe.failure).toBeNull();
    expect(used()).toContain('CRAM-MD5');
  });

  it('is never assumed where none is offered', async () => {
    const report = await check({ without: ['AUTH'] }, 'auto');
    expect(report).toMatchObject({ verdict: 'failed', failure: { kind: 'AuthNotOffered' } });
    expect(used()).toBe('');
  });

  it('asks for nothing that the server does not offer', async () => {
    const report = await check({ mechanisms: ['PLAIN'] }, 'cram-md5');
    expect(report.failure).toMatchObject({ kind: 'AuthMechanismUnsupported', scope: 'profile' });
    expect(report.failure?.advice.sentence).toContain('PLAIN');
    expect(used()).toBe('');
  });
});

describe('the permission to send', () => {
  it('is asked for with the mailbox itself as recipient, taken back, and nothing is sent', async () => {
    await check({}, 'auto');
    const after = commands().slice(commands().findIndex((line) => line.startsWith('MAIL')));
    expect(after).toEqual(['MAIL FROM:<ada@example.test>', 'RCPT TO:<ada@example.test>', 'RSET', 'QUIT']);
  });

  it('writes a domain beyond ASCII in its ASCII form', async () => {
    await check({}, 'auto', 'permitted', 'ada@müller.example');
    expect(commands().some((line) => line.startsWith('MAIL FROM:<ada@xn--mller-kva.example>'))).toBe(true);
  });

  it('is not to be had for a name beyond ASCII from a server without SMTPUTF8', async () => {
    const report = await check({ without: ['SMTPUTF8'] }, 'auto', 'permitted', 'ädä@example.test');
    expect(report.failure).toMatchObject({ kind: 'SenderRejected', phase: 'mailFrom' });
    expect(commands().some((line) => line.startsWith('MAIL'))).toBe(false);
  });
});
