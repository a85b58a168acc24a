import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import * as Mailbox from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import { contextOf, otherProfileId, profileId } from '../../testing/sample-mailbox.ts';
import { type AskedCheck, fails, passes } from '../../testing/scripted-probe.ts';
import { createProfile, done, rules, type TestWorld, testWorld } from '../../testing/test-world.ts';
import { defaultDeployment } from '../../settings/deployment.ts';
import { Host, type MailChannel } from '../../values/index.ts';
import { executor } from './index.ts';

// Policies and their execution together: what a history owes is carried out until nothing is owed any more.

const withMailboxes = async (users: readonly string[], world = testWorld()): Promise<TestWorld> => {
  await world.do(Profile.aggregate, createProfile());
  for (const user of users) await world.register(user);
  return world;
};
const channelOf = async (world: TestWorld, user: string, channel: MailChannel = 'incoming') =>
  (await world.mailbox(user)).channels[channel];
const dueAt = async (world: TestWorld): Promise<readonly (Date | null)[]> =>
  (await world.owed()).map(({ intent }) => intent.due);
const usersOf = (asked: readonly AskedCheck[]): readonly string[] =>
  asked.map(({ target }) => target.address.replace('@example.org', ''));
const changeProfile = (changes: Partial<Profile.ChangeProfile>): Profile.ChangeProfile => ({
  type: 'ChangeProfile',
  context: contextOf(),
  profileId,
  connection: {},
  processing: {},
  letMailboxSecretsFollow: false,
  rules,
  ...changes,
});

describe('retries', () => {
  test('passing trouble is tried again when its time has come, and heals', async () => {
    const world = await withMailboxes(['ada']);
    world.probe.answer(() => fails('MailboxInUse'));
    await world.test('ada', 'first');
    await world.settle();
    const [due] = await dueAt(world);
    expect(due).toBeInstanceOf(Date);
    expect(await dueAt(world)).toHaveLength(1);

    world.pass(299 - 30);
    await world.settle();
    expect(world.probe.asked).toHaveLength(2);

    world.probe.answer(passes);
    world.pass(61);
    await world.settle();
    expect(world.probe.asked).toHaveLength(4);
    expect(await channelOf(world, 'ada')).toMatchObject({ enabled: true, status: 'success', attempt: 0 });
    expect(await world.owed()).toEqual([]);
  });

  test('a plan that is spent owes nothing more', async () => {
    const retry = { firstDelaySeconds: 10, attempts: 3, uncertainAttempts: 2 };
    const world = await withMailboxes(['ada'], testWorld({ retry }));
    world.probe.answer(() => fails('AuthTemporarilyUnavailable'));
    await world.test('ada', 'first');
    for (let waits = 0; waits < 10; waits++) {
      await world.settle();
      world.pass(30);
    }
    expect(world.probe.asked).toHaveLength(6);
    expect(await channelOf(world, 'ada')).toMatchObject({ attempt: 3, nextAttemptAt: null, status: 'failure' });
    expect(await world.owed()).toEqual([]);
  });

  test('no channel is tried before its own time, also when a server asked for a longer wait', async () => {
    const world = await withMailboxes(['ada']);
    world.probe.answer(({ target }) =>
      target.protocol === 'imap' ? fails('MailboxInUse', { retryAfterSeconds: 900 }) : fails('MailboxInUse'),
    );
    await world.test('ada', 'first');
    await world.settle();
    world.pass(400);
    await world.settle();
    expect(world.probe.asked.map(({ target }) => target.protocol)).toEqual(['imap', 'smtp', 'smtp']);
  });

  test('deactivating, a changed method or new credentials end the waiting', async () => {
    const commands: readonly Pick<Mailbox.Command, 'type'>[] = [
      { type: 'DeactivateMailbox', cause: 'asked' } as Pick<Mailbox.DeactivateMailbox, 'type' | 'cause'>,
      { type: 'SetMailboxMethods', methods: { incoming: 'none', outgoing: 'none' } } as Pick<
        Mailbox.SetMailboxMethods,
        'type' | 'methods'
      >,
      { type: 'ClearMailboxCredentials', reason: 'asked', profile: null } as Pick<
        Mailbox.ClearMailboxCredentials,
        'type' | 'reason' | 'profile'
      >,
    ];
    for (const command of commands) {
      const world = await withMailboxes(['ada']);
      world.probe.answer(() => fails('MailboxInUse'));
      await world.test('ada', 'first');
      await world.settle();
      expect(await world.owed()).toHaveLength(1);
      const about = { context: contextOf(), mailboxId: world.mailboxOf('ada') };
      await world.do(Mailbox.aggregate, { ...command, ...about } as Mailbox.Command);
      expect(await world.owed()).toEqual([]);
    }
  });
});

describe('trouble of a profile', () => {
  const users = ['ada', 'grace', 'mary'];
  const inTrouble = async (): Promise<TestWorld> => {
    const world = await withMailboxes(users);
    for (const user of users) await world.test(user, 'first');
    await world.settle();
    world.probe.answer(({ target }) => (target.protocol === 'imap' ? fails('ServerTemporarilyUnavailable') : passes()));
    for (const user of users) await world.test(user, 'second');
    await world.settle();
    return world;
  };

  test('pauses what worked, and tries one mailbox at the interval, in turn, for as long as it takes', async () => {
    const world = await inTrouble();
    for (const user of users) {
      expect(await channelOf(world, user)).toMatchObject({ enabled: true, paused: true, status: 'failure' });
      expect(await channelOf(world, user, 'outgoing')).toMatchObject({ enabled: true, status: 'success' });
    }
    expect(await world.owed()).toHaveLength(1);
    const before = world.probe.asked.length;
    for (let round = 0; round < 12; round++) {
      world.pass(331);
      await world.settle();
    }
    const tried = usersOf(world.probe.asked.slice(before));
    expect(tried).toHaveLength(12);
    for (const user of users) expect(tried.filter((one) => one === user)).toHaveLength(4);
  });

  test('the first success lets all of them go on', async () => {
    const world = await inTrouble();
    const before = world.probe.asked.length;
    world.probe.answer(passes);
    world.pass(331);
    await world.settle();
    expect(world.probe.asked).toHaveLength(before + 1);
    for (const user of users) {
      expect(await channelOf(world, user)).toMatchObject({ enabled: true, paused: false, status: 'success' });
    }
    expect(await world.owed()).toEqual([]);
  });

  test('so does a success that a person asked for, before the time has come', async () => {
    const world = await inTrouble();
    world.probe.answer(passes);
    await world.test('mary', 'third', { channels: ['incoming'] });
    await world.settle();
    expect(await channelOf(world, 'ada')).toMatchObject({ paused: false, status: 'success' });
    expect(await world.owed()).toEqual([]);
  });

  test('a mailbox with a trouble of its own does not hold up the others', async () => {
    const world = await inTrouble();
    world.probe.answer(({ target }) => (target.address === 'ada@example.org' ? fails('InvalidCredentials') : passes()));
    for (let round = 0; round < 2; round++) {
      world.pass(331);
      await world.settle();
    }
    expect(await channelOf(world, 'grace')).toMatchObject({ enabled: true, paused: false });
    expect(await channelOf(world, 'mary')).toMatchObject({ enabled: true, paused: false });
  });

  test('a mailbox that leaves the profile no longer waits with it', async () => {
    const world = await inTrouble();
    await world.do(Mailbox.aggregate, {
      type: 'AssignMailboxProfile',
      context: contextOf(),
      mailboxId: world.mailboxOf('ada'),
      profile: null,
      secretMayFollow: false,
    });
    const owed = (await world.owed()).map(({ intent }) => intent.instruction);
    expect(owed).toHaveLength(1);
    expect(owed).not.toContainEqual(expect.objectContaining({ mailboxId: world.mailboxOf('ada') }));
  });
});

describe('both directions of one mailbox in trouble', () => {
  test('are tried again one after the other, whichever asks for its test first', async () => {
    const world = await withMailboxes(['ada']);
    await world.test('ada', 'first');
    await world.settle();
    world.probe.answer(() => fails('ConnectTimeout'));
    await world.test('ada', 'second');
    await world.settle();
    world.probe.answer(passes);
    world.pass(331);
    const probes = (await world.owed()).map(({ intent }) => intent.instruction);
    expect(probes.map(({ type }) => type)).toEqual(['ProbeIncident', 'ProbeIncident']);

    const [first, second] = probes.map((instruction) => () => world.executor.carryOut(instruction)());
    const underWay = E.left({ _tag: 'TestUnderWay' });
    expect(await Promise.all([first?.(), second?.()])).toEqual([E.right(undefined), underWay]);
    expect(await second?.()).toEqual(underWay);
    const [test] = (await world.owed()).filter(({ intent }) => intent.instruction.type === 'RunTest');
    if (test === undefined) throw new Error('no test was opened');
    expect(await world.executor.carryOut(test.intent.instruction)()).toEqual(E.right(undefined));
    expect(await second?.()).toEqual(E.right(undefined));
    await world.settle();
    for (const channel of ['incoming', 'outgoing'] as const)
      expect(await channelOf(world, 'ada', channel)).toMatchObject({ paused: false, status: 'success' });
    expect(await world.owed()).toEqual([]);
  });
});

describe('a server in trouble', () => {
  test('is spared the tests of a job once it has failed often enough, but never those of a person', async () => {
    const users = ['a', 'b', 'c', 'd', 'e'];
    const world = await withMailboxes(users);
    world.probe.answer(() => fails('ConnectTimeout'));
    for (const user of users) {
      await world.test(user, 'first', { trigger: 'bulk', channels: ['incoming'] });
      await world.settle();
    }
    expect(usersOf(world.probe.asked)).toEqual(['a', 'b', 'c']);
    for (const user of users) expect(await channelOf(world, user)).toMatchObject({ status: 'failure' });
    await world.test('e', 'second', { channels: ['incoming'] });
    await world.settle();
    expect(usersOf(world.probe.asked)).toEqual(['a', 'b', 'c', 'e']);

    world.probe.answer(passes);
    await world.test('d', 'second', { channels: ['incoming'] });
    await world.settle();
    await world.test('e', 'third', { trigger: 'bulk', channels: ['incoming'] });
    await world.settle();
    expect(await channelOf(world, 'e')).toMatchObject({ status: 'success', enabled: true });
  });

  test('is spared for as long as the plan waits before a retry', async () => {
    const users = ['a', 'b', 'c', 'd'];
    const world = await withMailboxes(users);
    world.probe.answer(() => fails('ConnectTimeout'));
    const test = async (user: string): Promise<void> => {
      await world.test(user, 'first', { trigger: 'bulk', channels: ['incoming'] });
      await world.settle();
    };
    for (const user of ['a', 'b', 'c']) await test(user);
    world.pass(250);
    await test('d');
    expect(usersOf(world.probe.asked)).toEqual(['a', 'b', 'c']);
  });

  test.each([
    [1, ['a']],
    [Infinity, ['a', 'b', 'c', 'd', 'e']],
  ])('is spared after %s checks in vain where the host says so', async (spareAfter, asked) => {
    const world = await withMailboxes(['a', 'b', 'c', 'd', 'e']);
    const { repository, vault, probe, now } = world;
    const work = executor({ repository, vault, probe, clock: { now }, deployment: defaultDeployment, spareAfter });
    probe.answer(() => fails('ConnectTimeout'));
    for (const user of ['a', 'b', 'c', 'd', 'e']) {
      await world.test(user, 'first', { trigger: 'bulk', channels: ['incoming'] });
      for (const { intent } of await world.owed())
        expect(await work.carryOut(intent.instruction)()).toEqual(E.right(undefined));
    }
    expect(usersOf(probe.asked)).toEqual(asked);
  });

  test('logins that are refused spare nobody', async () => {
    const users = ['a', 'b', 'c', 'd', 'e'];
    const world = await withMailboxes(users);
    world.probe.answer(() => fails('InvalidCredentials'));
    for (const user of users) {
      await world.test(user, 'first', { trigger: 'bulk', channels: ['incoming'] });
      await world.settle();
    }
    expect(world.probe.asked).toHaveLength(5);
  });
});

describe('a change of a profile', () => {
  test('reaches all of its mailboxes, those included that join while it spreads', async () => {
    const world = await withMailboxes(['ada', 'grace']);
    for (const user of ['ada', 'grace']) await world.test(user, 'first');
    await world.settle();
    const asItWas = await world.facts();
    await world.do(Profile.aggregate, changeProfile({ connection: { incoming: { port: 10993 } } }));
    await world.register('mary', { profile: asItWas });
    expect(await world.owed()).toHaveLength(3);
    await world.settle();
    for (const user of ['ada', 'grace']) {
      expect(await channelOf(world, user)).toMatchObject({ enabled: false, status: 'notRun' });
    }
    expect((await world.mailbox('mary')).profile).toMatchObject({ configuration: 2 });
    expect(await world.owed()).toEqual([]);
  });

  test('a new description concerns no mailbox', async () => {
    const world = await withMailboxes(['ada']);
    await world.do(Profile.aggregate, changeProfile({ description: 'for everybody' }));
    expect(await world.owed()).toEqual([]);
  });

  test('a new host takes the secrets away, unless somebody let them follow', async () => {
    const elsewhere = { connection: { incoming: { host: Host.orThrow('elsewhere.example.net') } } };
    const world = await withMailboxes(['ada']);
    await world.do(Profile.aggregate, changeProfile(elsewhere));
    await world.settle();
    expect((await world.mailbox('ada')).credentials).toBeNull();

    const other = await withMailboxes(['ada']);
    const allowed = changeProfile({ ...elsewhere, letMailboxSecretsFollow: true });
    const actor = { ...allowed.context.actor, privileges: ['secrets.reuse'] as const };
    await other.do(Profile.aggregate, { ...allowed, context: { ...allowed.context, actor } });
    await other.settle();
    expect((await other.mailbox('ada')).credentials).not.toBeNull();
    const read = await other.store.readStream(Mailbox.streamOf(other.mailboxOf('ada')))();
    const applied = E.isRight(read) ? read.right.find(({ type }) => type === 'MailboxProfileChangeApplied') : null;
    expect(applied?.data).toMatchObject({ secretFollowed: true });
  });

  test('a later start of processing moves the mailboxes along, an earlier one only those that come later', async () => {
    const start = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));
    const world = await withMailboxes(['ada']);
    await world.do(Profile.aggregate, changeProfile({ processing: { processEmailFrom: start(8) } }));
    await world.settle();
    expect((await world.mailbox('ada')).start).toEqual({ processEmailFrom: start(8), source: 'profile' });

    await world.do(Profile.aggregate, changeProfile({ processing: { processEmailFrom: start(6) } }));
    expect(await world.owed()).toEqual([]);
    await world.register('grace');
    expect((await world.mailbox('grace')).start).toEqual({ processEmailFrom: start(6), source: 'profile' });
    expect(await world.owed()).toEqual([]);
  });

  test('deleting it takes its mailboxes off, but not those that have moved on', async () => {
    const world = await withMailboxes(['ada', 'grace']);
    await world.do(Profile.aggregate, createProfile({ profileId: otherProfileId }));
    await world.do(Profile.aggregate, {
      type: 'DeleteProfile',
      context: contextOf(),
      profileId,
      mailboxes: 2,
      isDefault: false,
      force: true,
    });
    const owed = await world.owed();
    expect(owed).toHaveLength(2);
    await world.do(Mailbox.aggregate, {
      type: 'AssignMailboxProfile',
      context: contextOf(),
      mailboxId: world.mailboxOf('grace'),
      profile: await world.facts(otherProfileId),
      secretMayFollow: true,
    });
    for (const { intent } of owed) done(await world.executor.carryOut(intent.instruction)());
    expect((await world.mailbox('ada')).profile).toBeNull();
    expect((await world.mailbox('grace')).profile).toMatchObject({ profileId: otherProfileId });
    expect(await world.owed()).toEqual([]);
  });
});
