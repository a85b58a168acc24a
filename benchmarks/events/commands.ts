import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { repository, StreamName } from '@mailroom/domain';
import type { SqliteEventStore } from '@mailroom/event-store-sqlite';
import { type Bench, type Figure, type Options, perSecond, ratio, spent } from '../support/measure.ts';
import { type Durability, eventsTable, filledStore, rawDatabase, rawRows, withFolder } from './files.ts';
import { aggregate, command } from './workload.ts';

const concurrent = 8192;
const sequential = 1024;

/** So many callers, each awaiting its own command before the next, on random streams. */
const commandRunner = async (store: SqliteEventStore, ids: readonly string[]) => {
  const commands = repository({ store, cacheSize: 2 * ids.length });
  for (let from = 0; from < ids.length; from += 500) {
    const part = ids.slice(from, from + 500);
    await Promise.all(part.map((id) => commands.load(aggregate, StreamName.orThrow(`mailbox-${id}`))()));
  }
  // Later than everything that is stored: no command is refused because it is old.
  let n = 10_000_000;
  return async (callers: number, howMany: number): Promise<number> => {
    const ready = Array.from({ length: howMany }, () => {
      const id = ids[Math.floor(Math.random() * ids.length)] ?? '';
      return command(id, (n += 1));
    });
    let next = 0;
    let failed = 0;
    const caller = async (): Promise<void> => {
      for (let mine = ready[next++]; mine !== undefined; mine = ready[next++]) {
        const result = await commands.execute(aggregate, mine)();
        if (result._tag === 'Left' || result.right.events.length !== 1) failed += 1;
      }
    };
    const { wall } = await spent(() => Promise.all(Array.from({ length: callers }, caller)));
    if (failed > 0) throw new Error(`${failed} of ${howMany} commands failed`);
    return howMany / wall;
  };
};

/** One table, prepared insert, no index, no hash: the log itself, written by hand. */
const rawLog = (folder: string, durability: Durability) => {
  const database = rawDatabase(join(folder, `raw-${durability}.db`), durability);
  database.exec(eventsTable);
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  let position = 0;
  return {
    close: database.close,
    run: async (rowsOfTransaction: number, howMany: number): Promise<number> => {
      const rows = rawRows(howMany).map(([, ...rest]) => [++position, ...rest]);
      const { wall } = await spent(() => {
        for (let from = 0; from < howMany; from += rowsOfTransaction) {
          begin.run([]);
          for (const row of rows.slice(from, from + rowsOfTransaction)) insert.run(row);
          commit.run([]);
        }
      });
      return howMany / wall;
    },
  };
};

/** The same bytes to a file that grows, each flushed to the disk. */
const rawFile = async (folder: string, howMany: number): Promise<number> => {
  const records = rawRows(howMany).map((row) => Buffer.from(row.join('\n')));
  const file = openSync(join(folder, 'raw.log'), 'a');
  const { wall } = await spent(() => {
    for (const record of records) {
      writeSync(file, record);
      fdatasyncSync(file);
    }
  });
  closeSync(file);
  return howMany / wall;
};

const bench = (durability: Durability): Bench => {
  const name = (rest: string): string => `commands.${durability}.${rest}`;
  const ofFull = ['c64.perCommit', 'c64.vsC1', 'c1.vsRawCommit', 'c1.vsFdatasync'].map(name);

  const run = async (options: Options, folder: string): Promise<readonly Figure[]> => {
    const { store, ids } = await filledStore(join(folder, `${durability}.db`), durability);
    const raw = rawLog(folder, durability);
    const ours = await commandRunner(store, ids);
    await ours(64, concurrent);
    await raw.run(64, concurrent);

    const before = store.counts();
    const c64 = await ratio(
      options,
      () => ours(64, concurrent),
      () => raw.run(64, concurrent),
    );
    const after = store.counts();
    const note = `${perSecond(c64.ours)} commands, 64 callers · raw log ${perSecond(c64.limit)}`;
    const figures: Figure[] = [{ name: name('c64.vsRawLog'), value: c64.ratio, note }];
    if (durability === 'full') {
      const perCommit = (after.events - before.events) / (after.commits - before.commits);
      figures.push({ name: name('c64.perCommit'), value: perCommit, note: 'events a transaction' });
      const c1 = await ratio(
        options,
        () => ours(1, sequential),
        () => raw.run(1, sequential),
      );
      figures.push({ name: name('c64.vsC1'), value: c64.ours / c1.ours, note: '64 callers against one' });
      const rawNote = `${perSecond(c1.ours)} commands, one caller · one row a commit ${perSecond(c1.limit)}`;
      figures.push({ name: name('c1.vsRawCommit'), value: c1.ratio, note: rawNote });
      const sync = await ratio(
        options,
        () => ours(1, sequential),
        () => rawFile(folder, sequential),
      );
      const syncNote = `${perSecond(sync.ours)} commands, one caller · write + fdatasync ${perSecond(sync.limit)}`;
      figures.push({ name: name('c1.vsFdatasync'), value: sync.ratio, note: syncNote });
    }
    raw.close();
    await store.close();
    return figures;
  };

  return {
    names: [name('c64.vsRawLog'), ...(durability === 'full' ? ofFull : [])],
    run: (options) => withFolder((folder) => run(options, folder)),
  };
};

export const commandBenches: readonly Bench[] = [bench('full'), bench('normal')];
