import {
  defineEvent,
  derivedId,
  eventFamily,
  type EventOf,
  type EventStore,
  type NewEvent,
  type ProcessManager,
  StreamName,
  type ViewStore,
} from '@mailroom/domain';
import { inMemoryEventStore, runsOf } from '@mailroom/domain/testing';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { expect, test } from 'vitest';
import { defaultBackoff } from './backoff.ts';
import type { View } from './definition.ts';
import { foldInto } from './fold-into.ts';
import { follower } from './follower.ts';
import type { FollowerEnv } from './follower-types.ts';
import { memoryViewStore } from './memory-view-store.ts';
import { runProcessManager } from './run-process-manager.ts';
import { mortal, type Mortal } from './test-support/mortal.ts';
import { impatientTimers } from './test-support/virtual-timers.ts';

/** A job is asked for, and answered by a command once a probe has been sent: what tests of mailboxes are made of. */
const Asked = defineEvent('Asked', t.strict({ job: t.string, part: t.string }));
const Answered = defineEvent('Answered', t.strict({ job: t.string, part: t.string }));
const jobEvents = eventFamily([Asked, Answered]);
type JobEvent = EventOf<typeof jobEvents>;

interface JobRow {
  readonly asked: readonly string[];
  readonly answered: readonly string[];
}

const view: View<JobRow, JobEvent> = {
  name: 'jobs',
  version: 1,
  events: jobEvents,
  keys: ({ data }) => [data.job, 'all'],
  evolve: (row = { asked: [], answered: [] }, { type, data }) =>
    type === 'Asked'
      ? { ...row, asked: [...row.asked, data.part] }
      : { ...row, answered: [...row.answered, data.part] },
};

const manager: ProcessManager<readonly string[], JobEvent, { readonly job: string; readonly part: string }> = {
  name: 'jobs',
  version: 1,
  events: jobEvents,
  keys: ({ data }) => [data.job],
  evolve: (row = [], { type, data }) =>
    type === 'Asked' ? [...row, data.part] : row.filter((part) => part !== data.part),
  intents: (row, job) => row.map((part) => ({ key: part, due: null, instruction: { job, part } })),
};

const metadata: NewEvent['metadata'] = {
  commandId: derivedId('command'),
  correlationId: derivedId('command'),
  causationId: derivedId('command'),
  actorId: 'tester',
  actorKind: 'system',
  organizationId: 'org',
  command: 'Ask',
};
const stored = (event: JobEvent): NewEvent => ({
  ...jobEvents.encode(event),
  id: derivedId(event.type, event.data.job, event.data.part),
  metadata,
});
const streamOf = (job: string, part: string) => StreamName.orThrow(`job-${job}-${part}`);

interface World {
  readonly store: EventStore;
  readonly views: ViewStore;
  readonly probes: Map<string, number>;
}

/** A process: the view and the process manager on one world, until it has settled or is dead. */
const live = async ({ store, views, probes }: World, life: Mortal): Promise<void> => {
  const env: FollowerEnv = {
    store: life.store(store),
    views: life.views(views),
    timers: life.timers(impatientTimers),
    backoff: defaultBackoff,
    distance: () => null,
  };
  const stop = new AbortController();
  const rows = follower(env, view, { kind: 'view', onPoison: 'halt', batch: 3 });
  const jobs = runProcessManager(env, manager, {
    concurrency: 2,
    batch: 3,
    carryOut: async ({ instruction: { job, part } }) => {
      const probe = `${job}/${part}`;
      await life.step(async () => void probes.set(probe, (probes.get(probe) ?? 0) + 1));
      const answer = [stored(Answered({ job, part }))];
      const appended = await life.step(() => store.append(streamOf(job, part), 0, answer)());
      if (E.isRight(appended) || appended.left._tag === 'WrongExpectedRevision') return { _tag: 'Done' };
      return { _tag: 'Again', tag: appended.left._tag, problem: 'tried again' };
    },
  });
  const running = [rows.run(stop.signal), jobs.run(stop.signal)];
  const isSettled = async (): Promise<boolean> => {
    const head = await store.head();
    if (E.isLeft(head) || head.right === null) return E.isRight(head);
    const isThere = [rows, jobs].every((one) => (one.reached() ?? '') >= (head.right ?? ''));
    return isThere && jobs.isQuiet() && jobs.owed().length === 0;
  };
  while (!life.isDead() && !(await isSettled())) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  // It may die while it stops, too.
  const progress = { hasEnded: false };
  void Promise.all(running).then(() => {
    progress.hasEnded = true;
  });
  while (!life.isDead() && !progress.hasEnded) await new Promise((resolve) => setImmediate(resolve));
};

const check = async ({ store, views, probes }: World, crashes: number): Promise<void> => {
  const replayed = new Map<string, JobRow>();
  const answers = new Map<string, number>();
  for await (const batch of store.readAll()) {
    if (E.isLeft(batch)) throw new Error(batch.left._tag);
    expect(foldInto(view, replayed, batch.right)).toBeNull();
    for (const { type, stream } of batch.right)
      answers.set(stream, (answers.get(stream) ?? 0) + (type === 'Asked' ? 0 : 1));
  }
  const kept = new Map<string, unknown>();
  for await (const { rows } of views.scan({ name: 'jobs', version: 1 }))
    for (const [key, row] of rows) kept.set(key, row);
  expect(kept).toEqual(replayed);
  // Every command once, however often its process died; every probe at least once, and once more for each death at most.
  for (const count of answers.values()) expect(count).toBe(1);
  expect(probes.size).toBe(answers.size);
  for (const count of probes.values()) expect(count).toBeLessThanOrEqual(1 + crashes);
};

const history = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3')), {
  minLength: 1,
  maxLength: 6,
  selector: ([job, part]) => job + part,
});

const worldOf = async (jobs: readonly (readonly [string, string])[]): Promise<World> => {
  const store = inMemoryEventStore();
  for (const [job, part] of jobs) {
    const appended = await store.append(streamOf(job, part), 'noStream', [stored(Asked({ job, part }))])();
    expect(appended._tag).toBe('Right');
  }
  return { store, views: memoryViewStore(), probes: new Map() };
};

test('a process that dies at any of its awaits, and the next one after it, leave what a process without deaths does', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.constantFrom('before', 'after'), fc.nat({ max: 40 }), async (jobs, when, second) => {
      for (let at = 1; ; at += 1) {
        const world = await worldOf(jobs);
        const first = mortal(at, when);
        await live(world, first);
        let crashes = Number(first.isDead());
        if (first.isDead()) {
          // Another one dies at some place of its own; the third lives.
          const next = mortal(second + 1, when);
          await live(world, next);
          crashes += Number(next.isDead());
          if (next.isDead()) await live(world, mortal(Number.POSITIVE_INFINITY, when));
        }
        await check(world, crashes);
        if (!first.isDead()) return;
      }
    }),
    { numRuns: runsOf({ small: 3, ci: 100, full: 1000 }) },
  );
}, 600_000);
