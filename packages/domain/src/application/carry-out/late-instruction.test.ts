import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import * as Mailbox from '../../mailbox/index.ts';
import type { Instruction } from '../../policies/index.ts';
import * as Profile from '../../profile/index.ts';
import { contextOf, organizationId, profileId } from '../../testing/sample-mailbox.ts';
import { fails } from '../../testing/scripted-probe.ts';
import { createProfile, done, rules, type TestWorld, testWorld } from '../../testing/test-world.ts';

// An instruction is carried out when its time has come: by then its mailbox or its profile may be another.

const withAda = async (): Promise<TestWorld> => {
  const world = testWorld();
  await world.do(Profile.aggregate, createProfile());
  await world.register('ada');
  return world;
};
const history = async ({ store, mailboxOf }: TestWorld) => {
  const read = await store.readStream(Mailbox.streamOf(mailboxOf('ada')))();
  return E.isRight(read) ? read.right.map(({ type, data }) => ({ type, data })) : [];
};
const cause = { correlationId: 'correlation', eventId: 'event' };
const change = (port: number): Profile.ChangeProfile => ({
  type: 'ChangeProfile',
  context: contextOf(),
  profileId,
  connection: { incoming: { port } },
  processing: {},
  letMailboxSecretsFollow: false,
  rules,
});
const remove = (): Profile.DeleteProfile => {
  const counts = { mailboxes: 1, isDefault: false, force: true } as const;
  return { type: 'DeleteProfile', context: contextOf(), profileId, ...counts };
};
const retryOf = (world: TestWorld, user = 'ada'): Instruction => {
  const about = { organizationId, mailboxId: world.mailboxOf(user), cause };
  return { type: 'RequestRetry', ...about, channels: ['incoming'], attempt: 2 };
};
const spreadOf = (world: TestWorld): Instruction => {
  const about = { organizationId, mailboxId: world.mailboxOf('ada'), cause };
  return { type: 'SpreadProfileChange', ...about, profileId };
};

test('a retry tests these channels alone, as the next attempt', async () => {
  const world = await withAda();
  world.probe.answer(() => fails('MailboxInUse'));
  await world.test('ada', 'first', { channels: ['incoming'] });
  await world.settle();
  done(await world.executor.carryOut(retryOf(world))());
  expect((await history(world)).at(-1)).toMatchObject({
    type: 'MailboxTestRequested',
    data: { runId: null, channels: ['incoming'], trigger: 'retry', attempt: 2, thisOrganizationOnly: false },
  });
  expect((await world.mailbox('ada')).testMessages).toEqual([]);
});

test('a retry brings what has changed in the profile with it', async () => {
  const world = await withAda();
  await world.do(Profile.aggregate, change(10993));
  done(await world.executor.carryOut(retryOf(world))());
  expect((await world.mailbox('ada')).profile?.configuration).toBe((await world.facts()).configuration);
});

test('there is nothing to do for a mailbox that is not there, or is on no profile any more', async () => {
  const world = await withAda();
  done(await world.executor.carryOut(retryOf(world, 'nobody'))());
  const about = { context: contextOf(), mailboxId: world.mailboxOf('ada') };
  await world.do(Mailbox.aggregate, { type: 'AssignMailboxProfile', ...about, profile: null, secretMayFollow: false });
  done(await world.executor.carryOut(retryOf(world))());
  await world.settle();
  expect((await history(world)).filter(({ type }) => type === 'MailboxTestRequested')).toEqual([]);
  expect(world.probe.asked).toEqual([]);
});

test('a profile that is gone is brought to nobody', async () => {
  const world = await withAda();
  await world.do(Profile.aggregate, change(10993));
  await world.do(Profile.aggregate, remove());
  const before = await history(world);
  done(await world.executor.carryOut(spreadOf(world))());
  expect(await history(world)).toEqual(before);
});

test('each change of a profile reaches a mailbox that has learned of the one before', async () => {
  const world = await withAda();
  for (const port of [10993, 11993]) {
    await world.do(Profile.aggregate, change(port));
    done(await world.executor.carryOut(spreadOf(world))());
    expect((await world.mailbox('ada')).profile?.configuration).toBe((await world.facts()).configuration);
  }
});
