import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Position, StreamName } from '@mailroom/domain';
import { follower, type FollowerEnv, systemTimers } from '@mailroom/projections';
import { allViews } from '@mailroom/projections/host';
import { sqliteEventStore } from '@mailroom/event-store-sqlite';
import { sqliteViewStore } from '@mailroom/view-store-sqlite';
import { withFolder } from '../events/files.ts';
import { type Bench, type Figure, median } from '../support/measure.ts';
import { eventsOfMailbox } from './workload.ts';

const appends = 1000;
const everyMs = 10;
/** Milliseconds since 1970, in fractions: what two processes of one machine can compare. */
const nowMs = (): number => performance.timeOrigin + performance.now();

/** When each position was committed, rows and all; of a runner here or in another process. */
export const watchCommits = (file: string, viewsFile: string, onCommit: (position: Position, at: number) => void) => {
  const store = sqliteEventStore({ file });
  const views = sqliteViewStore({ file: viewsFile });
  const backoff = { firstMs: 10, maxMs: 100 };
  const env: FollowerEnv = { store, views, timers: systemTimers, backoff, distance: () => null };
  const loop = follower(env, allViews.mailboxes, {
    kind: 'view',
    onPoison: 'halt',
    batch: 1000,
    onCommitted: (_changes, position) => onCommit(position, nowMs()),
  });
  const stop = new AbortController();
  const running = loop.run(stop.signal);
  return {
    store,
    isLive: async (): Promise<void> => {
      while (loop.progress().state !== 'live') await new Promise((resolve) => setTimeout(resolve, 5));
    },
    end: async (): Promise<void> => {
      stop.abort();
      await running;
      await views.close();
      await store.close();
    },
  };
};

type Store = ReturnType<typeof watchCommits>['store'];

/** One mailbox after the other, each in an append of its own. Gives when each was acknowledged. */
const write = async (store: Store): Promise<ReadonlyMap<Position, number>> => {
  const acknowledged = new Map<Position, number>();
  const begin = performance.now();
  for (let n = 0; n < appends; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begin + n * everyMs - performance.now())));
    const id = randomUUID();
    const events = eventsOfMailbox(id, n).slice(0, 1);
    const result = await store.append(StreamName.orThrow(`mailbox-${id}`), 'noStream', events)();
    if (result._tag === 'Left') throw new Error(result.left._tag);
    acknowledged.set(result.right.position, nowMs());
  }
  return acknowledged;
};

const lags = (
  acknowledged: ReadonlyMap<Position, number>,
  committed: ReadonlyMap<Position, number>,
): readonly number[] => {
  const commits = [...committed].sort(([one], [other]) => (one < other ? -1 : 1));
  return [...acknowledged].map(([position, at]) => {
    const commit = commits.find(([upTo]) => upTo >= position);
    // Committed before the writer had the answer: no lag.
    return commit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, commit[1] - at);
  });
};

const inProcess = (file: string): Promise<readonly number[]> =>
  run(async (committed) => {
    const { store, isLive, end } = watchCommits(file, file, (position, at) => committed.set(position, at));
    await isLive();
    return { store, end };
  });

const program = fileURLToPath(new URL('./lag-process.ts', import.meta.url));

const otherProcess = (file: string): Promise<readonly number[]> =>
  run(async (committed) => {
    const store = sqliteEventStore({ file });
    const child: ChildProcess = fork(program, [file], { execArgv: process.execArgv });
    await new Promise<void>((resolve) =>
      child.on('message', (message: 'live' | readonly [Position, number]) => {
        if (message === 'live') resolve();
        else committed.set(...message);
      }),
    );
    return {
      store,
      end: async () => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.send('end');
        await ended;
        await store.close();
      },
    };
  });

const run = async (
  start: (committed: Map<Position, number>) => Promise<{ readonly store: Store; readonly end: () => Promise<void> }>,
): Promise<readonly number[]> => {
  const committed = new Map<Position, number>();
  const { store, end } = await start(committed);
  const acknowledged = await write(store);
  const last = [...acknowledged.keys()].at(-1) ?? '';
  while (![...committed.keys()].some((position) => position >= last)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await end();
  return lags(acknowledged, committed);
};

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;

const figures = (name: string, rounds: readonly (readonly number[])[]): readonly Figure[] =>
  ([0.5, 0.99] as const).map((part) => ({
    name: `lag.${name}.p${part * 100}ms`,
    value: median(rounds.map((values) => quantile(values, part))),
    note: 'append resolved to row committed',
  }));

export const lagBench: Bench = {
  names: ['lag.inProcess.p50ms', 'lag.inProcess.p99ms', 'lag.otherProcess.p50ms', 'lag.otherProcess.p99ms'],
  run: ({ rounds }) =>
    withFolder(async (folder) => {
      const here: (readonly number[])[] = [];
      const there: (readonly number[])[] = [];
      for (let round = 0; round < rounds; round += 1) {
        here.push(await inProcess(join(folder, `in-${round}.db`)));
        there.push(await otherProcess(join(folder, `other-${round}.db`)));
      }
      return [...figures('inProcess', here), ...figures('otherProcess', there)];
    }),
};
