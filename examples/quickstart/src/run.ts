import { type CommandInput, isRejection, type Position } from '@mailroom/domain';
import { applyConfiguration, type Configuration, principalOf } from '@mailroom/projections/configuration';
import { type Mailroom, openMailroom, orThrow } from '@mailroom/projections/host';
import type { AlertLine, HistoryLine, MailboxStatus, Page, Query, ViewRows } from '@mailroom/projections';
import * as E from 'fp-ts/lib/Either.js';
import { administratorOf } from './administrator.ts';
import { appliedCredentials } from './applied-credentials.ts';
import { BadInput } from './bad-input.ts';
import type { DataFolder } from './data-folder.ts';
import type { Outcome } from './outcome.ts';
import { watchChecks } from './watch-checks.ts';

export interface RunOptions {
  readonly configuration: Configuration;
  readonly folder: DataFolder;
  /** An `esdb:` address; undefined: a file of the folder. */
  readonly store: string | undefined;
  readonly say: (text: string) => void;
  /** Where the progress of checks is shown. */
  readonly output: NodeJS.WriteStream;
}

/** Retries that come this soon are waited for, each mailbox's first one: long enough to see one heal. */
const worthWaitingMs = 10_000;

/** From a configuration to tested mailboxes. What an earlier run has stored is taken up and not done again. */
export const run = async ({ configuration, folder, store, say, output }: RunOptions): Promise<Outcome> => {
  const mailroom = await openMailroom({
    store: store ?? folder.events,
    vault: folder.vault,
    deployment: configuration.deployment,
  });
  try {
    const administrator = administratorOf(folder.seed);
    const admin = mailroom.as(administrator);
    const find = async <View extends keyof ViewRows>(view: View, query: Query): Promise<readonly ViewRows[View][]> => {
      const rows: ViewRows[View][] = [];
      for (let after: string | null = null; ;) {
        const page: Page<ViewRows[View]> = orThrow(
          await admin.find(view, { ...query, limit: 1000, ...(after === null ? {} : { after }) }),
        );
        rows.push(...page.rows);
        if (page.next === null) return rows;
        after = page.next;
      }
    };
    const allMailboxes = (atLeast: Position | null) => find('mailboxes', { list: 'all', atLeast });

    const before = await allMailboxes(null);
    say(
      before.length === 0
        ? 'Nothing is stored yet: starting from the beginning.'
        : `Going on from ${before.length} stored mailboxes.`,
    );
    const findings = await applyConfiguration(configuration, {
      organizationId: administrator.organizationId,
      seed: folder.seed,
      credentials: appliedCredentials(folder),
      mailboxes: allMailboxes,
      profiles: (atLeast) => find('profiles', { list: 'all', atLeast }),
      execute: async (command, commandId) => {
        const done = await admin.execute(command, commandId === undefined ? {} : { commandId });
        if (E.isRight(done)) return E.right({ position: done.right.position });
        if (isRejection(done.left)) return E.left(done.left.text.sentence);
        throw new Error(`${command.type} failed: ${done.left._tag}`);
      },
    });
    if (findings.length > 0) throw new BadInput(findings);
    say(
      `${configuration.profiles.length} profiles and ${configuration.mailboxes.length} mailboxes stand as configured, all approved.`,
    );

    const mailboxes = await allMailboxes(null);
    const names = new Map(mailboxes.map(({ mailboxId, address, name }) => [mailboxId, address ?? name]));
    const watcher = watchChecks(mailroom, (id) => names.get(id) ?? id, output);
    try {
      await testWhatDoesNotWork(
        mailroom,
        mailboxes.filter(({ active }) => active),
        say,
        (command) => admin.execute(command),
      );
    } finally {
      await watcher.stop();
    }
    return await outcomeOf(configuration, folder, find);
  } finally {
    await mailroom.close();
  }
};

const testWhatDoesNotWork = async (
  mailroom: Mailroom,
  mailboxes: readonly MailboxStatus[],
  say: (text: string) => void,
  execute: (command: CommandInput) => Promise<E.Either<unknown, unknown>>,
): Promise<void> => {
  const due = mailboxes.filter(
    ({ channels, test }) =>
      test === null &&
      [channels.incoming, channels.outgoing].some(
        ({ method, status }) => method === 'serverSide' && status !== 'success',
      ),
  );
  say(due.length === 0 ? 'Every mailbox works: nothing to test.' : `Testing ${due.length} mailboxes, each by itself:`);
  if (due.length > 0) {
    const asked = await execute({ type: 'TestAndEnable', mailboxIds: due.map(({ mailboxId }) => mailboxId) });
    if (E.isLeft(asked)) throw new Error('The test could not be requested');
  }
  // Each retry that comes soon is waited for once, so that a trouble that passes is seen to pass.
  const waited = new Set<string>();
  for (;;) {
    const { retries } = await mailroom.idle();
    const soon = retries.filter(
      ({ mailboxId, channel, at }) =>
        !waited.has(`${mailboxId} ${channel}`) && Date.parse(at) - Date.now() < worthWaitingMs,
    );
    if (soon.length === 0) return;
    for (const { mailboxId, channel } of soon) waited.add(`${mailboxId} ${channel}`);
    const last = Math.max(...soon.map(({ at }) => Date.parse(at)));
    await untilTested(
      mailroom,
      soon.map(({ mailboxId }) => mailboxId),
      last,
    );
  }
};

/** Resolves once a check of each of these mailboxes has begun, or well after the time it was announced for. */
const untilTested = async (mailroom: Mailroom, mailboxIds: readonly string[], announced: number): Promise<void> => {
  const left = new Set(mailboxIds);
  const signal = AbortSignal.timeout(Math.max(0, announced - Date.now()) + worthWaitingMs);
  for await (const activity of mailroom.checks({ signal })) {
    if (activity._tag === 'CheckStarted') left.delete(activity.mailboxId);
    if (left.size === 0) return;
  }
};

type Find = <View extends keyof ViewRows>(view: View, query: Query) => Promise<readonly ViewRows[View][]>;

const gravity: readonly AlertLine['severity'][] = ['error', 'warning', 'information'];

const outcomeOf = async (
  { mailboxes: configured }: Configuration,
  { seed }: DataFolder,
  find: Find,
): Promise<Outcome> => {
  const stored = await find('mailboxes', { list: 'active' });
  const alerts = await find('alerts', { list: 'all' });
  const order = new Map(configured.map(({ address }, index) => [address as string, index]));
  const mailboxes = [...stored].sort(
    (one, other) => (order.get(one.address ?? '') ?? 0) - (order.get(other.address ?? '') ?? 0),
  );
  const [first] = mailboxes;
  const history: readonly HistoryLine[] =
    first === undefined ? [] : (await find('history', { where: { subjectId: first.mailboxId } })).slice(0, 12);
  return {
    mailboxes,
    alerts: alerts
      .filter(({ open }) => open)
      .sort((one, other) => gravity.indexOf(one.severity) - gravity.indexOf(other.severity)),
    history,
    people: new Map(configured.map((mailbox) => [principalOf(seed, mailbox), mailbox.address])),
  };
};
