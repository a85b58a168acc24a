import type { StepReport, StepStarted } from '@mailroom/domain';
import { type Certificates, createCertificates, reply, startPop3Server } from '@mailroom/mail-sandbox';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { address, checkPop3, secret } from './test-support/check-pop3.ts';
import { type RawServer, type RawSession, startRawServer } from './test-support/raw-server.ts';

let certificates: Certificates;
let raw: RawServer | undefined;

beforeAll(async () => {
  certificates = await createCertificates();
});
afterEach(async () => {
  await raw?.close();
  raw = undefined;
});
const start = async (session: RawSession): Promise<RawServer> => (raw = await startRawServer(session));

/** A server that answers each command from a table, and everything else with +OK. */
const answering =
  (answers: Readonly<Record<string, string>>, greeting = '+OK ready'): RawSession =>
  (socket, line) => {
    const command = line?.split(' ')[0] ?? '';
    socket.write(line === null ? `${greeting}\r\n` : `${answers[command] ?? '+OK'}\r\n`);
  };

describe('a POP3 conversation', () => {
  it('sends a password exactly as it is, spaces at its end included', async () => {
    const { port } = await start(answering({ CAPA: '-ERR', STAT: '+OK 0 0', UIDL: '+OK\r\n.' }));
    const report = await checkPop3({ port });
    expect(report.failure).toBeNull();
    expect(raw?.received()).toContain(`PASS ${secret}\r\n`);
  });

  it.each([
    ['user name', { userName: 'ada\r\nDELE 1' }],
    ['password', { secret: 'x\r\nDELE 1' }],
    ['password', { secret: 'x\0y' }],
  ])('sends nothing when the %s could smuggle in a command', async (_, given) => {
    const { port } = await start(answering({}));
    const report = await checkPop3({ port, ...given });
    expect(report.failure).toMatchObject({ kind: 'InvalidConfiguration', disposition: 'permanent' });
    expect(raw?.received()).toBe('');
  });

  it('refuses a login template that would smuggle in a command', async () => {
    const { port } = await start(answering({ CAPA: '-ERR' }));
    const report = await checkPop3({ port, ofProfile: true, loginTemplate: '{mailbox}\r\nDELE 1' });
    expect(report.failure?.kind).toBe('InvalidConfiguration');
    expect(raw?.received()).not.toContain('DELE');
  });

  it('leaves the maildrop as it was', async () => {
    const { port } = await start(
      answering({ CAPA: '+OK\r\nUSER\r\nUIDL\r\nTOP\r\n.', STAT: '+OK 2 300', TOP: '+OK\r\nSubject: x\r\n\r\n.' }),
    );
    const report = await checkPop3({ port });
    expect(report.failure).toBeNull();
    expect(raw?.received()).not.toMatch(/DELE|RETR/);
    expect(raw?.received()).toMatch(/QUIT\r\n$/);
  });

  it('forgets what was said before TLS', async () => {
    const server = await startPop3Server({
      tls: 'starttls',
      certificate: certificates.leafs.good,
      accounts: [{ userName: address, password: secret, address }],
      mechanisms: ['CRAM-MD5'],
      userPass: false,
      apop: false,
      rules: [{ at: 'CAPA', reaction: reply(['+OK', 'STLS', 'SASL SCRAM-SHA-256 PLAIN', '.']), times: 1 }],
    });
    const report = await checkPop3({ port: server.port, tls: 'starttls', ca: certificates.ca });
    const commands = server.transcript.entries
      .filter(({ from }) => from === 'client')
      .map(({ line }) => line.split(' ')[0]);
    expect(report.verdict).toBe('passed');
    expect(commands.slice(0, 4)).toEqual(['CAPA', 'STLS', 'CAPA', 'AUTH']);
    expect(server.transcript.lines('client')).toContain('AUTH CRAM-MD5');
    await server.close();
  });

  it('shows neither a foreign banner nor a secret that is sent back', async () => {
    const { port } = await start((socket, line) => {
      socket.write(line === null ? '+OK ready\r\n' : `-ERR [SYS/PERM] you said ${line} and more\r\n`);
    });
    const report = await checkPop3({ port });
    expect(report.failure?.serverText).toContain('you said');
    expect(JSON.stringify(report)).not.toContain(secret.trim());

    await raw?.close();
    const foreign = await start((socket) => socket.write('SSH-2.0-secret-internal-name\r\n'));
    expect(JSON.stringify(await checkPop3({ port: foreign.port }))).not.toContain('secret-internal-name');
  });

  it('caps and strips what a server says', async () => {
    const long = `\u0007bell ${'blah '.repeat(500)}`;
    const { port } = await start(answering({ CAPA: '-ERR', USER: '+OK', PASS: `-ERR ${long}` }));
    const { failure } = await checkPop3({ port });
    expect(failure?.serverText?.length).toBe(300);
    expect(failure?.serverText).not.toContain('\u0007');
  });

  it('ends at its deadline whatever the server does, and says which step it waited for', async () => {
    const { port } = await start((socket, line) => {
      if (line === null) socket.write('+OK ready\r\n');
    });
    const report = await checkPop3({ port, deadlineMs: 300 });
    expect(report.failure).toMatchObject({ kind: 'ServerTemporarilyUnavailable' });
    expect(report.steps.find(({ status }) => status === 'failed')?.step).toBe('capability');
    expect(report.steps.filter(({ status }) => status === 'notRun').map(({ step }) => step)).toEqual([
      'auth',
      'select',
      'list',
      'quit',
    ]);
    await raw?.idle();
  });

  it('ends at once when it is cancelled', async () => {
    const { port } = await start((socket, line) => {
      if (line === null) socket.write('+OK ready\r\n');
      else cancelling.abort();
    });
    const cancelling = new AbortController();
    const report = await checkPop3({ port, options: { signal: cancelling.signal } });
    expect(report).toMatchObject({
      verdict: 'failed',
      failure: { kind: 'Cancelled', disposition: 'ours', phase: 'capability' },
    });
    await raw?.idle();
  });

  it('tells somebody who watches each step when it begins and when it ends', async () => {
    const { port } = await start(answering({ CAPA: '-ERR', STAT: '+OK 0 0', UIDL: '+OK\r\n.' }));
    const seen: (StepStarted | StepReport)[] = [];
    const report = await checkPop3({ port, options: { onStep: (step) => seen.push(step) } });
    expect(seen.filter((step) => 'status' in step)).toEqual(report.steps);
    expect(seen.filter((step) => !('status' in step)).map(({ step }) => step)).toEqual(
      report.steps.map(({ step }) => step),
    );
  });

  it('is not disturbed by a watcher that fails', async () => {
    const { port } = await start(answering({ CAPA: '-ERR', STAT: '+OK 0 0', UIDL: '+OK\r\n.' }));
    const onStep = (): void => {
      throw new Error('watcher');
    };
    expect((await checkPop3({ port, options: { onStep } })).failure).toBeNull();
  });
});
