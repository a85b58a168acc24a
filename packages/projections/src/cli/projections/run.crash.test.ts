import { runsOf } from '@mailroom/domain/testing';
import { expect, test } from 'vitest';
import type { Check } from '../audit/report.ts';
import { documentOf, mailroom } from '../test-support/mailroom.ts';
import { type CommandProcess, startMailroom } from '../test-support/process.ts';
import { busyDeployment } from '../test-support/busy-deployment.ts';
import { ledgerOf } from '../test-support/ledger.ts';

const kills = runsOf({ small: 1, ci: 3, full: 200 });
const seed = Number(process.env['MAILROOM_SEED'] ?? Date.now() % 1_000_000);

/** A number from 0 to 1 for each step of a seed (mulberry32). */
const randomOf = (start: number): (() => number) => {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
};

/** Resolves after so many milliseconds, or when the process has ended. */
const later = (ms: number, { ended }: CommandProcess): Promise<unknown> =>
  Promise.race([ended, new Promise((resolve) => setTimeout(resolve, ms))]);

/** A moment that is worth dying at: while it starts, or in the middle of its work. */
const moment = async (running: CommandProcess, logins: (count: number) => Promise<void>, random: () => number) => {
  if (random() < 0.2) return later(random() * 4000, running);
  await Promise.race([running.ended, logins(1 + Math.floor(random() * 60))]);
  // Between a login and the record of its result.
  return later(random() * 40, running);
};

test(
  `killed at any moment under load, it ends as if it never had been (${kills} kills, seed ${seed})`,
  async () => {
    const random = randomOf(seed);
    const busy = await busyDeployment();
    try {
      const args = ['projections', 'run', '--processes', '--config', busy.configuration, '--log-level', 'warn'];
      const killedAt: string[] = [];
      const load = busy.load(random);
      let next = startMailroom(args);
      for (let kill = 1; kill <= kills; kill++) {
        const running = next;
        await moment(running, busy.logins, random);
        running.signal('SIGKILL');
        expect(await running.ended, running.said()).toBe(null);
        killedAt.push(await busy.head());
        next = startMailroom(args);
      }
      await load.stop();
      await busy.settled(next.ended);
      next.signal('SIGTERM');
      expect(await next.ended, next.said()).toBe(0);

      // Whatever was asked for was done, once.
      const ledger = await ledgerOf(busy.store, killedAt);
      expect(ledger.runs).toEqual(busy.runs());
      expect(ledger.problems).toEqual([]);
      expect(ledger.checks).toHaveLength(busy.mailboxes * 2);
      // Each check was carried out, and again only where it was under way when the process died.
      for (const { mailboxId, channel, least, most, told } of ledger.checks) {
        const logins = busy.loginsOf(mailboxId, channel);
        const where = [`${mailboxId} ${channel}, seed ${seed}, kills at ${killedAt.join(' ')}`, ...told].join('\n');
        expect(logins, where).toBeGreaterThanOrEqual(least);
        expect(logins, where).toBeLessThanOrEqual(most);
      }
      expect(await busy.states()).toEqual(new Set(['success, enabled']));

      const places = ['--config', busy.configuration];
      const caughtUp = await mailroom(['projections', 'run', '--once', ...places, '--log-level', 'silent']);
      expect(caughtUp).toMatchObject({ code: 0, error: '' });
      const verified = await mailroom(['audit', 'verify', ...places, '--json']);
      expect(verified.code, verified.out).toBe(0);
      const { checks } = documentOf<{ readonly checks: readonly Check[] }>(verified);
      const views = checks.find(({ check }) => check === 'views');
      expect(views).toMatchObject({ status: 'passed', detail: { views: 6, parked: 0 } });
    } finally {
      await busy.close();
    }
  },
  180_000 + kills * 30_000,
);
