import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Actor,
  type CheckActivity,
  mailboxIdOf,
  OrganizationId,
  PrincipalId,
  privileges,
  type ProfileId,
} from '@mailroom/domain';
import { type RunningPersonas, startPersonas } from '@mailroom/mail-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MailboxStatus } from '../queries/rows.ts';
import type { Mailroom } from './mailroom.ts';
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

let folder: string;
let sandbox: RunningPersonas;
let mailroom: Mailroom;
const seen: CheckActivity[] = [];

const open = () =>
  openMailroom({
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
    deployment: {
      allowedAddresses: ['127.0.0.0/8'],
      trustedCertificates: [sandbox.ca],
      retry: { firstDelaySeconds: 3600, attempts: 10, uncertainAttempts: 2 },
    },
  });

const boxOf = (id: string) => mailboxIdOf(organizationId, 'user', id);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-host-'));
  sandbox = await startPersonas();
  mailroom = await open();
  void (async () => {
    for await (const activity of mailroom.checks()) seen.push(activity);
  })();

  const as = mailroom.as(admin);
  const profiles = new Map<string, ProfileId>();
  for (const { id, displayName, address, userName, password, profile } of sandbox.personas) {
    if (!profiles.has(profile.name)) {
      const { incoming, outgoing } = profile;
      const created = right(
        await as.execute({
          type: 'CreateProfile',
          name: profile.name,
          serverType: incoming.protocol === 'pop3' ? 'pop3-smtp' : 'imap-smtp',
          incoming: { host: incoming.host, port: incoming.port, tls: incoming.tls, credentials: 'mailbox' },
          outgoing: { host: outgoing.host, port: outgoing.port, tls: outgoing.tls, credentials: 'mailbox' },
        }),
      );
      profiles.set(profile.name, created.result.profileId);
    }
    const profileId = profiles.get(profile.name);
    if (profileId === undefined) throw new Error('no profile');
    right(
      await as.execute({
        type: 'RegisterMailbox',
        kind: 'user',
        regardingId: id,
        owner: { kind: 'user', id },
        name: displayName,
        address,
        profileId,
        incoming: 'serverSide',
        outgoing: 'serverSide',
        act: 'none',
      }),
    );
    right(await as.execute({ type: 'SetMailboxCredentials', mailboxId: boxOf(id), userName, password }));
  }
  const mailboxIds = sandbox.personas.map(({ id }) => boxOf(id));
  right(await as.execute({ type: 'ApproveMailbox', mailboxIds }));
  right(await as.execute({ type: 'TestAndEnable', mailboxIds }));
  await mailroom.idle();
}, 60_000);

afterAll(async () => {
  await mailroom.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const statuses = async (): Promise<ReadonlyMap<string, MailboxStatus>> => {
  const page = right(await mailroom.as(admin).find('mailboxes'));
  return new Map(page.rows.map((row) => [row.mailboxId, row]));
};

test('every persona gets the verdict that the script of the sandbox says is true', async () => {
  const rows = await statuses();
  for (const { id, truth } of sandbox.personas) {
    const row = rows.get(boxOf(id));
    for (const channel of ['incoming', 'outgoing'] as const) {
      const expected = truth[channel];
      const found = row?.channels[channel];
      const facts = { id, channel, status: found?.status, kind: found?.kind };
      if (expected.status === 'success') {
        expect(facts).toEqual({ id, channel, status: 'success', kind: null });
        expect(found?.enabled).toBe(true);
      } else {
        expect(facts).toEqual({ id, channel, status: 'failure', kind: expected.kind });
        expect(found).toMatchObject({ enabled: false, disposition: expected.disposition, scope: expected.scope });
        expect(found?.advice?.sentence).not.toBe('');
      }
    }
  }
});
