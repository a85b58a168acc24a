import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningPersonas, startPersonas } from '@mailroom/mail-sandbox';
import { type ActingMailroom, type Mailroom, openMailroom, orThrow, privileges } from '@mailroom/projections/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explain, previewApproval, rename, showWall, testOnce, testWithMessage, whyNoPasswordHere } from './recipes.ts';

let folder: string;
let sandbox: RunningPersonas;
let mailroom: Mailroom;
let me: ActingMailroom;
let mailboxId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-recipes-'));
  sandbox = await startPersonas();
  mailroom = await openMailroom({
    store: join(folder, 'mailroom.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'vault.key') } },
    deployment: { allowedAddresses: ['127.0.0.0/8'], trustedCertificates: [sandbox.ca] },
  });
  me = mailroom.as({ id: 'grace', organizationId: 'my-company', privileges });
  const incoming = { host: '127.0.0.1', port: sandbox.ports.imap };
  const profile = await me.execute({ type: 'CreateProfile', name: 'Mail', serverType: 'imap-smtp', incoming });
  const { profileId } = orThrow(profile).result;
  const box = { kind: 'user', regardingId: 'grace', name: 'Grace', address: 'ada@example.test' } as const;
  const registered = await me.execute({ type: 'RegisterMailbox', ...box, profileId, incoming: 'serverSide' });
  ({ mailboxId } = orThrow(registered).result);
});
afterAll(async () => {
  await mailroom.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a reader finds its own write', async () => {
  expect((await rename(me, mailboxId, 'Grace Hopper'))?.name).toBe('Grace Hopper');
  // Again: nothing is written, and there is nothing to wait for.
  expect((await rename(me, mailboxId, 'Grace Hopper'))?.name).toBe('Grace Hopper');
});

test('a refusal is told field by field; trouble is worth another try', async () => {
  const refused = await me.executeUnknown({
    type: 'CreateProfile',
    name: 'Mail',
    serverType: 'exchange',
    incoming: {},
  });
  if (refused._tag === 'Right') throw new Error('accepted');
  expect(explain(refused.left)).toEqual({
    fields: [
      { field: 'serverType', sentence: 'serverType: expected "pop3-smtp" or "imap-smtp".' },
      { field: 'incoming.host', sentence: expect.stringMatching(/^incoming.host: expected a host/) as string },
    ],
  });
  expect(explain({ _tag: 'StoreUnavailable', cause: null })).toHaveProperty('tryAgain');
});

test('a preview says what would change and changes nothing', async () => {
  expect(await previewApproval(me, [mailboxId])).toEqual(['approval: pending → approved']);
  expect(await previewApproval(me, [mailboxId])).toEqual(['approval: pending → approved']);
});

test('credentials are entered over secure channels only, and a host knows beforehand', () => {
  expect(whyNoPasswordHere(mailroom, 'grace', true)).toBeNull();
  expect(whyNoPasswordHere(mailroom, 'grace', false)).toMatch(/encrypted|secure/);
});

test('a repeated request tests once, and the wall shows what came of it', async () => {
  const stop = new AbortController();
  const walls: string[][] = [];
  const watching = showWall(
    me,
    (alerts) => {
      walls.push(alerts.map(({ kind }) => kind));
      if (alerts.length > 0) stop.abort();
    },
    stop.signal,
  );
  orThrow(
    await me.execute({ type: 'SetMailboxCredentials', mailboxId, userName: 'ada@example.test', password: 'wrong' }),
  );
  const requestId = randomUUID();
  const first = orThrow(await testOnce(me, [mailboxId], requestId));
  const again = orThrow(await testOnce(me, [mailboxId], requestId));
  expect([first.duplicate, again.duplicate, again.position]).toEqual([false, true, first.position]);
  await watching;
  expect(walls).toEqual([[], ['InvalidCredentials']]);
});

test('a mailbox that cannot send is sent no test message, and that is told', async () => {
  const told = await testWithMessage(me, mailboxId);
  expect(told).toMatchObject({ outcome: 'notSent', advice: null });
  expect(told?.text.sentence).toMatch(/^No test message was sent/);
});

test('the first program of the guide tests a mailbox', async () => {
  const ada = sandbox.personas.find(({ id }) => id === 'works-imap');
  const program = fileURLToPath(new URL('./first-mailbox.mts', import.meta.url));
  const cwd = mkdtempSync(join(folder, 'first-'));
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--conditions=@mailroom/source', program],
    {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        MAIL_HOST: '127.0.0.1',
        IMAP_PORT: String(sandbox.ports.imap),
        SMTP_PORT: String(sandbox.ports.smtp),
        MAIL_ADDRESS: ada?.address,
        MAIL_PASSWORD: ada?.password,
        MAIL_CA: sandbox.ca,
      },
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(output).toBe('incoming success - outgoing success\n');
});
