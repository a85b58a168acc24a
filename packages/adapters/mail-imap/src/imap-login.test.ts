import { EmailAddress, Host, type Mechanism, Secret } from '@mailroom/domain';
import { createConnector, type SaslMechanism } from '@mailroom/mail-check';
import { type ImapServerOptions, reply, type RunningServer, startImapServer } from '@mailroom/mail-sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { imapProbe } from './imap-probe.ts';

const address = 'ada@example.test';
/** Every kind of character that a command has to write in another way. */
const password = 'pä"ss\\wörd {3} ';

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
  options: ImapServerOptions,
  mechanism: Mechanism,
  plainText: keyof typeof connectors = 'permitted',
  userName = address,
) => {
  server = await startImapServer({ accounts: [{ userName, password, address }], ...options });
  return imapProbe({ connector: connectors[plainText] }).check(
    {
      protocol: 'imap',
      host: Host.orThrow(server.host),
      port: server.port,
      tls: 'none',
      mechanism,
      address: EmailAddress.orThrow(address),
      loginTemplate: null,
      folderTemplate: null,
      deadlineMs: 20_000,
    },
    { userName, secret: new Secret(password), kind: 'password', ofProfile: false },
  );
};

/** The mechanisms that were tried, in order. */
const logins = (): readonly string[] =>
  server.transcript.lines('client').flatMap((line) => /AUTHENTICATE (\S+)/.exec(line)?.[1] ?? []);
const used = (): string => server.transcript.lines('client').find((line) => /AUTHENTICATE|LOGIN/.test(line)) ?? '';

describe('the login', () => {
  it.each(['plain', 'login', 'cram-md5', 'scram-sha-256', 'userpass'] as const)(
    'by %s takes any password',
    async (mechanism) => {
      const report = await check({}, mechanism);
      expect(report.failure).toBeNull();
      expect(used()).toContain(mechanism === 'userpass' ? 'LOGIN' : `AUTHENTICATE ${mechanism.toUpperCase()}`);
    },
  );

  it('by the command takes any user name', async () => {
    expect((await check({}, 'userpass', 'permitted', 'ädä "x"')).failure).toBeNull();
  });

  it('waits for the challenge where the server takes no initial response', async () => {
    expect((await check({ without: ['SASL-IR'] }, 'plain')).failure).toBeNull();
    expect(used()).toMatch(/AUTHENTICATE PLAIN$/);
  });

  it('takes the strongest mechanism of all that are offered', async () => {
    await check({}, 'auto');
    expect(used()).toContain('SCRAM-SHA-256');
  });

  it('goes on to the next mechanism where the server turns out not to know one', async () => {
    const unknown = reply('{tag} NO [CANNOT] Unsupported authentication mechanism.');
    const report = await check({ rules: [{ at: 'auth', times: 2, name: 'unknown', reaction: unknown }] }, 'auto');
    expect(report.failure).toBeNull();
    expect(logins()).toEqual(['SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN']);
    expect(report.steps.find(({ step }) => step === 'auth')?.detail).toBe('PLAIN');
  });

  it('tries a refused password once, whatever else the server offers', async () => {
    const refused = reply('{tag} NO [AUTHENTICATIONFAILED] Authentication failed.');
    const report = await check({ rules: [{ at: 'auth', times: 1, name: 'refused', reaction: refused }] }, 'auto');
    expect(report.failure?.kind).toBe('InvalidCredentials');
    expect(logins()).toEqual(['SCRAM-SHA-256']);
  });

  it('hands over name and password as they are where that is asked for, by what the server takes', async () => {
    expect((await check({ mechanisms: ['CRAM-MD5', 'LOGIN'] }, 'basic')).failure).toBeNull();
    expect(logins()).toEqual(['LOGIN']);
    await server.close();
    expect((await check({ mechanisms: ['CRAM-MD5'] }, 'basic')).failure).toBeNull();
    expect(used()).toMatch(/^\S+ LOGIN /);
  });

  it('uses no mechanism that cannot say whom the account is to act for', async () => {
    const service = { userName: 'service', password, address: 'service@example.test', mayActFor: [address] };
    const asService = async (mechanisms: readonly SaslMechanism[]) => {
      server = await startImapServer({ accounts: [service, { userName: address, password, address }], mechanisms });
      return imapProbe({ connector: connectors.permitted }).check(
        {
          protocol: 'imap',
          host: Host.orThrow(server.host),
          port: server.port,
          tls: 'none',
          mechanism: 'auto',
          address: EmailAddress.orThrow(address),
          loginTemplate: 'authzid={mailbox}',
          folderTemplate: null,
          deadlineMs: 20_000,
        },
        { userName: 'service', secret: new Secret(password), kind: 'password', ofProfile: true },
      );
    };
    expect((await asService(['CRAM-MD5', 'LOGIN'])).failure?.kind).toBe('AuthMechanismUnsupported');
    expect(used()).toBe('');
    await server.close();
    expect((await asService(['CRAM-MD5', 'PLAIN'])).failure).toBeNull();
    expect(logins()).toEqual(['PLAIN']);
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

  it('asks for nothing that the server does not offer', async () => {
    const report = await check({ mechanisms: ['PLAIN'] }, 'cram-md5');
    expect(report.failure).toMatchObject({ kind: 'AuthMechanismUnsupported', scope: 'profile' });
    expect(report.failure?.advice.sentence).toContain('PLAIN');
    expect(used()).toBe('');
  });

  it('is not needed on a connection that calls itself logged in, and so proves nothing', async () => {
    const preauth = { at: 'greeting', reaction: { do: 'reply', lines: ['* PREAUTH ready'] } } as const;
    const report = await check({ rules: [preauth] }, 'auto');
    expect(report).toMatchObject({ verdict: 'failed', failure: { kind: 'AuthNotOffered' } });
  });

  it('opens the inbox read-only, and leaves it as it was', async () => {
    await check({}, 'auto');
    const commands = server.transcript.lines('client').map((line) => line.split(' ')[1]);
    expect(commands).toContain('EXAMINE');
    for (const writing of ['SELECT', 'STORE', 'EXPUNGE', 'APPEND', 'CREATE', 'DELETE', 'IDLE', 'COMPRESS']) {
      expect(commands).not.toContain(writing);
    }
  });
});
