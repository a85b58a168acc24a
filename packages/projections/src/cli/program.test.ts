import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Actor, OrganizationId, PrincipalId, privileges } from '@mailroom/domain';
import { type RunningPersonas, startPersonas } from '@mailroom/mail-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMailroom } from '../host/open-mailroom.ts';
import { run } from './program.ts';

let folder: string;
let sandbox: RunningPersonas;
let ca: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-cli-'));
  sandbox = await startPersonas();
  ca = join(folder, 'ca.pem');
  writeFileSync(ca, sandbox.ca);
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const mailroom = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  let out = '';
  let error = '';
  const code = await run(args, {
    out: (text) => (out += text),
    error: (text) => (error += text),
    env,
    isTerminal: false,
    signal: new AbortController().signal,
  });
  return { code, out, error };
};

describe('check', () => {
  test('every persona, in both directions, gets its true verdict, exit code and document', async () => {
    for (const { id, userName, password, address, profile, truth } of sandbox.personas) {
      for (const channel of ['incoming', 'outgoing'] as const) {
        const expected = truth[channel];
        if (expected.status === 'failure' && expected.healsAfter !== undefined) continue;
        const { protocol, host, port, tls } = profile[channel];
        const args = ['check', protocol, host, String(port), '--tls', tls, '--user', userName, '--from', address];
        const { code, out, error } = await mailroom(
          [...args, '--password-env', 'PASSWORD', '--ca', ca, '--allow', '127.0.0.0/8', '--json'],
          { PASSWORD: password },
        );
        const document = JSON.parse(out) as Readonly<Record<string, unknown>>;
        expect({ id, channel, code, error }).toEqual({
          id,
          channel,
          code: expected.status === 'failure' ? 1 : 0,
          error: '',
        });
        expect(document['kind']).toBe(expected.status === 'failure' ? expected.kind : null);
        expect(out).not.toContain(password);
      }
    }
  });

  test('says in words what happened', async () => {
    const persona = sandbox.personas.find(({ id }) => id === 'works-imap');
    if (persona === undefined) throw new Error('no such persona');
    const { host, port } = persona.profile.incoming;
    const { code, out } = await mailroom(
      ['check', 'imap', host, String(port), '--user', persona.userName, '--tls', 'tls'].concat([
        '--password-env',
        'P',
        '--ca',
        ca,
        '--allow',
        '127.0.0.0/8',
      ]),
      { P: persona.password },
    );
    expect(code).toBe(0);
    expect(out).toContain('auth');
  });

  test('bad input is told all at once, by option, with exit code 2 and nothing on standard output', async () => {
    const { code, out, error } = await mailroom(
      ['check', 'pop4', 'https://x', '70000', '--tls', 'ssl', '--user', 'u', '--password-env', 'UNSET'].concat([
        '--ca',
        join(folder, 'none.pem'),
        '--timeout',
        '0',
        '--from',
        'nobody',
      ]),
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const name of ['PROTOCOL', 'HOST', 'PORT', '--tls', '--password-env', '--ca', '--timeout', '--from']) {
      expect(error).toContain(`${name}: expected`);
    }
  });

  test.each([[['check', 'imap', 'h']], [['check', 'imap', 'h', '--user', 'u']], [['chek']], [['check', '--colour']]])(
    '%j is bad input',
    async (args) => {
      expect(await mailroom(args)).toMatchObject({ code: 2, out: '' });
    },
  );

  test('an address range that is none is bad input', async () => {
    const args = ['check', 'imap', 'localhost', '--user', 'u', '--password-env', 'P', '--allow', 'everywhere'];
    expect(await mailroom(args, { P: 'x' })).toMatchObject({ code: 2, out: '' });
  });
});

describe('a history', () => {
  const admin: Actor = {
    kind: 'person',
    id: PrincipalId.orThrow('admin'),
    organizationId: OrganizationId.orThrow('org-1'),
    privileges: [...privileges],
    teams: [],
  };
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    const opened = await openMailroom({
      store: at('events.db'),
      views: { file: at('views.db') },
      vault: { directory: at('vault'), key: { file: at('key') } },
    });
    const registered = await opened.as(admin).execute({
      type: 'RegisterMailbox',
      kind: 'queue',
      regardingId: 'support',
      owner: { kind: 'user', id: 'ada' },
      name: 'Support desk',
      address: 'support@example.test',
    });
    expect(registered._tag).toBe('Right');
    await opened.idle();
    await opened.close();
  });

  test('is told with the vault, and without it as far as nothing personal is concerned', async () => {
    const args = ['audit', 'trail', '--store', at('events.db'), '--json'];
    const open = await mailroom([...args, '--vault', at('vault'), '--vault-key', at('key')]);
    expect(open.code).toBe(0);
    expect(open.out).toContain('support@example.test');
    const closed = await mailroom(args);
    expect(closed.code).toBe(0);
    expect(closed.out).not.toContain('support@example.test');
    expect(closed.out).toContain('[erased]');
  });

  test('is filtered by actor and time; nothing that fits is the answer no', async () => {
    const args = ['audit', 'trail', '--store', at('events.db'), '--json'];
    expect((await mailroom([...args, '--actor', 'admin'])).code).toBe(0);
    expect((await mailroom([...args, '--actor', 'nobody'])).code).toBe(1);
    expect((await mailroom([...args, '--since', '2999-01-01'])).code).toBe(1);
    expect((await mailroom([...args, '--since', 'yesterday'])).code).toBe(2);
  });

  test('that does not exist is bad input, and nothing is created', async () => {
    const before = readdirSync(folder);
    for (const args of [
      ['audit', 'trail', '--store', at('no.db')],
      ['audit', 'trail', '--store', at('events.db'), '--vault', at('no-vault'), '--vault-key', at('no-key')],
      ['projections', 'list', '--store', at('no.db')],
    ]) {
      expect(await mailroom(args)).toMatchObject({ code: 2, out: '' });
    }
    expect(readdirSync(folder)).toEqual(before);
  });
});

test('the command itself starts, without a build', async () => {
  const bin = fileURLToPath(new URL('../../bin/mailroom.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [bin, 'check', '--help']);
  expect(stdout).toContain('--password-env');
  const failed = promisify(execFile)(process.execPath, [bin, 'check', 'imap', 'h', '--user', 'u']);
  await expect(failed).rejects.toMatchObject({ code: 2 });
});
