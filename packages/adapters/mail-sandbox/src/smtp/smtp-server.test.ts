import { createTransport, type TransportOptions } from 'nodemailer';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../accounts/account.ts';
import { createMessageStore } from '../accounts/message-store.ts';
import type { Certificates } from '../certificates/certificates.ts';
import { createCertificates } from '../certificates/create-certificates.ts';
import { base64, cramResponse, rawClient, type RawClient, scramClient, unbase64 } from '../test-support/raw-client.ts';
import type { RunningServer } from '../wire/line-server.ts';
import { startSmtpServer } from './smtp-server.ts';
import type { SmtpServerOptions } from './smtp-settings.ts';

const ada: Account = {
  userName: 'ada',
  password: 'pa ss"wörd ',
  tokens: ['ya29.ada'],
  address: 'ada@example.test',
  maySendAs: ['sales@example.test'],
};
const grace: Account = { userName: 'grace', password: 'grace-secret', address: 'grace@example.test' };
const master: Account = {
  userName: 'master',
  password: 'm4ster-key',
  address: 'master@example.test',
  mayActFor: ['ada'],
};

let certificates: Certificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
const start = async (options: SmtpServerOptions = {}): Promise<RunningServer> => {
  const server = await startSmtpServer({
    tls: 'starttls',
    certificate: certificates.leafs.good,
    accounts: [ada, grace, master],
    ...options,
  });
  running.push(server);
  return server;
};

const verify = async (server: RunningServer, auth: object): Promise<string> => {
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.tls === 'tls',
    requireTLS: server.tls === 'starttls',
    forceAuth: true,
    auth,
    tls: { ca: certificates.ca },
  } as TransportOptions);
  try {
    await transport.verify();
    return 'logged in';
  } catch (error) {
    return String((error as { responseCode?: number }).responseCode);
  }
};

/** Greeting, EHLO, STARTTLS, EHLO. */
const secured = async (server: RunningServer): Promise<RawClient> => {
  const client = await rawClient(server.port);
  await client.line();
  client.send('EHLO test', 'STARTTLS');
  await client.until((line) => line.startsWith('220 '));
  await client.secure(certificates.ca);
  client.send('EHLO test');
  await client.until((line) => line.startsWith('250 '));
  return client;
};

const answer = async (client: RawClient, line: string): Promise<string> => {
  client.send(line);
  return (await client.line()) ?? 'nothing';
};

describe('nodemailer', () => {
  test.each(['starttls', 'tls'] as const)(
    'logs in with a password over %s, by every mechanism it knows',
    async (tls) => {
      for (const mechanism of ['PLAIN', 'LOGIN', 'CRAM-MD5'] as const) {
        const server = await start({ tls, mechanisms: [mechanism] });
        expect(await verify(server, { user: 'ada', pass: ada.password })).toBe('logged in');
        expect(await verify(server, { user: 'ada', pass: ada.password.trimEnd() })).toBe('535');
        expect(await verify(server, { user: 'nobody', pass: ada.password })).toBe('535');
      }
    },
  );

  test('logs in with a token', async () => {
    const server = await start({ mechanisms: ['XOAUTH2'] });
    expect(await verify(server, { type: 'OAuth2', user: 'ada', accessToken: 'ya29.ada' })).toBe('logged in');
    expect(await verify(server, { type: 'OAuth2', user: 'ada', accessToken: 'ya29.eve' })).toBe('535');
    expect(await verify(server, { type: 'OAuth2', user: 'grace', accessToken: 'ya29.ada' })).toBe('535');
  });

  test('delivers a message into the store, dots and 8-bit content included', async () => {
    const store = createMessageStore();
    const server = await start({ store });
    const transport = createTransport({
      host: server.host,
      port: server.port,
      requireTLS: true,
      auth: { user: 'ada', pass: ada.password },
      tls: { ca: certificates.ca },
    } as TransportOptions);
    const raw = 'Subject: Dots\r\n\r\n.\r\n..two\r\nGrüße\r\n';
    await transport.sendMail({ envelope: { from: 'sales@example.test', to: ['grace@example.test'] }, raw });
    const message = await store.delivered('grace@example.test');
    expect(message.content.toString()).toBe(raw);
  });
});

describe('mechanisms that need a client of their own', () => {
  test('SCRAM-SHA-256: proof and signature are those of RFC 5802', async () => {
    const server = await start();
    for (const [password, last] of [
      ['m4ster-key', '235'],
      ['m4ster-kex', '535'],
    ] as const) {
      const client = await secured(server);
      const scram = scramClient('master', password);
      const challenge = await answer(client, `AUTH SCRAM-SHA-256 ${scram.first}`);
      const outcome = await answer(client, scram.final(challenge.slice(4)));
      if (last === '535') expect(outcome).toMatch(/^535 /);
      else {
        expect(scram.verified(outcome.slice(4))).toBe(true);
        expect(await answer(client, '')).toMatch(/^235 /);
      }
      await client.close();
    }
  });

  test('OAUTHBEARER: a refused token is explained before it is refused', async () => {
    const server = await start({ tokenError: { status: 'invalid_token', scope: 'mail' } });
    const client = await secured(server);
    const challenge = await answer(client, `AUTH OAUTHBEARER ${base64('n,a=ada,\x01auth=Bearer ya29.eve\x01\x01')}`);
    expect(JSON.parse(unbase64(challenge.slice(4)))).toEqual({ status: 'invalid_token', scope: 'mail' });
    expect(await answer(client, 'AQ==')).toMatch(/^535 /);
    expect(await answer(client, `AUTH OAUTHBEARER ${base64('n,a=ada,\x01auth=Bearer ya29.ada\x01\x01')}`)).toMatch(
      /^235 /,
    );
    await client.close();
  });

  test('CRAM-MD5 needs no encryption, so it is offered in clear where passwords are not', async () => {
    const server = await start({ tls: 'none', allowPlainText: false });
    const client = await rawClient(server.port);
    client.send('EHLO test');
    expect(await client.until((line) => line.startsWith('250 '))).toContain('250-AUTH CRAM-MD5 SCRAM-SHA-256');
    expect(await answer(client, 'AUTH PLAIN')).toMatch(/^538 5\.7\.11 /);
    const challenge = await answer(client, 'AUTH CRAM-MD5');
    expect(await answer(client, cramResponse('grace', 'grace-secret', challenge.slice(4)))).toMatch(/^235 /);
    await client.close();
  });

  test('an authorization identity opens only what the account may act for', async () => {
    const server = await start();
    const plain = (authorizationId: string): string => base64(`${authorizationId}\0master\0m4ster-key`);
    for (const [authorizationId, outcome] of [
      ['ada', /^235 /],
      ['ada@example.test', /^235 /],
      ['grace', /^535 5\.7\.1 /],
      ['nobody', /^535 5\.7\.1 /],
    ] as const) {
      const client = await secured(server);
      expect(await answer(client, `AUTH PLAIN ${plain(authorizationId)}`)).toMatch(outcome);
      await client.close();
    }
    const client = await secured(server);
    expect(await answer(client, `AUTH PLAIN ${base64('\0ada*master\0m4ster-key')}`)).toMatch(/^235 /);
    await client.close();
  });
});

describe('a conversation', () => {
  test('refuses the password before STARTTLS', async () => {
    const server = await start();
    const client = await rawClient(server.port);
    client.send('EHLO test');
    expect((await client.until((line) => line.startsWith('250 '))).join()).not.toContain('AUTH');
    expect(await answer(client, 'AUTH PLAIN')).toMatch(/^530 5\.7\.0 Must issue a STARTTLS/);
    await client.close();
  });

  test('says no where a submission server does', async () => {
    const server = await start({ maxSize: 1000 });
    const client = await secured(server);
    expect(await answer(client, 'MAIL FROM:<ada@example.test>')).toMatch(/^530 5\.7\.0 /);
    expect(await answer(client, 'AUTH NTLM')).toMatch(/^504 5\.5\.4 /);
    expect(await answer(client, `AUTH PLAIN ${base64('\0grace\0grace-secret')}`)).toMatch(/^235 /);
    expect(await answer(client, 'AUTH PLAIN')).toMatch(/^503 /);
    expect(await answer(client, 'RCPT TO:<ada@example.test>')).toMatch(/^503 /);
    expect(await answer(client, 'MAIL FROM:<grace@example.test> SIZE=1001')).toMatch(/^552 5\.3\.4 /);
    expect(await answer(client, 'MAIL FROM:<ada@example.test>')).toMatch(/^250 /);
    expect(await answer(client, 'RCPT TO:<ada@example.test>')).toMatch(
      /^553 5\.7\.1 <ada@example.test>.* not owned by user grace/,
    );
    expect(await answer(client, 'RSET')).toMatch(/^250 /);
    expect(await answer(client, 'MAIL FROM:<grace@example.test>')).toMatch(/^250 /);
    expect(await answer(client, 'RCPT TO:<missing@example.test>')).toMatch(/^550 5\.1\.1 /);
    expect(await answer(client, 'DATA')).toMatch(/^554 /);
    expect(await answer(client, 'RCPT TO:<someone@elsewhere.test>')).toMatch(/^250 /);
    expect(await answer(client, 'DATA')).toMatch(/^354 /);
    client.send('x'.repeat(999), '.');
    expect(await client.line()).toMatch(/^552 5\.3\.4 /);
    expect(await answer(client, 'BANANA')).toMatch(/^500 /);
    expect(await answer(client, 'QUIT')).toMatch(/^221 /);
    await client.closed;
  });

  test('leaves no secret in the transcript, whatever the mechanism and the outcome', async () => {
    const server = await start();
    const client = await secured(server);
    const secret = 'wr0ng-s3cret';
    await answer(client, `AUTH PLAIN ${base64(`\0ada\0${secret}`)}`);
    await answer(client, 'AUTH LOGIN');
    await answer(client, base64('ada'));
    await answer(client, base64(secret));
    await answer(client, 'AUTH XOAUTH2');
    await answer(client, base64(`user=ada\x01auth=Bearer ${secret}\x01\x01`));
    await answer(client, '');
    await answer(client, 'QUIT');
    const seen = JSON.stringify(server.transcript.entries);
    expect(seen).toContain('AUTH PLAIN ***');
    for (const form of [secret, base64(secret), base64(`\0ada\0${secret}`), base64('ada').slice(0, 4)]) {
      expect(seen).not.toContain(form);
    }
  });
});
