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
  folder = mkdtempSync(join(tmpdir(), 'mailroom-expiry-'));
  mailroom = await openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
  });
});
afterAll(async () => {
  await mailroom.close();
  rmSync(folder, { recursive: true, force: true });
});

const daysFromNow = (days: number): Date => new Date(Date.now() + days * 86_400_000);
const admin = () => mailroom.as({ id: 'grace', organizationId: 'org-1', privileges });

/** What grace is warned of once nothing is due any more. */
const warnings = async (): Promise<readonly string[]> => {
  await mailroom.idle();
  return orThrow(await admin().find('alerts')).rows.map(({ severity, text }) => `${severity} ${text.key}`);
};

test('a password that stops working soon is shown with its date, and a warning until a newer one is set', async () => {
  const profile = orThrow(
    await admin().execute({
      type: 'CreateProfile',
      name: 'Support',
      serverType: 'imap-smtp',
      incoming: { host: 'mail.example.org', credentials: 'profile' },
      outgoing: { host: 'mail.example.org' },
    }),
  );
  const { profileId } = profile.result;
  const box = { type: 'RegisterMailbox', kind: 'user', name: 'Grace', profileId } as const;
  const { mailboxId } = orThrow(await admin().execute({ ...box, regardingId: 'grace' })).result;
  const ofProfile = { type: 'SetProfileCredentials', profileId, userName: 'service', password: 'one' } as const;
  const ofMailbox = { type: 'SetMailboxCredentials', mailboxId, userName: 'grace', password: 'two' } as const;

  orThrow(await admin().execute({ ...ofProfile, expiresOn: daysFromNow(300) }));
  orThrow(await admin().execute({ ...ofMailbox, expiresOn: daysFromNow(15) }));
  expect(await warnings()).toEqual([]);

  const [soon, sooner] = [daysFromNow(13), daysFromNow(-1)];
  orThrow(await admin().execute({ ...ofProfile, expiresOn: soon }));
  orThrow(await admin().execute({ ...ofMailbox, expiresOn: sooner.toISOString() }));
  expect([...(await warnings())].sort()).toEqual([
    'warning alert.CredentialsExpiring',
    'warning alert.CredentialsOfProfileExpiring',
  ]);
  expect(orThrow(await admin().find('profiles')).rows).toMatchObject([
    { incomingSecretExpiresOn: soon.toISOString(), outgoingSecretExpiresOn: null },
  ]);
  expect(orThrow(await admin().find('mailboxes')).rows).toMatchObject([{ secretExpiresOn: sooner.toISOString() }]);

  orThrow(await admin().execute(ofMailbox));
  expect(await warnings()).toEqual(['warning alert.CredentialsOfProfileExpiring']);
  orThrow(await admin().execute({ ...ofProfile, expiresOn: null }));
  expect(await warnings()).toEqual([]);
  expect(orThrow(await admin().find('profiles')).rows).toMatchObject([{ incomingSecretExpiresOn: null }]);
});
