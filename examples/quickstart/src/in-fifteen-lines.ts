import { type DeploymentPolicy, openMailroom, orThrow, privileges } from '@mailroom/projections/host';

/** The example of the README, with what it is run on as parameters. */
export const mailboxStatusOf = async (
  folder: string,
  host: string,
  ports: { readonly imap: number; readonly smtp: number },
  password: string,
  deployment: Partial<DeploymentPolicy>,
) => {
  // #region fifteen-lines
  const vault = { directory: `${folder}/vault`, key: { file: `${folder}/vault.key` } };
  const mailroom = await openMailroom({ store: `${folder}/mailroom.db`, vault, deployment });
  const admin = mailroom.as({ id: 'u-1', organizationId: 'example-org', privileges });

  const servers = { incoming: { host, port: ports.imap }, outgoing: { host, port: ports.smtp } };
  const profile = await admin.execute({ type: 'CreateProfile', name: 'Support', serverType: 'imap-smtp', ...servers });
  const ada = { kind: 'user', regardingId: 'u-1', name: 'Ada', address: 'ada@example.test' } as const;
  const methods = { incoming: 'serverSide', outgoing: 'serverSide', act: 'none' } as const;
  const { profileId } = orThrow(profile).result;
  const mailbox = await admin.execute({ type: 'RegisterMailbox', ...ada, profileId, ...methods });
  const { mailboxId } = orThrow(mailbox).result;
  orThrow(await admin.execute({ type: 'SetMailboxCredentials', mailboxId, userName: ada.address, password }));
  orThrow(await admin.execute({ type: 'ApproveMailbox', mailboxIds: [mailboxId] }));
  orThrow(await admin.execute({ type: 'TestAndEnable', mailboxIds: [mailboxId] }));

  await mailroom.idle(); // every check has ended, every view has caught up
  const { rows } = orThrow(await admin.find('mailboxes', { where: { mailboxId } }));
  // #endregion fifteen-lines
  await mailroom.close();
  return rows;
};
