import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Certificates } from '../certificates/certificates.ts';
import { createCertificates } from '../certificates/create-certificates.ts';
import { rawClient } from '../test-support/raw-client.ts';
import { createGate } from './gate.ts';
import { type RunningServer, type Session, startLineServer, type WireOptions } from './line-server.ts';
import { closedPort } from './ports.ts';
import { bytes, closeConnection, hold, reply, resetConnection, silence, tlsAlert } from './script.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** Says hello, then repeats every line; UPGRADE becomes TLS. */
const echo: Session = async (connection, conversation) => {
  const greeting = await conversation.step('greeting');
  if (greeting === 'over') return;
  if (greeting === 'usual') await connection.writeLines(['hello']);
  for (;;) {
    const line = await connection.readLine();
    if (line === undefined) return;
    if (line === 'THROW') throw new Error('a session that fails');
    const outcome = await conversation.step(line as Uppercase<string>, line, { user: 'ada', tag: 'a1' });
    if (outcome === 'over') return;
    if (line === 'UPGRADE') connection.discardUnread();
    if (outcome === 'usual') await connection.writeLines([`echo ${line}`]);
    if (line === 'UPGRADE' && !(await connection.upgrade(certificates.leafs.good))) return;
  }
};

const start = async (options: WireOptions = {}): Promise<RunningServer> => {
  const server = await startLineServer(options, echo);
  running.push(server);
  return server;
};

describe('a script', () => {
  test('answers other lines, with placeholders filled in, and the conversation goes on', async () => {
    const server = await start({ rules: [{ at: 'HEY', reaction: reply(['{tag} no', 'not {user}']) }] });
    const client = await rawClient(server.port);
    client.send('HEY', 'YOU');
    expect(await client.until((line) => line === 'echo YOU')).toEqual(['hello', 'a1 no', 'not ada', 'echo YOU']);
    await client.close();
  });

  test.each(['connect', 'greeting'] as const)('closes in an orderly way at %s', async (at) => {
    const server = await start({ rules: [{ at, reaction: closeConnection() }] });
    const client = await rawClient(server.port);
    await client.closed;
    expect([client.text, client.error]).toEqual(['', undefined]);
  });

  test('resets after what it was told to send', async () => {
    const server = await start({ rules: [{ at: 'HEY', reaction: resetConnection() }] });
    const client = await rawClient(server.port);
    expect(await client.line()).toBe('hello');
    client.send('HEY');
    await client.closed;
    expect(client.error).toBe('ECONNRESET');
  });

  test('resets inside TLS', async () => {
    const server = await start({
      tls: 'tls',
      certificate: certificates.leafs.good,
      rules: [{ at: 'HEY', reaction: resetConnection() }],
    });
    const client = await rawClient(server.port, { tls: true, ca: certificates.ca });
    expect(await client.line()).toBe('hello');
    client.send('HEY');
    await client.closed;
    expect(client.error).toBe('ECONNRESET');
  });

  test('goes silent: it reads on and never answers', async () => {
    const server = await start({ rules: [{ at: 'HEY', reaction: silence() }] });
    const client = await rawClient(server.port);
    client.send('HEY', 'YOU');
    await server.transcript.seen(({ line }) => line === 'HEY');
    await client.close();
    await server.transcript.seen(({ line }) => line === 'closed');
    expect(server.transcript.lines('server')).toEqual(['hello']);
  });

  test('sends raw bytes', async () => {
    const server = await start({
      rules: [{ at: 'greeting', reaction: bytes(Uint8Array.of(0, 255, 10), { then: 'close' }) }],
    });
    const client = await rawClient(server.port);
    await client.closed;
    expect(Buffer.concat(client.chunks)).toEqual(Buffer.of(0, 255, 10));
  });

  test('holds an answer until its gate opens', async () => {
    const gate = createGate();
    const server = await start({ rules: [{ at: 'HEY', reaction: hold(gate) }] });
    const client = await rawClient(server.port);
    client.send('HEY');
    await gate.reached();
    expect(server.transcript.lines('server')).toEqual(['hello']);
    gate.open();
    expect(await client.until((line) => line === 'echo HEY')).toEqual(['hello', 'echo HEY']);
    await client.close();
  });

  test('steps in as often as it says, then heals', async () => {
    const server = await start({ rules: [{ at: 'HEY', reaction: reply('not yet'), times: 2 }] });
    const client = await rawClient(server.port);
    client.send('HEY', 'HEY', 'HEY');
    expect(await client.until((line) => line.startsWith('echo'))).toEqual(['hello', 'not yet', 'not yet', 'echo HEY']);
    await client.close();
  });

  test('can differ from connection to connection, and by what was sent', async () => {
    const server = await start({
      script: (connection) =>
        connection === 1 ? [] : [{ at: ['HEY', 'YOU'], when: (line) => line === 'YOU', reaction: reply('second') }],
    });
    for (const answers of [
      ['echo HEY', 'echo YOU'],
      ['echo HEY', 'second'],
    ]) {
      const client = await rawClient(server.port);
      client.send('HEY', 'YOU');
      expect(await client.until((line) => line === answers[1])).toEqual(['hello', ...answers]);
      await client.close();
    }
  });
});

describe('TLS', () => {
  test.each([
    [70, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    [80, 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'],
  ])('alert %i is what the client sees', async (alert, code) => {
    const server = await start({
      tls: 'tls',
      certificate: certificates.leafs.good,
      rules: [{ at: 'tls', reaction: tlsAlert(alert) }],
    });
    await expect(rawClient(server.port, { tls: true, ca: certificates.ca })).rejects.toMatchObject({ code });
  });

  test('an upgrade in the conversation discards what came in clear behind the command', async () => {
    const server = await start();
    const client = await rawClient(server.port);
    client.send('UPGRADE', 'INJECTED');
    expect(await client.until((line) => line === 'echo UPGRADE')).toEqual(['hello', 'echo UPGRADE']);
    await client.secure(certificates.ca);
    client.send('SAFE');
    expect(await client.line()).toBe('echo SAFE');
    await client.close();
    expect(server.transcript.lines('client')).toEqual(['UPGRADE', 'SAFE']);
  });

  test('needs a certificate', async () => {
    await expect(start({ tls: 'tls' })).rejects.toThrow('certificate: needed');
  });
});

describe('a server', () => {
  test('splits what it sends at every byte: the client sees packets of one byte', async () => {
    const server = await start({ split: 'byte' });
    const client = await rawClient(server.port);
    client.send('HEY');
    expect(await client.until((line) => line.startsWith('echo'))).toEqual(['hello', 'echo HEY']);
    expect(client.chunks.map(({ length }) => length)).toEqual(new Array(client.text.length).fill(1));
    await client.close();
  });

  test('survives a session that throws', async () => {
    const server = await start();
    const first = await rawClient(server.port);
    first.send('THROW');
    await first.closed;
    const second = await rawClient(server.port);
    expect(await second.line()).toBe('hello');
    await second.close();
    expect(server.transcript.lines('event', 1)).toContain('session failed: Error: a session that fails');
  });

  test('close() breaks what is open, also what is held, silent or in a handshake, and frees the port', async () => {
    const handles = (): readonly string[] => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'));
    const before = handles();
    const gate = createGate();
    const certificate = certificates.leafs.good;
    const servers = [
      await start({ rules: [{ at: 'HEY', reaction: hold(gate) }] }),
      await start({ rules: [{ at: 'connect', reaction: silence() }] }),
      await start({ tls: 'tls', certificate }),
      await start({ rules: [{ at: 'HEY', reaction: hold(undefined, 3_600_000) }] }),
      await start(),
    ];
    const clients = await Promise.all(servers.map(({ port }) => rawClient(port)));
    for (const client of clients) client.send('HEY');
    await gate.reached();
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(clients.map((client) => client.closed));
    expect(servers.map(({ open }) => open)).toEqual([0, 0, 0, 0, 0]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(handles()).toEqual(before);
    for (const { port } of servers) expect(await closedPort('127.0.0.1', port)).toBe(port);
  });

  test('says which port is taken', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
