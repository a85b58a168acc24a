import { join } from 'node:path';
import { StreamName } from '@mailroom/domain';
import { type Bench, perSecond, ratio, spent } from '../support/measure.ts';
import { eventsTable, filledStore, rawDatabase, rawRows, streamIndex, withFolder } from './files.ts';
import { newEvents } from './workload.ts';

const events = 20_000;
const perAppend = 10;

/** `append()` with ten events a call and 64 callers, against 1,000 rows a transaction by hand. */
export const bulkBench: Bench = {
  names: ['bulk.vsRawBatch'],
  run: (options) =>
    withFolder(async (folder) => {
      const { store, ids } = await filledStore(join(folder, 'bulk.db'), 'full');
      const revisions = new Map(ids.map((id) => [id, 9]));
      const ours = async (): Promise<number> => {
        // Each stream once a round, so that callers do not wait for each other.
        const start = Math.floor(Math.random() * (ids.length - events / perAppend));
        const calls = ids.slice(start, start + events / perAppend).map((id) => {
          const revision = revisions.get(id) ?? 0;
          revisions.set(id, revision + perAppend);
          return { stream: StreamName.orThrow(`mailbox-${id}`), revision, given: newEvents(id, revision, perAppend) };
        });
        let next = 0;
        const caller = async (): Promise<void> => {
          for (let call = calls[next++]; call !== undefined; call = calls[next++]) {
            const result = await store.append(call.stream, call.revision, call.given)();
            if (result._tag === 'Left') throw new Error(result.left._tag);
          }
        };
        const { cpu } = await spent(() => Promise.all(Array.from({ length: 64 }, caller)));
        return events / cpu;
      };

      const raw = rawDatabase(join(folder, 'raw.db'), 'full');
      raw.exec(eventsTable);
      raw.exec(streamIndex);
      const insert = raw.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
      const [begin, commit] = [raw.prepare('BEGIN IMMEDIATE'), raw.prepare('COMMIT')];
      let position = 0;
      let streams = 0;
      const limit = async (): Promise<number> => {
        const rows = rawRows(events).map(([, , , ...rest], index) => {
          if (index % perAppend === 0) streams += 1;
          // Every call goes to another stream, far from the one before.
          return [++position, (streams * 7919) % 1_000_003, index % perAppend, ...rest];
        });
        const { cpu } = await spent(() => {
          for (let from = 0; from < events; from += 1000) {
            begin.run([]);
            for (const row of rows.slice(from, from + 1000)) insert.run(row);
            commit.run([]);
          }
        });
        return events / cpu;
      };

      await ours();
      await limit();
      const result = await ratio(options, ours, limit);
      raw.close();
      await store.close();
      const note = `${perSecond(result.ours)} events of CPU, ten an append · by hand ${perSecond(result.limit)}`;
      return [{ name: 'bulk.vsRawBatch', value: result.ratio, note }];
    }),
};
