import { setMaxListeners } from 'node:events';
import { type AlertMailMessage, executor, type MailProbe, Profile, repository, type ViewStore } from '@mailroom/domain';
import { createProfile, fails, passes, type TestWorld, testWorld } from '@mailroom/domain/testing';
import * as E from 'fp-ts/lib/Either.js';
import { expect } from 'vitest';
import { defaultBackoff } from '../../runner/backoff.ts';
import type { AnyFold } from '../../runner/definition.ts';
import { follower } from '../../runner/follower.ts';
import { memoryViewStore } from '../../runner/memory-view-store.ts';
import { idleTime, type IdleTime } from '../../runner/test-support/idle-time.ts';
import { mortal, type Mortal } from '../../runner/test-support/mortal.ts';
import { createProcesses } from '../create-processes.ts';
import { allViews } from '../create-views.ts';
import { deploymentOf } from '../deployment.ts';

export const users = ['grace', 'ada', 'mary'] as const;
type User = (typeof users)[number];
/** Every view. */
export const folds: readonly AnyFold[] = Object.values(allViews);

/** What mailboxes are up to, and who is tested. `minutes`: how long what passes by itself takes to pass. */
export interface Phase {
  readonly tested: readonly User[];
  readonly trouble: Readonly<Record<User, 'none' | 'InvalidCredentials' | 'MailboxInUse' | 'ConnectionRefused'>>;
  readonly minutes: number;
}

/** Everything that outlives a process: history, rows, mail servers, the people who read alert mail. */
interface Surroundings {
  readonly world: TestWorld;
  readonly views: ViewStore;
  readonly time: IdleTime;
  readonly sent: AlertMailMessage[];
}

const surroundings = async (): Promise<Surroundings> => {
  const world = testWorld();
  await world.do(Profile.aggregate, createProfile({ processing: { alertMail: true } }));
  for (const user of users) await world.register(user);
  return { world, views: memoryViewStore(), time: idleTime(world.now, world.pass), sent: [] };
};

interface Process {
  /** Lets it work, and time pass, until nothing is owed any more, or it is dead. */
  readonly settle: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly isDead: () => boolean;
  /** Its awaits so far. */
  readonly steps: () => number;
}

/** All views and all policies, with their real carrying out, on one life. */
const start = ({ world, views, time, sent }: Surroundings, life: Mortal): Process => {
  const { store, vault, probe } = world;
  const env = {
    store: life.store(store),
    views: life.views(views),
    timers: life.timers(time.timers),
    backoff: defaultBackoff,
    distance: () => null,
  };
  const probing: MailProbe = {
    checkIncoming: (...asked) => life.step(() => probe.checkIncoming(...asked)),
    checkOutgoing: (...asked) => life.step(() => probe.checkOutgoing(...asked)),
    close: probe.close,
  };
  const work = executor({
    repository: repository({ store: env.store, pause: async () => undefined }),
    vault: { reveal: (ref, owner) => () => life.step(vault.reveal(ref, owner)) },
    probe: probing,
    clock: { now: world.now },
    deployment: deploymentOf(),
    // Which servers are in trouble is known in memory only: a process that dies makes the next one ask again.
    spareAfter: Infinity,
    alertMail: {
      mailer: {
        send: (mail) => () =>
          life.step(async () => {
            sent.push(mail);
            return E.right(undefined);
          }),
        close: async () => undefined,
      },
    },
  });
  const processes = createProcesses(env, {
    executor: work,
    perOrganization: 8,
    observes: false,
    onChange: () => undefined,
  });
  const followers = folds.map((fold) => follower(env, fold, { kind: 'view', onPoison: 'halt', batch: 3 }));
  const all = [...followers, ...processes];
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const running = all.map((one) => one.run(stop.signal));

  /** Until it waits for nothing but time, or what others do. Some turns pass between two commits of a follower. */
  const quiet = async (): Promise<void> => {
    for (let before = -1; before !== life.steps() && !life.isDead();) {
      before = life.steps();
      for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    isDead: life.isDead,
    steps: life.steps,
    settle: async () => {
      for (let moments = 0; ; moments += 1) {
        await quiet();
        if (life.isDead()) return;
        for (const { progress } of all) expect(progress()).toMatchObject({ state: 'live', lastError: null });
        if (processes.every(({ owed }) => owed().length === 0)) return;
        expect(moments).toBeLessThan(500);
        expect(time.passOn()).toBe(true);
      }
    },
    stop: async () => {
      stop.abort();
      const ending = { hasEnded: false };
      void Promise.all(running).then(() => {
        ending.hasEnded = true;
      });
      while (!life.isDead() && !ending.hasEnded) await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

/** The story, told to one process after the other: each is dead after so many of its awaits, the last one lives. */
export const live = async (story: readonly Phase[], deaths: readonly number[], when: 'before' | 'after') => {
  const around = await surroundings();
  const { world } = around;
  const ahead = [...deaths];
  const begin = (): Process => start(around, mortal(ahead.shift() ?? Number.POSITIVE_INFINITY, when));
  let process = begin();
  let crashes = 0;
  const untilDone = async (work: () => Promise<void>): Promise<void> => {
    await work();
    while (process.isDead()) {
      crashes += 1;
      process = begin();
      await work();
    }
  };
  for (const [n, { tested, trouble, minutes }] of story.entries()) {
    const passing = world.now().getTime() + minutes * 60_000;
    world.probe.answer(({ target }) => {
      const user = users.find((one) => target.address.startsWith(one)) ?? 'grace';
      const kind = trouble[user];
      const isOver = kind !== 'InvalidCredentials' && world.now().getTime() >= passing;
      return kind === 'none' || isOver ? passes() : fails(kind);
    });
    for (const user of tested) await world.test(user, `phase ${n}`);
    await untilDone(() => process.settle());
  }
  await untilDone(async () => {
    await process.settle();
    await process.stop();
  });
  return { ...around, crashes, steps: process.steps() };
};

/** What is left when the last of them has ended. */
export type Lived = Awaited<ReturnType<typeof live>>;
