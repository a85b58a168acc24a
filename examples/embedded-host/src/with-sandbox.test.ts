// A test as a host would write it. docs/embedding.md shows it.
// #region with-sandbox
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPersonas } from '@mailroom/mail-sandbox';
import { openMailroom, orThrow, privileges } from '@mailroom/projections/host';
import { expect, test } from 'vitest';

test('whoever mistypes the password is told so', async () => {
  const sandbox = await startPersonas(); // SMTP, IMAP and POP3 servers on this machine
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-'));
  const mailroom = await openMailroom({
    store: join(folder, 'mailroom.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'vault.key') } },
    deployment: { allowedAddresses: ['127.0.0.0/8'], trustedCertificates: [sandbox.ca] },
  });
  const me = mailroom.as({ id: 'carla', organizationId: 'my-company', privileges });
  const incoming = { host: '127.0.0.1', port: sandbox.ports.imap };
  const profile = await me.execute({ type: 'CreateProfile', name: 'Sandbox', serverType: 'imap-smtp', incoming });
  const box = { kind: 'user', regardingId: 'carla', name: 'Carla', address: 'carla@example.test' } as const;
  const { profileId } = orThrow(profile).result;
  const registered = await me.execute({ type: 'RegisterMailbox', ...box, profileId, incoming: 'serverSide' });
  const { mailboxId } = orThrow(registered).result;
  orThrow(await me.execute({ type: 'SetMailboxCredentials', mailboxId, userName: box.address, password: 'mistyped' }));
  orThrow(await me.execute({ type: 'TestAndEnable', mailboxIds: [mailboxId] }));
  await mailroom.idle();

  expect(orThrow(await me.find('alerts')).rows).toMatchObject([{ severity: 'error', kind: 'InvalidCredentials' }]);
  await mailroom.close();
  await sandbox.close();
});
// #endregion with-sandbox
