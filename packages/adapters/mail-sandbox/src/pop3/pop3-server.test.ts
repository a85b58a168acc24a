import Pop3Command from 'node-pop3';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../accounts/account.ts';
import { createMessageStore, type MessageStore } from '../accounts/message-store.ts';
import type { Certificates } from '../certificates/certificates.ts';
import { createCertificates } from '../certificates/create-certificates.ts';
import { apopDigest, base64, cramResponse, rawClient, type RawClient } from '../test-support/raw-client.ts';
import type { RunningServer } from '../wire/line-server.ts';
import { startPop3Server } from './pop3-server.ts';
import type { Pop3ServerOptions } from './pop3-settings.ts';

const ada: Account = { userName: 'ada', password: 'pa ss wörd ', tokens: ['ya29.ada'], address: 'ada@example.test' };
const message = 'Subject: Dots\r\n\r\n.\r\n..two\r\nlast\r\n';

let certificates: Certificates;
let store: MessageStore;
beforeAll(async () => {
  certificates = await createCertificates();
});
const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
const start = async (options: Pop3ServerOptions = {}): Promise<RunningServer> => {
  store = createMessageStore(7);
  store.deliver(ada.address, message);
  store.deliver(ada.address, 'Subject: Second\r\n\r\nBody\r\n');
  const server = await startPop3Server({
    tls: 'starttls',
    certificate: certificates.leafs.good,
    accounts: [ada, { userName: 'bob', password: 'simple', address: 'bob@example.test' }],
    store,
    ...options,
  });
  running.push(server);
  return server;
};

const answer = async (client: RawClient, line: string): Promise<string> => {
  client.send(line);
  return (await client.line()) ?? 'nothing';
};
const list = (client: RawClient, line: string): Promise<readonly string[]> => {
  client.send(line);
  return client.until((text) => text === '.' || text.startsWith('-ERR'));
};
const secured = async (server: RunningServer): Promise<readonly [RawClient, string]> => {
  const client = await rawClient(server.port);
  const greeting = (await client.line()) ?? '';
  expect(await answer(client, 'STLS')).toMatch(/^\+OK/);
  await client.secure(certificates.ca);
  return [client, greeting];
};

describe('logins', () => {
  test('USER and PASS: the password is taken as it is, blanks included', async () => {
    const server = await start();
    const [client] = await secured(server);
    expect(await answer(client, 'USER ada')).toBe('+OK');
    expect(await answer(client, `PASS ${ada.password.trimEnd()}`)).toMatch(/^-ERR \[AUTH\]/);
    expect(await answer(client, 'PASS x')).toBe('-ERR No username given.');
    expect(await answer(client, 'USER ada')).toBe('+OK');
    expect(await answer(client, `PASS ${ada.password}`)).toBe('+OK Logged in.');
    expect(await answer(client, 'USER ada')).toMatch(/^-ERR/);
    await client.close();
  });

  test('APOP: only with the timestamp of this greeting', async () => {
    const server = await start();
    const [client, greeting] = await secured(server);
    expect(await answer(client, `APOP ada ${apopDigest('<other@host>', ada.password)}`)).toMatch(/^-ERR \[AUTH\]/);
    expect(await answer(client, `APOP ada ${apopDigest(greeting, ada.password)}`)).toBe('+OK Logged in.');
    await client.close();
    const without = await start({ apop: false });
    const [bare, plainGreeting] = await secured(without);
    expect(plainGreeting).not.toContain('<');
    expect(await answer(bare, 'APOP ada 0')).toBe('-ERR Unknown command.');
    await bare.close();
  });

  test('AUTH: every mechanism of the protocol, right and wrong', async () => {
    const server = await start();
    const attempts = async (password: string, token: string): Promise<readonly string[]> => {
      const outcomes: string[] = [];
      for (const run of [
        (client: RawClient) => answer(client, `AUTH PLAIN ${base64(`\0ada\0${password}`)}`),
        async (client: RawClient) => {
          await answer(client, 'AUTH LOGIN');
          await answer(client, base64('ada'));
          return answer(client, base64(password));
        },
        async (client: RawClient) => {
          const challenge = await answer(client, 'AUTH CRAM-MD5');
          return answer(client, cramResponse('ada', password, challenge.slice(2)));
        },
        async (client: RawClient) => {
          const first = await answer(client, `AUTH XOAUTH2 ${base64(`user=ada\x01auth=Bearer ${token}\x01\x01`)}`);
          return first.startsWith('+ ') ? answer(client, '') : first;
        },
      ]) {
        const [client] = await secured(server);
        outcomes.push((await run(client)).replace(/ .*/, ''));
        await client.close();
      }
      return outcomes;
    };
    expect(await attempts(ada.password, 'ya29.ada')).toEqual(['+OK', '+OK', '+OK', '+OK']);
    expect(await attempts('wrong', 'ya29.eve')).toEqual(['-ERR', '-ERR', '-ERR', '-ERR']);
    expect(JSON.stringify(server.transcript.entries)).not.toContain(base64(`\0ada\0${ada.password}`));
  });

  test('no password in clear, and CAPA does not ask for one, before STLS', async () => {
    const server = await start();
    const client = await rawClient(server.port);
    await client.line();
    const before = await list(client, 'CAPA');
    expect(before).toContain('STLS');
    expect(before).not.toContain('USER');
    expect(await answer(client, 'USER ada')).toMatch(/^-ERR \[AUTH\] Plaintext/);
    expect(await answer(client, 'AUTH PLAIN')).toMatch(/^-ERR \[AUTH\] Plaintext/);
    expect(await answer(client, 'STLS')).toMatch(/^\+OK/);
    await client.secure(certificates.ca);
    const after = await list(client, 'CAPA');
    expect(after).toEqual(expect.arrayContaining(['USER', 'UIDL', 'TOP', 'RESP-CODES', 'AUTH-RESP-CODE']));
    expect(after).not.toContain('STLS');
    await client.close();
  });
});

describe('the maildrop', () => {
  const opened = async (server: RunningServer): Promise<RawClient> => {
    const [client] = await secured(server);
    await answer(client, 'USER ada');
    expect(await answer(client, `PASS ${ada.password}`)).toMatch(/^\+OK/);
    return client;
  };

  test('is listed, read with dots stuffed, and cut by TOP', async () => {
    const client = await opened(await start());
    expect(await answer(client, 'STAT')).toBe(`+OK 2 ${message.length + 'Subject: Second\r\n\r\nBody\r\n'.length}`);
    expect(await list(client, 'UIDL')).toEqual(['+OK 2 messages:', '1 7.1', '2 7.2', '.']);
    expect(await answer(client, 'UIDL 2')).toBe('+OK 2 7.2');
    expect(await answer(client, 'LIST 3')).toMatch(/^-ERR/);
    expect(await list(client, 'TOP 1 2')).toEqual(['+OK', 'Subject: Dots', '', '..', '...two', '.']);
    expect(await list(client, 'RETR 1')).toEqual([
      `+OK ${message.length} octets`,
      ...['Subject: Dots', '', '..', '...two', 'last', '.'],
    ]);
    await client.close();
  });

  test('marks are taken back by RSET, carried out by QUIT, and forgotten with the connection', async () => {
    const server = await start();
    const left = (): readonly number[] => store.folder(ada.address).messages.map(({ uid }) => uid);
    const first = await opened(server);
    expect(await answer(first, 'DELE 1')).toMatch(/^\+OK/);
    expect(await answer(first, 'RETR 1')).toMatch(/^-ERR/);
    expect(await answer(first, 'RSET')).toMatch(/^\+OK/);
    expect(await answer(first, 'DELE 2')).toMatch(/^\+OK/);
    await first.close();
    expect(left()).toEqual([1, 2]);
    const second = await opened(server);
    await answer(second, 'DELE 2');
    expect(await answer(second, 'QUIT')).toMatch(/^\+OK/);
    await second.closed;
    expect(left()).toEqual([1]);
  });

  test('a server without UIDL and TOP says so in CAPA and in its answers', async () => {
    const client = await opened(await start({ without: ['UIDL', 'TOP'], capabilities: ['EXPIRE 0'] }));
    const capabilities = await list(client, 'CAPA');
    expect([capabilities.includes('UIDL'), capabilities.includes('TOP'), capabilities.includes('EXPIRE 0')]).toEqual([
      false,
      false,
      true,
    ]);
    expect([await answer(client, 'UIDL'), await answer(client, 'TOP 1 0')]).toEqual([
      '-ERR Unknown command.',
      '-ERR Unknown command.',
    ]);
    await client.close();
  });
});

test('node-pop3 reads it over TLS', async () => {
  const server = await start({ tls: 'tls', accounts: [{ userName: 'bob', password: 'simple', address: ada.address }] });
  const client = new Pop3Command({
    host: server.host,
    port: server.port,
    tls: true,
    user: 'bob',
    password: 'simple',
    tlsOptions: { ca: certificates.ca },
    servername: 'localhost',
  });
  expect(await client.UIDL()).toEqual([
    ['1', '7.1'],
    ['2', '7.2'],
  ]);
  expect(await client.TOP(1, 1)).toBe('Subject: Dots\r\n\r\n..');
  await client.QUIT();
});
