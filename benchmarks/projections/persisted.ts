import { join } from 'node:path';
import type { EventStore, MailboxEvent, RecordedEvent } from '@mailroom/domain';
import { follower, type FollowerEnv, systemTimers, type View } from '@mailroom/projections';
import { allViews } from '@mailroom/projections/host';
import { sqliteViewStore } from '@mailroom/view-store-sqlite';
import { rawDatabase, withFolder } from '../events/files.ts';
import { type Bench, perSecond, ratio, spent } from '../support/measure.ts';
import { filledStore } from './workload.ts';

type Row = Readonly<Record<string, unknown>>;
const view = allViews.mailboxes as unknown as View<Row, MailboxEvent>;
const indexes = view.indexes ?? [];
const batch = 10_000;

/** The runner, from the first event to the head, into a file of its own. Gives the events for a millisecond of CPU. */
const catchUp = async (store: EventStore, file: string): Promise<number> => {
  const views = sqliteViewStore({ file });
  const env: FollowerEnv = {
    store,
    views,
    timers: systemTimers,
    backoff: { firstMs: 10, maxMs: 100 },
    distance: () => null,
  };
  const loop = follower(env, view, { kind: 'view', onPoison: 'halt', batch });
  const stop = new AbortController();
  const head = await store.head();
  if (head._tag === 'Left' || head.right === null) throw new Error('nothing to fold');
  const position = head.right;
  let running: Promise<void> | undefined;
  const { cpu } = await spent(async () => {
    running = loop.run(stop.signal);
    const reached = await loop.whenReached(position)();
    if (reached._tag === 'Left') throw new Error(loop.progress().lastError?.problem);
  });
  const { events } = loop.progress();
  stop.abort();
  await running;
  await views.close();
  return events / cpu;
};

/** What one would write by hand for this one view: nothing is decoded, all rows stay in memory, dirty ones are upserted. */
const rawLoop = async (eventsFile: string, file: string, total: number): Promise<number> => {
  const source = rawDatabase(eventsFile, 'normal');
  const page = source.rows('SELECT type, head, data FROM events WHERE position > ? ORDER BY position LIMIT ?');
  const types = new Map<unknown, string>();
  const names = source.rows('SELECT group_concat(id), group_concat(name) FROM types').get([]) ?? [];
  for (const [n, id] of String(names[0]).split(',').entries())
    types.set(Number(id), String(names[1]).split(',')[n] ?? '');

  const target = rawDatabase(file, 'normal');
  const columns = ['key', 'row', ...indexes];
  target.exec(`CREATE TABLE mailbox (key TEXT PRIMARY KEY, ${columns
    .slice(1)
    .map((name) => `${name} TEXT`)
    .join(', ')})
    STRICT`);
  target.exec('CREATE TABLE checkpoint (position TEXT NOT NULL) STRICT');
  target.exec(`INSERT INTO checkpoint VALUES ('')`);
  for (const name of indexes) target.exec(`CREATE INDEX by_${name} ON mailbox (${name}) WHERE ${name} IS NOT NULL`);
  const put = target.prepare(`INSERT INTO mailbox VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (key) DO UPDATE SET ${columns
      .slice(1)
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')}`);
  const move = target.prepare('UPDATE checkpoint SET position = ?');

  const fold = (): void => {
    const rows = new Map<string, Row>();
    for (let from = 0; from < total; from += batch) {
      const dirty = new Map<string, Row>();
      for (const [type, head, text] of page.all([from, batch])) {
        const data = JSON.parse(String(text)) as MailboxEvent['data'];
        const event = { type: types.get(type), data } as MailboxEvent;
        // Where the store keeps the time: the sixth of the values before the data.
        const recorded = { recordedAt: new Date(Number(String(head).split(',', 6)[5])) } as RecordedEvent;
        const key = data.mailboxId;
        const row = view.evolve(rows.get(key), event, key, recorded);
        if (row === undefined) continue;
        rows.set(key, row);
        dirty.set(key, row);
      }
      target.exec('BEGIN IMMEDIATE');
      for (const [key, row] of dirty) put.run([key, JSON.stringify(row), ...indexes.map((name) => row[name] ?? null)]);
      move.run([String(from + batch)]);
      target.exec('COMMIT');
    }
  };
  const { cpu } = await spent(fold);
  source.close();
  target.close();
  return total / cpu;
};

export const persistedBench: Bench = {
  names: ['views.persisted.vsRawLoop'],
  run: (options) =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const total = 100_000;
      const store = await filledStore(file, 'normal', total / 10);
      let runs = 0;
      const ours = (): Promise<number> => catchUp(store, join(folder, `ours-${(runs += 1)}.db`));
      const limit = (): Promise<number> => rawLoop(file, join(folder, `raw-${(runs += 1)}.db`), total);
      await ours();
      await limit();
      const result = await ratio(options, ours, limit);
      await store.close();
      const note = `${perSecond(result.ours)} events of CPU · hand-written loop ${perSecond(result.limit)}`;
      return [{ name: 'views.persisted.vsRawLoop', value: result.ratio, note }];
    }),
};
