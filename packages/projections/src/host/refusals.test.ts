import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailboxIdOf, privileges } from '@mailroom/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mailroom } from './mailroom.ts';
import { openMailroom } from './open-mailroom.ts';
import { orThrow } from './or-throw.ts';

// What people may not do is refused by name, and the auditor finds it; what was erased nobody finds.

let folder: string;
let mailroom: Mailroom;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-refusals-'));
  mailroom = await openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
  });
});
afterAll(async () => {
  await mailroom.close();
  rmSync(folder, { recursive: true, force: true });
});

const admin = () => mailroom.as({ id: 'grace', organizationId: 'org-1', privileges });
const clerk = () => mailroom.as({ id: 'clerk', organizationId: 'org-1', privileges: [] }, { secureChannel: false });
const mailboxId = mailboxIdOf('org-1', 'user', 'clerk');

const trail = async (): Promise<readonly string[]> =>
  orThrow(await admin().find('history', { limit: 1000 })).rows.map(
    ({ actorId, text }) => `${actorId}: ${text.sentence}`,
  );

test('commands and queries that are refused stand in the trail, once, with the privilege that was missing', async () => {
  const box = { type: 'RegisterMailbox', kind: 'user', regardingId: 'clerk', name: 'Clerk' } as const;
  orThrow(await admin().execute({ ...box, address: 'clerk@private.example' }));

  for (let time = 0; time < 3; time++) {
    expect(await clerk().execute({ type: 'ApproveMailbox', mailboxIds: [mailboxId] })).toMatchObject({
      left: { _tag: 'PrivilegeMissing' },
    });
    expect(await clerk().find('history')).toMatchObject({
      left: { _tag: 'PrivilegeMissing', privilege: 'audit.read' },
    });
    const own = {
      type: 'SetMailboxCredentials',
      mailboxId,
      userName: 'clerk-login',
      password: 'clerk-secret',
    } as const;
    expect(await clerk().execute(own)).toMatchObject({ left: { _tag: 'CredentialsOverInsecureChannel' } });
  }
  expect((await trail()).filter((line) => line.startsWith('clerk'))).toEqual([
    `clerk: ApproveMailbox on ${mailboxId} was refused: the privilege addresses.approve was missing.`,
    'clerk: The view history was refused: the privilege audit.read was missing.',
    `clerk: SetMailboxCredentials on ${mailboxId} was refused: it carried a password over an unencrypted channel.`,
  ]);
  expect((await trail()).join()).not.toMatch(/clerk-login|clerk-secret/);
});

test('owners read the history of what is theirs without a privilege', async () => {
  const own = orThrow(await clerk().find('history', { record: { kind: 'mailbox', id: mailboxId } }));
  expect(own.rows.map(({ type }) => type)).toEqual(['MailboxRegistered']);
});

test('a person who was erased is gone from the trail at once', async () => {
  expect((await trail()).join()).toContain('clerk@private.example');
  const { position } = orThrow(await admin().execute({ type: 'ErasePerson', kind: 'user', id: 'clerk' }));
  expect((await trail()).join()).not.toContain('private.example');
  expect((await trail()).at(-1)).toContain('cannot be read any more');
  const rows = orThrow(await admin().find('mailboxes', { atLeast: position })).rows;
  expect(rows.map(({ active, address }) => ({ active, address }))).toEqual([{ active: false, address: null }]);
});
