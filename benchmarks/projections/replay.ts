import { join } from 'node:path';
import type { DomainEvent, EventStore } from '@mailroom/domain';
import { foldInto, type View } from '@mailroom/projections';
import { allViews } from '@mailroom/projections/host';
import { filledStore as filledWithChecks, withFolder } from '../events/files.ts';
import { type Checked, type Event, events } from '../events/workload.ts';
import { type Bench, perSecond, type Options, ratio, spent } from '../support/measure.ts';
import { filledStore as filledWithMailboxes } from './workload.ts';

interface Row {
  readonly mailboxId: string;
  readonly outcome: Checked['outcome'];
  readonly host: string;
  readonly port: number;
  readonly attempt: number;
  readonly checkedAt: number;
  readonly failures: number;
  readonly checks: number;
}

/** A view of the standard event: one row a mailbox. */
const checks: View<Row, Event> = {
  name: 'checks',
  version: 1,
  events,
  keys: ({ data }) => [data.mailboxId],
  evolve: (row, event) => {
    if (event.type !== 'MailboxChecked') return row;
    const { mailboxId, outcome, host, port, attempt, checkedAt } = event.data;
    return {
      mailboxId,
      outcome,
      host,
      port,
      attempt,
      checkedAt: checkedAt.getTime(),
      failures: outcome === 'failed' ? (row?.failures ?? 0) + 1 : 0,
      checks: (row?.checks ?? 0) + 1,
    };
  },
};

const folded = async <Of extends DomainEvent, OfRow>(store: EventStore, view: View<OfRow, Of>): Promise<number> => {
  const rows = new Map<string, OfRow>();
  for await (const batch of store.readAll({ types: view.events.types })) {
    if (batch._tag === 'Left') throw new Error(batch.left._tag);
    const poison = foldInto(view, rows, batch.right);
    if (poison !== null) throw new Error(poison.reason);
  }
  return rows.size;
};

const read = async (store: EventStore, types: readonly string[]): Promise<number> => {
  let found = 0;
  for await (const batch of store.readAll({ types })) {
    if (batch._tag === 'Left') throw new Error(batch.left._tag);
    found += batch.right.length;
  }
  return found;
};

const compare = async <Of extends DomainEvent, OfRow>(
  options: Options,
  store: EventStore,
  view: View<OfRow, Of>,
): ReturnType<typeof ratio> => {
  const total = 100_000;
  const timed = (work: () => Promise<number>, expected: number) => async (): Promise<number> => {
    const { cpu } = await spent(async () => {
      const found = await work();
      if (found !== expected) throw new Error(`expected ${expected}, got ${found}`);
    });
    return total / cpu;
  };
  const ours = timed(() => folded(store, view), total / 10);
  const limit = timed(() => read(store, view.events.types), total);
  await ours();
  await limit();
  return ratio(options, ours, limit);
};

export const replayBench: Bench = {
  names: ['replay.map.vsRawRead', 'replay.mailboxes.vsRawRead'],
  run: (options) =>
    withFolder(async (folder) => {
      const { store: standard } = await filledWithChecks(join(folder, 'checks.db'), 'normal');
      const map = await compare(options, standard, checks);
      await standard.close();
      const mailboxes = await filledWithMailboxes(join(folder, 'mailboxes.db'), 'normal', 10_000);
      const status = await compare(options, mailboxes, allViews.mailboxes);
      await mailboxes.close();
      const note = ({ ours, limit }: typeof map, of: string) =>
        `${perSecond(ours)} events of CPU, ${of} · read alone ${perSecond(limit)}`;
      return [
        { name: 'replay.map.vsRawRead', value: map.ratio, note: note(map, 'the standard event') },
        { name: 'replay.mailboxes.vsRawRead', value: status.ratio, note: note(status, 'the mailbox status view') },
      ];
    }),
};
