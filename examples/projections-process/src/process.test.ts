import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openMailroom, orThrow, privileges } from '@mailroom/projections/host';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mailroom, type Running } from './test-support/running.ts';

const configuration = fileURLToPath(new URL('../mailroom.json', import.meta.url));
const password = 'p4ssw0rd of a mailbox';
let folder: string;
let running: Running | undefined;

const data = (name: string): string => join(folder, 'data', name);
const admin = { id: 'admin', organizationId: 'org-1', privileges: [...privileges] };

/** The host writes; the views are another process's business. */
const openHost = () =>
  openMailroom({
    store: data('mailroom.db'),
    views: 'memory',
    vault: { directory: data('vault'), key: { file: data('vault.key') } },
    runChecks: false,
  });
const register = (host: Awaited<ReturnType<typeof openHost>>, id: string) =>
  host.as(admin).execute({
    type: 'RegisterMailbox',
    kind: 'queue',
    regardingId: id,
    owner: { kind: 'user', id: 'ada' },
    name: `Desk ${id}`,
    address: `${id}@example.org`,
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-process-'));
  mkdirSync(join(folder, 'data'));
  // Paths in the file are relative to it.
  copyFileSync(configuration, join(folder, 'mailroom.json'));
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.ended;
  rmSync(folder, { recursive: true, force: true });
});

test('beside a host: it catches up, says that it is ready, serves its figures, follows, and ends within five seconds of SIGTERM', async () => {
  const host = await openHost();
  const registered = orThrow(await register(host, 'first'));
  orThrow(
    await host.as(admin).execute({
      type: 'SetMailboxCredentials',
      mailboxId: registered.result.mailboxId,
      userName: 'first@example.org',
      password,
    }),
  );
  const key = readFileSync(data('vault.key'), 'utf8').trim();

  running = mailroom(['projections', 'run', '--config', join(folder, 'mailroom.json'), '--log-level', 'trace'], {
    // A flag wins over a variable, a variable over the file.
    MAILROOM_LISTEN: '127.0.0.1:0',
    MAILROOM_LOG_LEVEL: 'silent',
  });
  const serving = JSON.parse(await running.line((line) => line.includes('"url"'))) as { url: string };
  await running.line((line) => line.includes('"projection":"mailboxes"') && line.includes('"state":"live"'));
  const ready = await fetch(`${serving.url}/health/ready`);
  expect(ready.status).toBe(200);

  const position = orThrow(await register(host, 'second')).position;
  const positionOf = async (): Promise<string | null | undefined> => {
    const { projections } = (await (await fetch(`${serving.url}/health/ready`)).json()) as {
      projections: readonly { name: string; position: string | null }[];
    };
    return projections.find(({ name }) => name === 'mailboxes')?.position;
  };
  await expect.poll(async () => ((await positionOf()) ?? '') >= (position ?? ''), { timeout: 20_000 }).toBe(true);
  expect(await (await fetch(`${serving.url}/metrics`)).text()).toMatch(
    /^mailroom_projection_state\{name="mailboxes",kind="view",state="live"\} 1$/m,
  );
  await host.close();

  const before = performance.now();
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(performance.now() - before).toBeLessThan(5000);
  const said = running.said();
  expect(said).toContain('projections end');
  for (const secret of [password, key, 'first@example.org', 'Desk first']) expect(said).not.toContain(secret);
});

test('what a person mistyped ends it with exit code 2 and every name, before anything is made', async () => {
  running = mailroom(['projections', 'run', '--config', join(folder, 'mailroom.json')], {
    MAILROOM_STALE_AFTER: 'soon',
  });
  expect(await running.ended).toBe(2);
  expect(running.said()).toContain('MAILROOM_STALE_AFTER: expected a whole number');
});
