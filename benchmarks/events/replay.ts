import { join } from 'node:path';
import type { EventStore } from '@mailroom/domain';
import { type Bench, perSecond, ratio, spent } from '../support/measure.ts';
import { filledStore, rawDatabase, withFolder } from './files.ts';
import { type Checked, type Event, events, evolve, initialState, type State } from './workload.ts';

/** One row a mailbox, each event spread into it. */
const fold = (rows: Map<string, State>, event: Event): void => {
  const { mailboxId } = event.data as Checked;
  rows.set(mailboxId, evolve(rows.get(mailboxId) ?? initialState, event));
};

/** The whole history through the public API, decoded and folded. */
export const replayStore = async (store: EventStore): Promise<Map<string, State>> => {
  const rows = new Map<string, State>();
  for await (const batch of store.readAll()) {
    if (batch._tag === 'Left') throw new Error(batch.left._tag);
    for (const recorded of batch.right) {
      const decoded = events.decode(recorded);
      if (decoded._tag === 'Left') throw new Error(decoded.left.problems.join(', '));
      fold(rows, decoded.right);
    }
  }
  return rows;
};

export const replayBench: Bench = {
  names: ['replay.full.vsParse'],
  run: (options) =>
    withFolder(async (folder) => {
      const streams = 10_000;
      const file = join(folder, 'replay.db');
      const { store } = await filledStore(file, 'normal', streams);
      const total = streams * 10;
      const raw = rawDatabase(file, 'normal');
      const page = raw.rows(
        `SELECT group_concat(data, ',') FROM (SELECT data FROM events WHERE position > ? ORDER BY position LIMIT 1000)`,
      );
      const check = (rows: ReadonlyMap<string, State>): void => {
        if (rows.size !== streams) throw new Error(`expected ${streams} rows, got ${rows.size}`);
      };
      const ours = async (): Promise<number> => {
        const { cpu } = await spent(async () => check(await replayStore(store)));
        return total / cpu;
      };
      const limit = async (): Promise<number> => {
        const { cpu } = await spent(() => {
          const rows = new Map<string, State>();
          for (let after = 0; after < total; after += 1000) {
            const data = JSON.parse(`[${String(page.get([after])?.[0])}]`) as readonly Checked[];
            for (const one of data) fold(rows, { type: 'MailboxChecked', data: one });
          }
          check(rows);
        });
        return total / cpu;
      };
      await ours();
      await limit();
      const result = await ratio(options, ours, limit);
      raw.close();
      await store.close();
      const note = `${perSecond(result.ours)} events of CPU · joined, parsed, folded ${perSecond(result.limit)}`;
      return [{ name: 'replay.full.vsParse', value: result.ratio, note }];
    }),
};
