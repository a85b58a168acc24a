// The first program of docs/embedding.md: what is between the marks is plain JavaScript as well as TypeScript.
// #region first-mailbox
import { openMailroom, orThrow, privileges } from '@mailroom/projections/host';

const { MAIL_HOST: host = '', MAIL_ADDRESS: address = '', MAIL_PASSWORD: password = '' } = process.env;
const { IMAP_PORT = '993', SMTP_PORT = '587', MAIL_CA = '' } = process.env;

const mailroom = await openMailroom({
  store: 'mailroom.db',
  vault: { directory: 'vault', key: { file: 'vault.key' } },
  // Private networks are reached only where you say so; MAIL_CA is the PEM text of an authority of your own.
  deployment: { allowedAddresses: ['127.0.0.0/8', '10.0.0.0/8'], trustedCertificates: MAIL_CA ? [MAIL_CA] : [] },
});
const { execute, find } = mailroom.as({ id: 'me', organizationId: 'my-company', privileges });

const servers = { incoming: { host, port: Number(IMAP_PORT) }, outgoing: { host, port: Number(SMTP_PORT) } };
const profile = await execute({ type: 'CreateProfile', name: 'Mail', serverType: 'imap-smtp', ...servers });
const { profileId } = orThrow(profile).result;
orThrow(await execute({ type: 'ConfigureEmailSettings', incoming: 'serverSide', outgoing: 'serverSide' }));
const box = await execute({ type: 'RegisterMailbox', kind: 'user', regardingId: 'me', name: 'Me', address, profileId });
const { mailboxId } = orThrow(box).result;
orThrow(await execute({ type: 'SetMailboxCredentials', mailboxId, userName: address, password }));
orThrow(await execute({ type: 'ApproveMailbox', mailboxIds: [mailboxId] }));
orThrow(await execute({ type: 'TestAndEnable', mailboxIds: [mailboxId] }));

await mailroom.idle(); // every check has ended
const { rows } = orThrow(await find('mailboxes', { where: { mailboxId } }));
for (const { channels, missing } of rows) {
  console.log('incoming', channels.incoming.status, '- outgoing', channels.outgoing.status);
  for (const { text } of missing) console.log(text.sentence);
}
await mailroom.close();
// #endregion first-mailbox
