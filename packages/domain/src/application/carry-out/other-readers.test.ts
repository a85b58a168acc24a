import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { eventFamilies } from '../event-families.ts';
import { protectPersonalData } from '../protect-personal-data.ts';
import type { CheckReport, MailProbe } from '../ports/index.ts';
import { createMailroom } from '../create-mailroom.ts';
import { repository } from '../../kernel/execute.ts';
import type { Instruction } from '../../policies/index.ts';
import { defaultDeployment } from '../../settings/deployment.ts';
import { actorOf } from '../../testing/contexts.ts';
import { inMemoryEventStore } from '../../testing/in-memory-event-store.ts';
import { memoryVault } from '../../testing/memory-vault.ts';
import { settle } from '../../testing/policy-driver.ts';
import { passes } from '../../testing/scripted-probe.ts';
import { derivedId } from '../../values/index.ts';
import { executor } from './carry-out.ts';
import type { OperatorWarning } from './environment.ts';

/** Two organizations on one installation; every check passes. */
const installation = () => {
  const plain = inMemoryEventStore();
  const vault = memoryVault();
  const store = protectPersonalData({ store: plain, cipher: vault, families: eventFamilies });
  const repo = repository({ store });
  const clock = { now: () => new Date('2026-01-01T09:00:00.000Z') };
  const check = async (): Promise<CheckReport> => passes();
  const probe: MailProbe = { checkIncoming: check, checkOutgoing: check, close: () => Promise.resolve() };
  const warnings: OperatorWarning[] = [];
  const work = executor({
    ...{ repository: repo, vault, probe, clock, accounts: vault, deployment: defaultDeployment },
    onWarning: (warning) => warnings.push(warning),
  });
  let next = 0;
  const mailroom = createMailroom({
    ...{ repository: repo, store, vault, addresses: vault, persons: vault, clock, deployment: defaultDeployment },
    directory: { mailboxesOfProfile: () => async () => E.right([]), mailboxesOf: () => async () => E.right([]) },
    queries: { find: async () => E.left({ _tag: 'InvalidQuery', problem: 'nobody asks here' }) },
    ids: { uuid: () => derivedId('of a test', String(next++)) },
  });
  const done = async <Value>(answer: Promise<E.Either<unknown, Value>>): Promise<Value> => {
    const given = await answer;
    if (E.isLeft(given)) throw new Error(JSON.stringify(given.left));
    return given.right;
  };
  const run = () => settle(store, clock.now, (instruction: Instruction) => work.carryOut(instruction)());

  /** A mailbox of this organization that collects this account, tested. */
  const collect = async (organization: string, host: string, userName: string): Promise<string> => {
    const as = mailroom.as(actorOf({ organization }));
    const incoming = { host, credentials: 'mailbox' } as const;
    const profile = { type: 'CreateProfile', name: 'Support', serverType: 'imap-smtp', incoming } as const;
    const { profileId } = (await done(as.execute(profile))).result;
    const user = `user-${next}`;
    const box = { type: 'RegisterMailbox', kind: 'user', regardingId: user, name: user } as const;
    const more = { profileId, incoming: 'serverSide', address: `${user}@${organization}.example` } as const;
    const { mailboxId } = (await done(as.execute({ ...box, ...more }))).result;
    await done(as.execute({ type: 'SetMailboxCredentials', mailboxId, userName, password: 'pw' }));
    await test(organization, mailboxId);
    return mailboxId;
  };
  const test = async (organization: string, mailboxId: string): Promise<void> => {
    await done(mailroom.as(actorOf({ organization })).execute({ type: 'TestAndEnable', mailboxIds: [mailboxId] }));
    await run();
  };
  /** What the last incoming test of the mailbox warned of. */
  const warned = async (mailboxId: string): Promise<unknown> => {
    let last: unknown;
    for await (const batch of store.readAll({ types: ['ChannelTestSucceeded'] })) {
      if (E.isLeft(batch)) throw new Error(batch.left._tag);
      for (const { data } of batch.right) if (data['mailboxId'] === mailboxId) last = data['warnings'];
    }
    return last;
  };
  const stored = async (): Promise<string> => {
    const all: unknown[] = [];
    for await (const batch of plain.readAll()) all.push(batch);
    return JSON.stringify(all);
  };
  return { mailroom, collect, test, warned, warnings, stored, done };
};

describe('two organizations that collect one account', () => {
  test('are each told that there is another reader, and only the operator is told who', async () => {
    const { collect, test: testAgain, warned, warnings, stored } = installation();
    const first = await collect('org-1', 'mail.example.org', 'shared-login');
    expect(await warned(first)).toEqual([]);
    const second = await collect('org-2', 'MAIL.example.org', 'Shared-Login');
    expect(await warned(second)).toEqual(['AnotherReader']);
    await testAgain('org-1', first);
    expect(await warned(first)).toEqual(['AnotherReader']);
    expect(warnings).toEqual([
      {
        _tag: 'AccountShared',
        readers: [
          { organizationId: 'org-2', mailboxId: second },
          { organizationId: 'org-1', mailboxId: first },
        ],
      },
    ]);
    expect((await stored()).toLowerCase()).not.toContain('shared-login');
  });

  test('are told nothing any more once one of them has stopped', async () => {
    const { collect, test: testAgain, warned, mailroom, done } = installation();
    const first = await collect('org-1', 'mail.example.org', 'login');
    const second = await collect('org-2', 'mail.example.org', 'login');
    const as = mailroom.as(actorOf({ organization: 'org-1' }));
    await done(as.execute({ type: 'DeactivateMailbox', mailboxId: first }));
    await testAgain('org-2', second);
    expect(await warned(second)).toEqual([]);
  });

  test('another account, or another host, is not shared; nor is one within an organization', async () => {
    const { collect, warned, warnings } = installation();
    await collect('org-1', 'mail.example.org', 'login');
    for (const [host, login] of [
      ['mail.example.org', 'other'],
      ['mail.example.net', 'login'],
    ] as const) {
      expect(await warned(await collect('org-2', host, login))).toEqual([]);
    }
    expect(await warned(await collect('org-1', 'mail.example.org', 'login'))).toEqual([]);
    expect(warnings).toEqual([]);
  });
});
