import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { repository } from '../../kernel/execute.ts';
import * as Mailbox from '../../mailbox/index.ts';
import type { Instruction } from '../../policies/index.ts';
import * as Profile from '../../profile/index.ts';
import { defaultDeployment } from '../../settings/deployment.ts';
import { failingCalls } from '../../testing/failing-calls.ts';
import { profileAccount } from '../../testing/existing.ts';
import { contextOf, profileId, secret, userName } from '../../testing/sample-mailbox.ts';
import { fails, passes } from '../../testing/scripted-probe.ts';
import { createProfile, done, rules, type TestWorld, testWorld } from '../../testing/test-world.ts';
import * as TestRun from '../../test-run/index.ts';
import { derivedId, Host, TestRunId } from '../../values/index.ts';
import { executor } from './carry-out.ts';

const users = ['ada', 'grace'] as const;
const runId = TestRunId.orThrow(derivedId('sample', 'interrupted run'));

const tested = async (world: TestWorld): Promise<void> => {
  for (const user of users) await world.test(user, 'first');
  await world.settle();
};
const inTrouble = async (world: TestWorld): Promise<void> => {
  await tested(world);
  world.probe.answer(({ target }) => (target.protocol === 'imap' ? fails('ServerTemporarilyUnavailable') : passes()));
  for (const user of users) await world.test(user, 'second');
  await world.settle();
  world.probe.answer(passes);
};
const requestRun = async (world: TestWorld): Promise<void> => {
  await world.do(TestRun.aggregate, {
    type: 'RequestTestRun',
    context: contextOf(),
    runId,
    mailboxIds: users.map(world.mailboxOf),
    skipped: [],
    profileId: null,
    channels: ['incoming', 'outgoing'],
    thisOrganizationOnly: false,
    testMessage: false,
  });
};
/** Carries out what is owed of this type, and nothing else. */
const carryOutAll = async (world: TestWorld, type: Instruction['type']): Promise<void> => {
  for (const { intent } of await world.owed()) {
    if (intent.instruction.type === type) done(await world.executor.carryOut(intent.instruction)());
  }
};

/** Every mailbox of a profile that asks for alert mail fails. */
const mostFail = async (world: TestWorld): Promise<void> => {
  await world.do(Profile.aggregate, {
    type: 'ChangeProfile',
    context: contextOf(),
    profileId,
    connection: {},
    processing: { alertMail: true },
    letMailboxSecretsFollow: false,
    rules,
  });
  world.probe.answer(() => fails('InvalidCredentials'));
  for (const user of users) await world.test(user, 'first');
  await carryOutAll(world, 'RunTest');
};

/** Ada has a password that is known to stop working. */
const setCredentials = (world: TestWorld, expiresOn: Date): Promise<unknown> =>
  world.do(Mailbox.aggregate, {
    type: 'SetMailboxCredentials',
    context: contextOf(),
    mailboxId: world.mailboxOf('ada'),
    userName,
    secret,
    expiresOn,
    profile: null,
    insecureChannelAllowed: false,
  });

/** How it comes that each of these is owed. */
const histories: Record<Instruction['type'], (world: TestWorld) => Promise<unknown>> = {
  RunTest: (world) => world.test('ada', 'first'),
  SendTestMessage: async (world) => {
    await world.test('ada', 'first', { testMessage: true });
    await carryOutAll(world, 'RunTest');
  },
  AnnounceAlertMail: mostFail,
  DeliverAlertMail: async (world) => {
    await mostFail(world);
    await carryOutAll(world, 'AnnounceAlertMail');
  },
  AnnounceProfileCredentialsExpiry: async (world) => {
    const host = Host.orThrow('mail.example.org');
    await world.do(Profile.aggregate, {
      type: 'ChangeProfile',
      context: contextOf(),
      profileId,
      connection: { incoming: { host, credentials: 'profile' } },
      processing: {},
      letMailboxSecretsFollow: false,
      rules,
    });
    await world.do(Profile.aggregate, { ...profileAccount('incoming'), expiresOn: world.now() });
  },
  AnnounceMailboxCredentialsExpiry: (world) => setCredentials(world, world.now()),
  RequestRetry: async (world) => {
    world.probe.answer(() => fails('MailboxInUse'));
    await tested(world);
  },
  ProbeIncident: inTrouble,
  ResumePausedChannel: async (world) => {
    await inTrouble(world);
    await world.test('ada', 'third', { channels: ['incoming'] });
    await carryOutAll(world, 'RunTest');
  },
  SpreadProfileChange: async (world) => {
    await tested(world);
    await world.do(Profile.aggregate, {
      type: 'ChangeProfile',
      context: contextOf(),
      profileId,
      connection: { incoming: { host: Host.orThrow('elsewhere.example.org') } },
      processing: {},
      letMailboxSecretsFollow: false,
      rules,
    });
  },
  DetachFromProfile: (world) =>
    world.do(Profile.aggregate, {
      type: 'DeleteProfile',
      context: contextOf(),
      profileId,
      force: true,
      mailboxes: users.length,
      isDefault: false,
    }),
  StartRun: requestRun,
  CancelTestOfRun: async (world) => {
    await requestRun(world);
    await carryOutAll(world, 'StartRun');
    await world.do(TestRun.aggregate, { type: 'CancelTestRun', context: contextOf(), runId });
  },
  CompleteRun: async (world) => {
    await requestRun(world);
    await carryOutAll(world, 'StartRun');
    await carryOutAll(world, 'RunTest');
  },
};

const ok = E.right(undefined);

/** A history in which this is owed, and somebody to carry it out whose calls can be made to fail. */
const owing = async (type: Instruction['type']) => {
  const world = testWorld();
  await world.do(Profile.aggregate, createProfile());
  for (const user of users) await world.register(user);
  await histories[type](world);
  const instruction = (await world.owed()).map(({ intent }) => intent.instruction).find((one) => one.type === type);
  if (instruction === undefined) throw new Error(`no ${type} is owed`);

  const calls = failingCalls();
  const worker = () =>
    executor({
      repository: repository({ store: calls.wraps.wrap(world.store), pause: async () => undefined }),
      vault: calls.wraps.wrapVault(world.vault),
      probe: world.probe,
      clock: { now: () => new Date(Date.UTC(2026, 0, 1, 10)) },
      deployment: defaultDeployment,
      alertMail: { mailer: { send: () => async () => ok, close: () => Promise.resolve() } },
    });
  const written = async (): Promise<readonly string[]> => {
    const types: string[] = [];
    for await (const batch of world.store.readAll()) {
      if (E.isLeft(batch)) throw new Error(batch.left._tag);
      for (const { stream, type: each } of batch.right) types.push(`${stream} ${each}`);
    }
    return types.slice(before).sort();
  };
  let before = 0;
  before = (await written()).length;
  return { world, calls, instruction, worker, written };
};

describe.each(Object.keys(histories) as Instruction['type'][])('%s', (type) => {
  test('whichever call fails, is still owed with that failure; a repeat brings it to the same end', async () => {
    const undisturbed = await owing(type);
    expect(await undisturbed.worker().carryOut(undisturbed.instruction)()).toEqual(ok);
    const expected = await undisturbed.written();
    expect(expected).not.toEqual([]);

    for (let n = 1; ; n++) {
      expect(n).toBeLessThan(60);
      const { calls, instruction, worker, written } = await owing(type);
      calls.failAt(n);
      const answer = await worker().carryOut(instruction)();
      const failed = calls.failed();
      calls.failAt(Infinity);
      if (failed === null) {
        expect(n).toBeGreaterThan(1);
        expect(answer).toEqual(ok);
        return;
      }
      expect(answer).toEqual(E.left(failed.failure));
      expect(await worker().carryOut(instruction)()).toEqual(ok);
      expect(await written(), `${failed.name}, call ${n}`).toEqual(expected);
    }
  });

  test('twice changes nothing more, nor does it for a mailbox that is out of service by then', async () => {
    const { world, instruction, worker, written } = await owing(type);
    expect(await worker().carryOut(instruction)()).toEqual(ok);
    const once = await written();
    expect(await worker().carryOut(instruction)()).toEqual(ok);
    expect(await written()).toEqual(once);
    for (const user of users) {
      const mailboxId = world.mailboxOf(user);
      await world.do(Mailbox.aggregate, { type: 'DeactivateMailbox', context: contextOf(), mailboxId, cause: 'asked' });
    }
    const out = await written();
    expect(await worker().carryOut(instruction)()).toEqual(ok);
    expect(await written()).toEqual(out);
  });

  test('for mailboxes that were taken out of service first is settled without a test', async () => {
    const { world, instruction, worker, written } = await owing(type);
    for (const user of users) {
      const mailboxId = world.mailboxOf(user);
      await world.do(Mailbox.aggregate, { type: 'DeactivateMailbox', context: contextOf(), mailboxId, cause: 'asked' });
    }
    const asked = world.probe.asked.length;
    expect(await worker().carryOut(instruction)()).toEqual(ok);
    expect(world.probe.asked).toHaveLength(asked);
    expect((await written()).filter((one) => one.includes('MailboxTestRequested'))).toEqual([]);
  });
});
