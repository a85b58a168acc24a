import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privileges } from '@mailroom/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mailroom } from './mailroom.ts';
import { openMailroom } from './open-mailroom.ts';
import { orThrow } from './or-throw.ts';

let folder: string;
let mailroom: Mailroom;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-notes-'));
  mailroom = await openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
    runChecks: false,
  });
});
afterAll(async () => {
  await mailroom.close();
  rmSync(folder, { recursive: true, force: true });
});

test('whoever saves a profile of a known provider is told in the answer how one logs in there', async () => {
  const admin = mailroom.as({ id: 'grace', organizationId: 'org-1', privileges });
  const created = orThrow(
    await admin.execute({
      type: 'CreateProfile',
      name: 'Support',
      serverType: 'imap-smtp',
      incoming: { host: 'imap.gmail.com' },
      outgoing: { host: 'smtp.gmail.com' },
    }),
  );
  const appPassword = {
    key: 'note.AppPasswordNeeded',
    params: { provider: 'Gmail', helpUrl: 'https://myaccount.google.com/apppasswords' },
  };
  expect(created.notes).toMatchObject([appPassword]);
  expect(created.notes[0]?.sentence).toContain('Gmail');

  const { profileId } = created.result;
  const outgoing = { host: 'smtp.office365.com' } as const;
  const cloned = orThrow(await admin.execute({ type: 'CloneProfile', profileId, outgoing }));
  expect(cloned.notes).toMatchObject([appPassword, { key: 'note.OAuthNeeded', params: { provider: 'Microsoft 365' } }]);
});
