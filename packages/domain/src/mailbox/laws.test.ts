import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { replay } from '../kernel/decider.ts';
import { play, story, type Turn } from '../testing/mailbox-stories.ts';
import { retries } from '../testing/sample-mailbox.ts';
import { runsOf } from '../testing/test-size.ts';
import type { MailChannel } from '../values/index.ts';
import * as Mailbox from './index.ts';

const holds = (law: (turn: Turn, history: readonly Turn[]) => void): void => {
  fc.assert(
    fc.property(story, ([first, steps]) => {
      const turns = play(first, steps);
      for (const [index, turn] of turns.entries()) law(turn, turns.slice(0, index + 1));
    }),
    { numRuns: runsOf({ small: 150, ci: 1000, full: 10_000 }) },
  );
};
const channelsOf = (state: Mailbox.State) => (state._tag === 'Registered' ? Object.entries(state.channels) : []);

test('the stories in which the laws are tried lead to every event there is', () => {
  const stories = fc.sample(story, { seed: 7, numRuns: 600 });
  const types = stories.flatMap(([first, steps]) =>
    play(first, steps).flatMap(({ events }) => events.map(({ type }) => type)),
  );
  const missing = Mailbox.events.types.filter((type) => !types.includes(type));
  expect(missing).toEqual(['MailboxRenamed', 'MailboxOwnerChanged']);
});

describe('whatever is asked of a mailbox', () => {
  test('only a fresh success enables a channel', () =>
    holds(({ command, before, events }) => {
      const enabled = events.filter((event) => event.type === 'ChannelEnabled');
      for (const { data } of enabled) {
        expect(command).toMatchObject({
          type: 'RecordTestResult',
          channel: data.channel,
          outcome: { verdict: 'passed' },
        });
        const { fingerprint, testId: tested } = command as Mailbox.RecordTestResult;
        const { test: open, profile: known, channels, active } = before as Mailbox.Registered;
        expect(active).toBe(true);
        expect(open?.testId).toBe(tested);
        expect(fingerprint).toEqual({
          profileId: known?.profileId ?? null,
          profileConfiguration: known?.configuration ?? 0,
          mailboxConfiguration: channels[data.channel as MailChannel].configuration,
        });
      }
    }));

  test('an enabled channel has succeeded since anything that matters to it was changed', () =>
    holds(({ after }) => {
      for (const [, { enabled, worked, method }] of channelsOf(after)) {
        if (enabled) expect({ worked, method }).toEqual({ worked: true, method: 'serverSide' });
      }
    }));

  test('appointments are never enabled, and never more than none on a POP3 or IMAP profile', () =>
    holds(({ events, after }) => {
      for (const { type, data } of events) if (type === 'ChannelEnabled') expect(data.channel).not.toBe('act');
      if (after._tag === 'Registered' && after.profile !== null) expect(after.act).toBe('none');
    }));

  test('a forward mailbox never sends, and is never without an address', () =>
    holds(({ after }) => {
      if (after._tag !== 'Registered' || after.kind !== 'forward') return;
      expect(after.channels.outgoing).toMatchObject({ method: 'none', enabled: false });
      expect(after.address).not.toBeNull();
    }));

  test('a channel that is not paused by its profile is tried no more often than the plan says', () =>
    holds(({ before, events }) => {
      for (const event of events) {
        if (event.type !== 'ChannelTestFailed' || event.data.nextAttemptAt === null) continue;
        const paused = events.some(({ type }) => type === 'ChannelPaused');
        const { channels } = before as Mailbox.Registered;
        if (!paused && !channels[event.data.channel].paused) expect(event.data.attempt).toBeLessThan(retries.attempts);
      }
    }));

  test('refused credentials are never tried again by themselves', () =>
    holds(({ events }) => {
      for (const event of events) {
        if (event.type !== 'ChannelTestFailed') continue;
        const { phase, disposition, nextAttemptAt } = event.data;
        if (phase === 'auth' && disposition === 'permanent') expect(nextAttemptAt).toBeNull();
      }
    }));

  test('it has at most one open test, of channels that are server-side', () =>
    holds(({ after }) => {
      if (after._tag !== 'Registered' || after.test === null) return;
      expect(after.active).toBe(true);
      expect(after.test.remaining.length).toBeGreaterThan(0);
      for (const about of after.test.remaining) expect(after.channels[about].method).toBe('serverSide');
    }));

  test('what becomes of a test message changes nothing but that it is known', () =>
    holds(({ command, before, events, after }) => {
      if (command.type !== 'RecordTestMessage' || before._tag !== 'Registered' || events.length === 0) return;
      expect(after).toEqual({ ...before, testMessages: before.testMessages.filter((id) => id !== command.testId) });
    }));

  test('the same command again changes nothing more', () =>
    holds(({ command, events, after }) => {
      if (events.length === 0 || command.type === 'RequestMailboxTest') return;
      const again = Mailbox.decider.decide(command, after);
      expect(E.isRight(again) ? again.right : []).toEqual([]);
    }));

  test('what is stored reads back as the same events, and a replay gives the same state', () =>
    holds(({ after }, history) => {
      const stored = history.flatMap(({ events }) => events.map(Mailbox.events.encode));
      const read = (JSON.parse(JSON.stringify(stored)) as typeof stored).map((one) => {
        const decoded = Mailbox.events.decode(one);
        if (E.isLeft(decoded)) throw new Error(decoded.left.problems.join());
        return decoded.right;
      });
      expect(replay(Mailbox.decider, read)).toEqual(after);
    }));
});
