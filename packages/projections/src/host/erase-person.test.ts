import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Actor,
  mailboxIdOf,
  OrganizationId,
  type Position,
  PrincipalId,
  privileges,
  type Seal,
} from '@mailroom/domain';
import { sqliteEventStore } from '@mailroom/event-store-sqlite';
import { type RunningPersonas, startPersonas } from '@mailroom/mail-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailroom as runCommand } from '../cli/test-support/mailroom.ts';
import type { Mailroom } from './mailroom.ts';
import { openMailroom } from './open-mailroom.ts';

const organizationId = OrganizationId.orThrow('org-1');
const admin: Actor = {
  kind: 'person',
  id: PrincipalId.orThrow('admin'),
  organizationId,
  privileges: [...privileges],
  teams: [],
};
const personal = {
  name: 'Augusta Kingsley-Noel',
  address: 'augusta.kingsley@analytical.example',
  userName: 'augusta.login@analytical.example',
  password: 'note-g-bernoulli',
};
const other = { name: 'Charles Somerset-Hill', address: 'charles.somerset@analytical.example' };
const mailboxId = mailboxIdOf(organizationId, 'user', 'u-1');

const right = <L, A>(result: E.Either<L, A>): A => {
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};

let folder: string;
let sandbox: RunningPersonas;
/** Two processes' worth of Mailroom on the same files: one erases, the other one hears of it. */
let ours: Mailroom;
let theirs: Mailroom;
let seal: Seal;
let erasedAt: Position;

const at = (name: string): string => join(folder, name);
const open = (runChecks: boolean) =>
  openMailroom({
    store: at('events.db'),
    views: { file: at('views.db') },
    vault: { directory: at('vault'), key: { file: at('master.key') } },
    deployment: { allowedAddresses: ['127.0.0.0/8'], trustedCertificates: [sandbox.ca] },
    runChecks,
  });

/** A file of the folder that holds one of these texts, as people or as base64 write them. */
const findInFiles = (texts: readonly string[]): readonly string[] => {
  const forms = texts.flatMap((text) => [text, text.toLowerCase(), Buffer.from(text).toString('base64').slice(0, -4)]);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      return forms.filter((form) => bytes.includes(form)).map((form) => `${path}: ${form}`);
    });
};

/** What a process answers and shows of the mailbox, its alerts and its history. */
const shown = async (mailroom: Mailroom): Promise<string> => {
  const as = mailroom.as(admin);
  const mailboxes = right(await as.find('mailboxes'));
  const alerts = right(await as.find('alerts', { list: 'all' }));
  return JSON.stringify([mailboxes, alerts]);
};

const backUp = async (name: string): Promise<Seal> => {
  const store = sqliteEventStore({ file: at('events.db'), create: false });
  right(await store.backup(at(name))());
  const newest = right(await store.seal());
  await store.close();
  if (newest === null) throw new Error('the history is empty');
  return newest;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-erase-'));
  sandbox = await startPersonas();
  ours = await open(true);
  theirs = await open(false);
  const as = ours.as(admin);
  const profile = sandbox.personas.find(({ id }) => id === 'works-imap')?.profile;
  if (profile === undefined) throw new Error('no such persona');
  const { incoming, outgoing } = profile;
  const created = right(
    await as.execute({
      type: 'CreateProfile',
      name: profile.name,
      serverType: 'imap-smtp',
      incoming: { host: incoming.host, port: incoming.port, tls: incoming.tls, credentials: 'mailbox' },
      outgoing: { host: outgoing.host, port: outgoing.port, tls: outgoing.tls, credentials: 'mailbox' },
    }),
  );
  const register = { type: 'RegisterMailbox', kind: 'user', profileId: created.result.profileId, act: 'none' } as const;
  const channels = { incoming: 'serverSide', outgoing: 'serverSide' } as const;
  for (const [id, { name, address }] of [['u-1', personal] as const, ['u-2', other] as const]) {
    const owner = { kind: 'user', id } as const;
    right(await as.execute({ ...register, ...channels, regardingId: id, owner, name, address }));
  }
  const { userName, password } = personal;
  right(await as.execute({ type: 'SetMailboxCredentials', mailboxId, userName, password }));
  right(await as.execute({ type: 'TestAndEnable', mailboxIds: [mailboxId] }));
  await ours.idle();
  await theirs.idle();
}, 60_000);

afterAll(async () => {
  await Promise.all([ours.close(), theirs.close()]);
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

test('no file ever holds what is personal in clear: not the events, the rows, their logs, the vault, nor a backup', async () => {
  for (const one of [ours, theirs]) {
    expect(await shown(one)).toContain(personal.name);
    expect(await shown(one)).toContain('InvalidCredentials');
  }
  seal = await backUp('before.db');
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['events.db-wal', 'views.db-wal', 'before.db']));
  expect(findInFiles([...Object.values(personal), ...Object.values(other)])).toEqual([]);
});

test('once a person is erased no process shows them any more, and everybody else stays', async () => {
  const erased = right(await ours.as(admin).execute({ type: 'ErasePerson', kind: 'user', id: 'u-1' }));
  expect(erased.result).toMatchObject({ mailboxId });
  await ours.idle();
  const store = sqliteEventStore({ file: at('events.db'), create: false });
  erasedAt = right(await store.head())!;
  await store.close();
  await theirs.idle();

  for (const one of [ours, theirs]) {
    const now = await shown(one);
    for (const text of Object.values(personal)) expect(now).not.toContain(text);
    expect(now).toContain('[erased]');
    expect(now).toContain(other.address);
  }
});

test('the files hold nothing of them afterwards, and the rows are those of a replay', async () => {
  await backUp('after.db');
  await Promise.all([ours.close(), theirs.close()]);
  expect(findInFiles(Object.values(personal))).toEqual([]);
  const history = ['--store', at('events.db'), '--vault', at('vault'), '--vault-key', at('master.key')];
  const verified = await runCommand(['audit', 'verify', ...history, '--views', at('views.db'), '--json']);
  expect({ ...verified, out: JSON.parse(verified.out) as unknown }).toMatchObject({
    code: 0,
    out: {
      sound: true,
      checks: expect.arrayContaining([expect.objectContaining({ check: 'views', status: 'passed' })]) as unknown,
    },
  });

  const store = sqliteEventStore({ file: at('events.db'), create: false });
  expect(right(await store.verify({ known: [seal] })()).seal?.position).toBe(erasedAt);
  await store.close();
});

test('a backup of before reads as erased too', async () => {
  const backup = ['--store', at('before.db'), '--vault', at('vault'), '--vault-key', at('master.key')];
  const trail = await runCommand(['audit', 'trail', ...backup, '--json']);
  expect(trail.code).toBe(0);
  for (const text of Object.values(personal)) expect(trail.out).not.toContain(text);
  expect(trail.out).toContain(other.name);
  expect(trail.out).toContain('[erased]');
});
