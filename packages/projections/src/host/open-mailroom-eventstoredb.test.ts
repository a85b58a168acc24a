import { type Actor, mailboxIdOf, OrganizationId, PrincipalId, privileges } from '@mailroom/domain';
import { memoryVault } from '@mailroom/domain/testing';
import { start } from '@mailroom/eventstoredb-sandbox';
import { startPersonas } from '@mailroom/mail-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { openMailroom } from './open-mailroom.ts';

const organizationId = OrganizationId.orThrow('org-1');
const admin: Actor = {
  kind: 'person',
  id: PrincipalId.orThrow('admin'),
  organizationId,
  privileges: [...privileges],
  teams: [],
};

const right = <L, A>(result: E.Either<L, A>): A => {
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};

test('on EventStoreDB the same story ends the same way, and is there after a restart', async () => {
  const server = await start();
  const mail = await startPersonas();
  const [ada] = mail.personas;
  if (ada === undefined) throw new Error('no persona');
  const vault = memoryVault();
  const open = () =>
    openMailroom({
      store: server.connectionString,
      vault,
      deployment: { allowedAddresses: ['127.0.0.0/8'], trustedCertificates: [mail.ca] },
    });
  try {
    const mailroom = await open();
    const as = mailroom.as(admin);
    const { incoming, outgoing } = ada.profile;
    const profile = right(
      await as.execute({
        type: 'CreateProfile',
        name: 'Example',
        serverType: 'imap-smtp',
        incoming: { host: incoming.host, port: incoming.port, tls: incoming.tls, credentials: 'mailbox' },
        outgoing: { host: outgoing.host, port: outgoing.port, tls: outgoing.tls, credentials: 'mailbox' },
      }),
    );
    const mailboxId = mailboxIdOf(organizationId, 'user', 'ada');
    right(
      await as.execute({
        type: 'RegisterMailbox',
        kind: 'user',
        regardingId: 'ada',
        owner: { kind: 'user', id: 'ada' },
        name: ada.displayName,
        address: ada.address,
        profileId: profile.result.profileId,
        incoming: 'serverSide',
        outgoing: 'serverSide',
      }),
    );
    const { userName, password } = ada;
    right(await as.execute({ type: 'SetMailboxCredentials', mailboxId, userName, password }));
    right(await as.execute({ type: 'ApproveMailbox', mailboxIds: [mailboxId] }));
    right(await as.execute({ type: 'TestAndEnable', mailboxIds: [mailboxId] }));
    expect(await mailroom.idle()).toEqual({ retries: [], stopped: [] });
    const before = right(await as.find('mailboxes')).rows;
    expect(before).toMatchObject([
      { missing: [], channels: { incoming: { enabled: true }, outgoing: { enabled: true } } },
    ]);
    await mailroom.close();

    const again = await open();
    await again.idle();
    expect(right(await again.as(admin).find('mailboxes')).rows).toEqual(before);
    await again.close();
  } finally {
    await mail.close();
    await server.close();
  }
});
