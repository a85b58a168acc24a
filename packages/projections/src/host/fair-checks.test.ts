import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Actor,
  type CheckActivity,
  mailboxIdOf,
  type MailboxId,
  OrganizationId,
  PrincipalId,
  privileges,
} from '@mailroom/domain';
import { runsOf } from '@mailroom/domain/testing';
import { createAccounts, createMessageStore, type RunningServer, startPop3Server } from '@mailroom/mail-sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mailroom } from './mailroom.ts';
import { openMailroom } from './open-mailroom.ts';
import { orThrow } from './or-throw.ts';

const alive = runsOf({ small: 200, ci: 2_000, full: 2_000 });
const dead = 100;
const password = 'open-sesame-0815';
const addressAt = (index: number): string => `user${index}@example.test`;

const adminOf = (name: string): Actor => ({
  kind: 'person',
  id: PrincipalId.orThrow('admin'),
  organizationId: OrganizationId.orThrow(name),
  privileges: [...privileges],
  teams: [],
});

/** Takes connections and says nothing, for ever. */
const startDeadServer = async () => {
  const open = new Set<Socket>();
  let taken = 0;
  const server = createServer((socket) => {
    taken += 1;
    open.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    taken: () => taken,
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
};

let folder: string;
let mailroom: Mailroom;
let server: RunningServer;
let deadServer: Awaited<ReturnType<typeof startDeadServer>>;
const seen: CheckActivity[] = [];

/** Mailboxes of an organization that only receive, on one server. */
const furnish = async (organization: string, port: number, count: number): Promise<readonly MailboxId[]> => {
  const admin = adminOf(organization);
  const as = mailroom.as(admin);
  const { result } = orThrow(
    await as.execute({
      type: 'CreateProfile',
      name: 'Support',
      serverType: 'pop3-smtp',
      incoming: { host: '127.0.0.1', port, tls: 'none', credentials: 'mailbox' },
      outgoing: { host: '127.0.0.1', port: 25, tls: 'none', credentials: 'mailbox' },
    }),
  );
  const one = async (index: number): Promise<MailboxId> => {
    const id = `u${index}`;
    const mailboxId = mailboxIdOf(admin.organizationId, 'user', id);
    orThrow(
      await as.execute({
        type: 'RegisterMailbox',
        kind: 'user',
        regardingId: id,
        owner: { kind: 'user', id },
        name: id,
        address: addressAt(index),
        profileId: result.profileId,
        incoming: 'serverSide',
        outgoing: 'none',
        act: 'none',
      }),
    );
    orThrow(await as.execute({ type: 'SetMailboxCredentials', mailboxId, userName: addressAt(index), password }));
    return mailboxId;
  };
  return Promise.all(Array.from({ length: count }, (_, index) => one(index)));
};

/** Resolves with the number of checks that have ended when this mailbox's has. */
const ended = async (mailboxId: MailboxId): Promise<number> => {
  const order = (): readonly CheckActivity[] => seen.filter(({ _tag }) => _tag === 'CheckEnded');
  const stop = new AbortController();
  const changes = mailroom.checks({ signal: stop.signal });
  if (!order().some((activity) => activity.mailboxId === mailboxId)) {
    for await (const activity of changes) {
      if (activity._tag === 'CheckEnded' && activity.mailboxId === mailboxId) break;
    }
  }
  stop.abort();
  return order().length;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-fair-'));
  deadServer = await startDeadServer();
  server = await startPop3Server({
    accounts: createAccounts(
      Array.from({ length: alive }, (_, index) => {
        const address = addressAt(index);
        return { userName: address, password, address };
      }),
    ),
    store: createMessageStore(),
    allowPlainText: true,
  });
  mailroom = await openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
    deployment: {
      allowedAddresses: ['127.0.0.0/8'],
      allowUnencrypted: true,
      allowBasicAuthenticationUnencrypted: true,
    },
    concurrency: 8,
  });
  void (async () => {
    for await (const activity of mailroom.checks()) seen.push(activity);
  })();
}, 30_000);

afterAll(async () => {
  await mailroom.close();
  await server.close();
  deadServer.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a dead server of one organization delays neither the mailboxes of another nor a person who waits', async () => {
  const stuck = await furnish('dead', deadServer.port, dead);
  const mailboxIds = await furnish('alive', server.port, alive);
  orThrow(await mailroom.as(adminOf('dead')).execute({ type: 'TestAndEnable', mailboxIds: stuck }));
  const as = mailroom.as(adminOf('alive'));
  const [person] = mailboxIds as [MailboxId];
  const rest = mailboxIds.slice(1);

  const { position } = orThrow(await as.execute({ type: 'TestAndEnable', mailboxIds: rest }));
  await ended(rest[0]!);
  orThrow(await as.execute({ type: 'TestAndEnable', mailboxIds: [person] }));
  const before = await ended(person);
  // Not behind the bulk: at most what was under way, and what one turn of the store let through meanwhile.
  expect(before).toBeLessThan(alive);
  await Promise.all(rest.map(ended));

  const page = async (after: string | null): Promise<number> => {
    const query = { list: 'all', limit: 1_000, atLeast: position, ...(after === null ? {} : { after }) } as const;
    const { rows, next } = orThrow(await as.find('mailboxes', query));
    const working = rows.filter(({ channels }) => channels.incoming.status === 'success').length;
    return working + (next === null ? 0 : await page(next));
  };
  await expect.poll(() => page(null), { timeout: 60_000 }).toBe(alive);

  // The dead server helps nobody, and is asked by one check at a time: the others of the run wait for that one.
  const { rows } = orThrow(await mailroom.as(adminOf('dead')).find('mailboxes', { list: 'all', limit: 1_000 }));
  expect(rows.filter(({ channels }) => channels.incoming.status === 'success')).toEqual([]);
  const asking = new Set<string>();
  for (const { _tag, mailboxId } of seen.filter((each) => stuck.includes(each.mailboxId))) {
    if (_tag === 'CheckStarted') asking.add(mailboxId);
    if (_tag === 'CheckEnded') asking.delete(mailboxId);
    expect(asking.size).toBeLessThanOrEqual(1);
  }
  expect(deadServer.taken()).toBeGreaterThan(0);
}, 180_000);
