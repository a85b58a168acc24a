import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import * as Mailbox from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import { contextOf } from '../../testing/sample-mailbox.ts';
import { fails, passes } from '../../testing/scripted-probe.ts';
import { createProfile, done, type TestWorld, testWorld } from '../../testing/test-world.ts';
import * as TestRun from '../../test-run/index.ts';
import { derivedId, TestRunId } from '../../values/index.ts';

const runId = TestRunId.orThrow(derivedId('sample', 'run'));
const withMailboxes = async (users: readonly string[]): Promise<TestWorld> => {
  const world = testWorld();
  await world.do(Profile.aggregate, createProfile());
  for (const user of users) await world.register(user);
  return world;
};
const request = (world: TestWorld, users: readonly string[]) =>
  world.do(TestRun.aggregate, {
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
const history = async ({ store }: TestWorld) => {
  const read = await store.readStream(TestRun.streamOf(runId))();
  return E.isRight(read) ? read.right.map(({ type, data }) => ({ type, data })) : [];
};
const startOf = async (world: TestWorld) => {
  const owed = (await world.owed()).map(({ intent }) => intent.instruction);
  const start = owed.find(({ type }) => type === 'StartRun');
  if (start === undefined) throw new Error('no run is owed');
  return start;
};

describe('a run of tests', () => {
  test('tests every mailbox and ends when the last test has, whatever came of it', async () => {
    const users = ['ada', 'grace', 'mary'];
    const world = await withMailboxes(users);
    world.probe.answer(({ target }) =>
      target.address === 'mary@example.org' ? fails('InvalidCredentials') : passes(),
    );
    await request(world, users);
    await world.settle();
    expect((await world.mailbox('ada')).channels.incoming).toMatchObject({ enabled: true });
    expect((await world.mailbox('mary')).channels.incoming).toMatchObject({ status: 'failure' });
    const events = await history(world);
    expect(events.map(({ type }) => type)).toEqual(['TestRunRequested', 'TestRunStarted', 'TestRunCompleted']);
    expect(events[1]?.data).toMatchObject({ tests: 3, skipped: [] });
    expect(await world.owed()).toEqual([]);
  });

  test('says which mailboxes it skipped and why', async () => {
    const world = await withMailboxes(['ada', 'grace', 'mary']);
    const about = (user: string) => ({ context: contextOf(), mailboxId: world.mailboxOf(user) });
    await world.do(Mailbox.aggregate, { type: 'DeactivateMailbox', ...about('ada'), cause: 'asked' });
    const none = { incoming: 'none', outgoing: 'none' } as const;
    await world.do(Mailbox.aggregate, { type: 'SetMailboxMethods', ...about('grace'), methods: none });
    await world.test('mary', 'her own');
    await request(world, ['ada', 'grace', 'mary', 'nobody']);
    done(await world.executor.carryOut(await startOf(world))());
    expect((await history(world))[1]?.data).toMatchObject({
      tests: 0,
      skipped: [
        { reason: 'MailboxDeactivated', mailboxIds: [world.mailboxOf('ada')] },
        { reason: 'NoChannelToTest', mailboxIds: [world.mailboxOf('grace')] },
        { reason: 'TestRunning', mailboxIds: [world.mailboxOf('mary')] },
        { reason: 'MailboxNotFound', mailboxIds: [world.mailboxOf('nobody')] },
      ],
    });
    await world.settle();
    expect((await history(world)).at(-1)?.type).toBe('TestRunCompleted');
  });

  test('started twice at the same time, it opens each test once', async () => {
    const world = await withMailboxes(['ada', 'grace']);
    await request(world, ['ada', 'grace']);
    const start = await startOf(world);
    await Promise.all([world.executor.carryOut(start)(), world.executor.carryOut(start)()]);
    await world.settle();
    expect(world.probe.asked).toHaveLength(4);
    expect((await history(world)).map(({ type }) => type)).toEqual([
      'TestRunRequested',
      'TestRunStarted',
      'TestRunCompleted',
    ]);
    expect((await history(world))[1]?.data).toMatchObject({ tests: 2, skipped: [] });
  });

  test('cancelled, it ends the tests that are open and leaves what was found', async () => {
    const world = await withMailboxes(['ada', 'grace']);
    await request(world, ['ada', 'grace']);
    done(await world.executor.carryOut(await startOf(world))());
    const first = (await world.owed()).find(({ intent }) => intent.instruction.type === 'RunTest');
    if (first !== undefined) done(await world.executor.carryOut(first.intent.instruction)());
    await world.do(TestRun.aggregate, { type: 'CancelTestRun', context: contextOf(), runId });
    const owed = (await world.owed()).filter(({ intent }) => intent.instruction.type === 'CancelTestOfRun');
    expect(owed).toHaveLength(1);
    for (const { intent } of owed) done(await world.executor.carryOut(intent.instruction)());
    expect(await world.owed()).toEqual([]);
    const enabled = [await world.mailbox('ada'), await world.mailbox('grace')].map(
      ({ channels, test: open }) => [channels.incoming.enabled, open] as const,
    );
    expect(enabled).toHaveLength(2);
    expect(enabled.filter(([isEnabled]) => isEnabled)).toHaveLength(1);
    expect(enabled.every(([, open]) => open === null)).toBe(true);
  });
});
