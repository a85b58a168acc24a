import { personas, startPersonas } from '@mailroom/mail-sandbox';
import { expect, test } from 'vitest';
import { mailboxStatusOf } from './in-fifteen-lines.ts';
import { dataFolder } from './test-support/quickstart-process.ts';

test('the lines of the README take a mailbox from a profile to enabled', async () => {
  const folder = dataFolder();
  const sandbox = await startPersonas();
  const ada = personas.find(({ id }) => id === 'works-imap');
  try {
    const deployment = { allowedAddresses: ['127.0.0.0/8'], trustedCertificates: [sandbox.ca] };
    const rows = await mailboxStatusOf(folder.path, '127.0.0.1', sandbox.ports, ada?.password ?? '', deployment);
    expect(rows).toMatchObject([
      {
        address: 'ada@example.test',
        approved: true,
        channels: { incoming: { status: 'success', enabled: true }, outgoing: { status: 'success', enabled: true } },
        missing: [],
      },
    ]);
  } finally {
    await sandbox.close();
    folder.remove();
  }
});
