import { getEventListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Pause } from '../../kernel/patience.ts';
import * as Mailbox from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import { defaultDeployment } from '../../settings/deployment.ts';
import { failure, type FailureKind, type FailureOverrides } from '../../taxonomy/index.ts';
import { contextOf } from '../../testing/sample-mailbox.ts';
import { fails, passes } from '../../testing/scripted-probe.ts';
import { createProfile, done, type TestWorld, testWorld } from '../../testing/test-world.ts';
import type { CheckReport } from '../ports/index.ts';
import { executor } from './carry-out.ts';

/** A mailbox that has passed its test, and owes its test message. */
const owing = async () => {
  const world = testWorld();
  await world.do(Profile.aggregate, createProfile());
  await world.register('ada');
  await world.test('ada', 'first', { testMessage: true });
  for (const { intent } of await world.owed()) done(await world.executor.carryOut(intent.instruction)());
  const instruction = (await world.owed()).map(({ intent }) => intent.instruction)[0];
  if (instruction?.type !== 'SendTestMessage') throw new Error('no message is owed');
  return { world, instruction };
};
/** What the looks into the mailbox say, in turn, and what sending says. */
const answers = ({ probe }: TestWorld, looks: readonly CheckReport[], sending: CheckReport = passes()): void => {
  let look = 0;
  probe.answer(({ target: { protocol } }) =>
    protocol === 'smtp' ? sending : (looks[Math.min(look++, looks.length - 1)] ?? passes()),
  );
};
const reported = async ({ store, mailboxOf }: TestWorld): Promise<unknown> => {
  const read = await store.readStream(Mailbox.streamOf(mailboxOf('ada')))();
  return E.isRight(read) ? read.right.findLast(({ type }) => type === 'TestMessageReported')?.data : null;
};
/** Somebody else who carries it out, with other pauses or another patience. */
const other = ({ repository: repo, vault, probe }: TestWorld, pause: Pause, testMessagePatienceMs?: number) =>
  executor({
    ...{ repository: repo, vault, probe, pause, deployment: defaultDeployment },
    clock: { now: () => new Date(Date.UTC(2026, 0, 1, 10)) },
    ...(testMessagePatienceMs === undefined ? {} : { testMessagePatienceMs }),
  });
const notThere = (): CheckReport => fails('TestMessageNotFound');
const warns = (...kinds: readonly FailureKind[]): CheckReport => ({
  ...passes(),
  verdict: 'warning',
  warnings: kinds.map((kind) => failure(kind)),
});

describe('what became of a message', () => {
  const arrived = async (found: CheckReport): Promise<unknown> => {
    const { world, instruction } = await owing();
    answers(world, [notThere(), found]);
    done(await world.executor.carryOut(instruction)());
    return reported(world);
  };
  test.each([
    [[], 'delivered', null],
    [['TestMessageInJunk'], 'delivered', 'TestMessageInJunk'],
    [['TestMessageInJunk', 'CleanupFailed'], 'notCleaned', 'CleanupFailed'],
    [['CertificateExpiringSoon'], 'delivered', null],
  ] as const)('that arrived with %j is put down as %s, %s', async (kinds, outcome, kind) => {
    expect(await arrived(warns(...kinds))).toMatchObject({ outcome, kind, seconds: 0 });
  });

  test.each<readonly [FailureKind, FailureOverrides['phase'] & string, string]>([
    ['SenderRejected', 'mailFrom', 'refused'],
    ['RecipientRejected', 'rcptTo', 'refused'],
    ['ContentRejected', 'data', 'refused'],
    ['ContentRejected', 'deliver', 'refused'],
    ['Throttled', 'auth', 'notSent'],
  ])('that fails with %s in %s is put down as %s', async (kind, phase, outcome) => {
    const { world, instruction } = await owing();
    answers(world, [notThere()], fails(kind, { phase }));
    done(await world.executor.carryOut(instruction)());
    expect(await reported(world)).toMatchObject({ outcome, kind });
  });

  test('for which nobody can look is not sent, whatever keeps them from it', async () => {
    const { world, instruction } = await owing();
    answers(world, [fails('ContentRejected', { phase: 'data' })]);
    done(await world.executor.carryOut(instruction)());
    expect(await reported(world)).toMatchObject({ outcome: 'notSent', kind: 'ContentRejected' });
  });

  test.each([
    ['its mailbox is deactivated', { type: 'DeactivateMailbox', cause: 'asked' }],
    [
      'a direction is none of ours any more',
      { type: 'SetMailboxMethods', methods: { incoming: 'none', outgoing: 'serverSide' } },
    ],
    ['the credentials are gone', { type: 'ClearMailboxCredentials', reason: 'asked', profile: null }],
  ] as const)('is that it was not sent when %s', async (_, command) => {
    const { world, instruction } = await owing();
    const asked = world.probe.asked.length;
    const about = { context: contextOf(), mailboxId: world.mailboxOf('ada') };
    await world.do(Mailbox.aggregate, { ...command, ...about });
    done(await world.executor.carryOut(instruction)());
    expect(await reported(world)).toMatchObject({ outcome: 'notSent', kind: null, seconds: 0 });
    expect(world.probe.asked).toHaveLength(asked);
  });
});

describe('waiting for a message', () => {
  const carriedOut = async (pause: Pause, signal?: AbortSignal, patienceMs?: number) => {
    const { world, instruction } = await owing();
    answers(world, [notThere(), notThere(), passes()]);
    const result = await other(world, pause, patienceMs).carryOut(instruction, signal)();
    return { result, report: await reported(world) };
  };
  test('ends when it has arrived, also where it could have been stopped', async () => {
    const { signal } = new AbortController();
    for (const way of [undefined, signal]) {
      const { result, report } = await carriedOut(async () => undefined, way);
      expect([result, report]).toMatchObject([E.right(undefined), { outcome: 'delivered' }]);
    }
  });
  test('takes as long as the host says, and no longer', async () => {
    const { report } = await carriedOut(async () => undefined, undefined, 1);
    expect(report).toMatchObject({ outcome: 'notFound', kind: 'TestMessageNotFound' });
  });
  test('that is stopped does not wait for the end of the pause, and puts nothing down', async () => {
    const stop = new AbortController();
    const forEver = (): Promise<void> => {
      queueMicrotask(() => stop.abort());
      return new Promise(() => undefined);
    };
    expect(await carriedOut(forEver, stop.signal)).toEqual({ result: E.right(undefined), report: undefined });
  });
  test('leaves nothing behind that listens to the signal', async () => {
    const { signal } = new AbortController();
    const listening: number[] = [];
    const count = async (): Promise<void> => void listening.push(getEventListeners(signal, 'abort').length);
    const { world, instruction } = await owing();
    answers(world, [notThere(), notThere(), notThere(), passes()]);
    done(await other(world, count).carryOut(instruction, signal)());
    expect(listening).toEqual([0, 0]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
