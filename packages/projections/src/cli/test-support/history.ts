import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailboxIdOf, OrganizationId, privileges } from '@mailroom/domain';
import { start } from '@mailroom/eventstoredb-sandbox';
import { openMailroom, orThrow } from '../../host/index.ts';

export const organizationId = OrganizationId.orThrow('org-1');
const admin = { id: 'admin', organizationId, privileges: [...privileges] };
export const ada = mailboxIdOf(organizationId, 'user', 'ada');
export const support = mailboxIdOf(organizationId, 'queue', 'support');

/** A history in a folder of its own, with what the command needs to read it. */
export interface TestHistory {
  readonly folder: string;
  readonly at: (name: string) => string;
  /** `--store`, a file or an address. */
  readonly store: string;
  /** `--store`, `--vault` and `--vault-key`. */
  readonly args: readonly string[];
  readonly profileId: string;
  readonly close: () => Promise<void>;
}

export type StoreKind = 'sqlite' | 'eventstoredb';

/** What one test and enable of two mailboxes at a server that is not there leaves behind, written by Mailroom itself. */
export const aHistory = async (kind: StoreKind): Promise<TestHistory> => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-history-'));
  const at = (name: string): string => join(folder, name);
  const server = kind === 'eventstoredb' ? await start({ dataFile: at('server.log') }) : null;
  const store = server?.connectionString ?? at('mailroom.db');
  const vault = { directory: at('vault'), key: { file: at('vault.key') } };
  const opened = await openMailroom({
    store,
    vault,
    views: { file: at('views.db') },
    deployment: { allowedAddresses: ['127.0.0.0/8'] },
  });
  const as = opened.as(admin);
  const profile = orThrow(
    await as.execute({
      type: 'CreateProfile',
      name: 'Support',
      serverType: 'imap-smtp',
      incoming: { host: '127.0.0.1', port: 9, tls: 'tls' },
      outgoing: { host: '127.0.0.1', port: 9, tls: 'tls' },
    }),
  );
  const { profileId } = profile.result;
  for (const [kindOfBox, regardingId, name] of [
    ['user', 'ada', 'Ada'],
    ['queue', 'support', 'Support desk'],
  ] as const) {
    const mailboxId = kindOfBox === 'user' ? ada : support;
    const address = `${regardingId}@example.test`;
    const methods = { incoming: 'serverSide', outgoing: 'serverSide' } as const;
    const owner = { kind: 'user', id: 'ada' } as const;
    orThrow(
      await as.execute({
        type: 'RegisterMailbox',
        kind: kindOfBox,
        regardingId,
        owner,
        name,
        address,
        profileId,
        ...methods,
      }),
    );
    orThrow(await as.execute({ type: 'SetMailboxCredentials', mailboxId, userName: address, password: 'hunter22' }));
    orThrow(await as.execute({ type: 'ApproveMailbox', mailboxIds: [mailboxId] }));
  }
  orThrow(await as.execute({ type: 'RenameMailbox', mailboxId: ada, name: '=Ada Lovelace' }));
  orThrow(await as.execute({ type: 'TestAndEnable', mailboxIds: [ada] }));
  await opened.idle();
  await opened.close();
  return {
    folder,
    at,
    store,
    args: ['--store', store, '--vault', at('vault'), '--vault-key', at('vault.key')],
    profileId,
    close: async () => {
      await server?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
