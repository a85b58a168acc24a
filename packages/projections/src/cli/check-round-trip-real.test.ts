import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRequired } from '@mailroom/domain/testing';
import { type RealMailServers, realServerPrograms, startRealMailServers } from '@mailroom/mail-sandbox/real';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './program.ts';

const { dovecot, postfix, hint } = realServerPrograms();
const canRun = dovecot && postfix;
if (!canRun && (isRequired('dovecot') || isRequired('postfix'))) throw new Error(hint);
if (!canRun) console.info(`The round trip through Postfix and Dovecot is not tested: ${hint}`);

describe.runIf(canRun)('a message through Postfix into Dovecot', () => {
  let servers: RealMailServers;
  beforeAll(async () => {
    servers = await startRealMailServers({ postfix: true });
    writeFileSync(join(servers.directory, 'ca.pem'), servers.ca);
  }, 60_000);
  afterAll(() => servers.close());

  /** The names of what lies in the mailbox; what has been looked at may have moved from one folder to the other. */
  const messagesOf = (userName: string): number =>
    ['new', 'cur']
      .flatMap((folder) => readdirSync(join(servers.directory, 'mail', userName, folder)))
      .filter((name) => !name.startsWith('.')).length;

  test.each([
    ['imap', 'tls'],
    ['imap', 'starttls'],
    ['pop3', 'tls'],
    ['pop3', 'starttls'],
  ] as const)('is found by %s over %s, and removed', { timeout: 60_000 }, async (protocol, tls) => {
    const [user] = servers.users;
    const { postfix: ports } = servers;
    if (user === undefined || ports === null) throw new Error('the servers are incomplete');
    const host = servers.addresses.good;
    const incoming = servers.dovecot[tls === 'tls' ? (`${protocol}s` as const) : protocol];
    const outgoing = tls === 'tls' ? ports.smtps : ports.submission;
    const args = ['check', 'smtp', host, String(outgoing), '--tls', tls, '--user', user.userName, '--json'];
    const trust = ['--ca', join(servers.directory, 'ca.pem'), '--allow', '127.0.0.0/8'];
    let out = '';
    const code = await run(
      [...args, '--password-env', 'P', ...trust, '--round-trip', `${protocol}://${host}:${incoming}`],
      {
        out: (text) => (out += text),
        error: (text) => (out += text),
        env: { P: user.password },
        isTerminal: false,
        signal: new AbortController().signal,
      },
    );
    expect({ code, document: JSON.parse(out) as unknown }).toMatchObject({
      code: 0,
      document: { verdict: 'passed', roundTrip: { verdict: 'passed', kind: null, warnings: [] } },
    });
    const { roundTrip } = JSON.parse(out) as { roundTrip: { found: readonly { step: string; status: string }[] } };
    for (const step of ['find', 'cleanup']) {
      expect(roundTrip.found.find((one) => one.step === step)).toMatchObject({ status: 'passed' });
    }
    expect(messagesOf(user.userName)).toBe(0);
  });
});
