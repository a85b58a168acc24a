import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Actor, mailboxIdOf, type MailboxId, OrganizationId, PrincipalId, privileges } from '@mailroom/domain';
import { type Mailroom, openMailroom, orThrow } from '@mailroom/projections/host';
import { type Bench, median, ratio } from '../support/measure.ts';
import { accountAt } from './accounts.ts';
import { atOnce } from './checks.ts';
import { deploymentFor, ourChecks } from './ours.ts';
import { host, type Servers, withServers } from './servers.ts';

const mailboxes = 2_000;
/** Tests that the host runs at the same time unless it is told otherwise; each checks both channels at once. */
const tests = 32;
/** Of those places one organization never gets more than three quarters. */
const checksAtOnce = (2 * tests * 3) / 4;

const organizationId = OrganizationId.orThrow('bench');
const admin: Actor = { kind: 'person', id: PrincipalId.orThrow('admin'), organizationId, privileges, teams: [] };

/** Mailboxes with credentials, approved, on one profile; nothing tested yet. */
const furnish = async (mailroom: Mailroom, servers: Servers): Promise<readonly MailboxId[]> => {
  const as = mailroom.as(admin);
  const common = { host, tls: 'tls', credentials: 'mailbox' } as const;
  const { result } = orThrow(
    await as.execute({
      type: 'CreateProfile',
      name: 'Bench',
      serverType: 'imap-smtp',
      incoming: { ...common, port: servers.imap },
      outgoing: { ...common, port: servers.smtp },
    }),
  );
  const mailboxIds = Array.from({ length: mailboxes }, (_, index) => mailboxIdOf(organizationId, 'user', `u${index}`));
  await atOnce(64, mailboxes, async (index) => {
    const { address, password } = accountAt(index);
    const regardingId = `u${index}`;
    const mailboxId = mailboxIdOf(organizationId, 'user', regardingId);
    orThrow(
      await as.execute({
        type: 'RegisterMailbox',
        kind: 'user',
        regardingId,
        owner: { kind: 'user', id: regardingId },
        name: regardingId,
        address,
        profileId: result.profileId,
        incoming: 'serverSide',
        outgoing: 'serverSide',
        act: 'none',
      }),
    );
    orThrow(await as.execute({ type: 'SetMailboxCredentials', mailboxId, userName: address, password }));
  });
  orThrow(await as.execute({ type: 'ApproveMailbox', mailboxIds }));
  await mailroom.idle();
  return mailboxIds;
};

/** From the command to the last row, and every row says that both channels work. */
const testAll = async (mailroom: Mailroom, mailboxIds: readonly MailboxId[]): Promise<number> => {
  const as = mailroom.as(admin);
  const started = performance.now();
  const { position } = orThrow(await as.execute({ type: 'TestAndEnable', mailboxIds }));
  await mailroom.idle();
  const ms = performance.now() - started;
  let working = 0;
  for (let after: string | null = null; ;) {
    const query = { list: 'all', limit: 1_000, atLeast: position, ...(after === null ? {} : { after }) } as const;
    const page: Awaited<ReturnType<typeof allMailboxes>> = await allMailboxes(mailroom, query);
    working += page.rows.filter(
      ({ channels, test }) =>
        test === null && channels.incoming.status === 'success' && channels.outgoing.status === 'success',
    ).length;
    if (page.next === null) break;
    after = page.next;
  }
  if (working !== mailboxIds.length) throw new Error(`${working} of ${mailboxIds.length} mailboxes work`);
  return ms;
};

const allMailboxes = async (mailroom: Mailroom, query: Parameters<ReturnType<Mailroom['as']>['find']>[1]) =>
  orThrow(await mailroom.as(admin).find('mailboxes', query));

const folder = fileURLToPath(new URL('../../.mailroom/', import.meta.url));

/** Test & Enable of many mailboxes, through commands, events and views, against the same probes called directly. */
export const bulkBench: Bench = {
  names: ['bulk.vsBareChecks'],
  run: (options) =>
    withServers(async (servers) => {
      mkdirSync(folder, { recursive: true });
      const own = mkdtempSync(join(folder, 'bench-'));
      const mailroom = await openMailroom({
        store: join(own, 'events.db'),
        vault: { directory: join(own, 'vault'), key: { file: join(own, 'key') } },
        deployment: deploymentFor(servers),
        concurrency: tests,
      });
      try {
        const mailboxIds = await furnish(mailroom, servers);
        const { imap, smtp } = ourChecks(servers);
        const bare = async (bulkRun: string): Promise<number> => {
          const started = performance.now();
          await atOnce(checksAtOnce, 2 * mailboxes, (index) =>
            (index % 2 === 0 ? imap : smtp)(Math.floor(index / 2), { bulkRun }),
          );
          return performance.now() - started;
        };
        await bare('warm-up');
        let run = 0;
        const measured = await ratio(
          options,
          async () => (2 * mailboxes) / (await testAll(mailroom, mailboxIds)),
          async () => (2 * mailboxes) / (await bare(`run-${(run += 1)}`)),
        );
        const rate = (perMs: number): string => `${Math.round(median([perMs]) * 1_000)}/s`;
        const note = `${rate(measured.ours)} / ${rate(measured.limit)}, wall`;
        return [{ name: 'bulk.vsBareChecks', value: measured.ratio, note }];
      } finally {
        await mailroom.close();
        rmSync(own, { recursive: true, force: true });
      }
    }),
};
