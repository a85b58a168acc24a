import { expect, test } from 'vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as Mailbox from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import { contextOf, profileId } from '../../testing/sample-mailbox.ts';
import { fails, passes } from '../../testing/scripted-probe.ts';
import { createProfile, rules, type TestWorld, testWorld } from '../../testing/test-world.ts';
import { Host } from '../../values/index.ts';
import type { CheckReport } from '../ports/index.ts';

const done = E.right(undefined);

const withAda = async (): Promise<TestWorld> => {
  const world = testWorld();
  await world.do(Profile.aggregate, createProfile());
  await world.register('ada');
  return world;
};

/** A mailbox on a server that delivers, and what happens when a message is sent. */
const server = (world: TestWorld, sent: () => CheckReport | null = () => null) => {
  const inbox: string[] = [];
  const accepted: string[] = [];
  world.probe.answer(({ target, options }) => {
    const message = options?.testMessage;
    if (message === undefined) return passes();
    const { messageId } = message;
    if (target.protocol === 'smtp') {
      const refused = sent();
      if (refused !== null) return refused;
      accepted.push(messageId);
      inbox.push(messageId);
      return passes();
    }
    if (!inbox.includes(messageId)) return fails('TestMessageNotFound');
    inbox.splice(0, inbox.length, ...inbox.filter((one) => one !== messageId));
    return passes();
  });
  return { inbox, accepted };
};

const reports = async (world: TestWorld) => {
  const read = await world.store.readStream(Mailbox.streamOf(world.mailboxOf('ada')))();
  if (E.isLeft(read)) throw new Error(read.left._tag);
  return read.right.flatMap(({ type, data }) => (type === 'TestMessageReported' ? [data] : []));
};

const works = { status: 'success', enabled: true };

test('that is asked for is sent after the test, found, removed, and reported; nothing is sent unasked', async () => {
  const world = await withAda();
  const { inbox, accepted } = server(world);
  await world.test('ada', 'plain');
  await world.settle();
  expect(accepted).toEqual([]);

  await world.test('ada', 'first', { testMessage: true });
  await world.settle();
  expect(accepted).toHaveLength(1);
  expect(inbox).toEqual([]);
  expect(await reports(world)).toMatchObject([{ outcome: 'delivered', kind: null }]);
  expect(await world.owed()).toEqual([]);
});

test.each([
  ['ContentRejected', 'data', 'refused'],
  ['ConnectionReset', 'connect', 'notSent'],
] as const)('that ends with %s is reported, and the mailbox stays enabled', async (kind, phase, outcome) => {
  const world = await withAda();
  server(world, () => fails(kind, { phase }));
  await world.test('ada', 'first', { testMessage: true });
  await world.settle();
  expect(await reports(world)).toMatchObject([{ outcome, kind }]);
  expect((await world.mailbox('ada')).channels).toMatchObject({ incoming: works, outgoing: works });
});

test('that never arrives is waited for, and then reported as not found', async () => {
  const world = await withAda();
  const { inbox } = server(world);
  inbox.push = () => 0;
  await world.test('ada', 'first', { testMessage: true });
  await world.settle();
  const [report] = await reports(world);
  expect(report).toMatchObject({ outcome: 'notFound', kind: 'TestMessageNotFound' });
  expect(report?.['seconds']).toBeGreaterThan(60);
  expect((await world.mailbox('ada')).channels).toMatchObject({ incoming: works, outgoing: works });
});

test('of a mailbox that does not work is not sent', async () => {
  const world = await withAda();
  world.probe.answer(({ target }) => (target.protocol === 'smtp' ? fails('InvalidCredentials') : passes()));
  await world.test('ada', 'first', { testMessage: true });
  await world.settle();
  expect(await reports(world)).toMatchObject([{ outcome: 'notSent', kind: null }]);
  expect(world.probe.asked.every(({ options }) => options?.testMessage === undefined)).toBe(true);
});

test('is not sent any more when the profile points to another host: the secret may not be meant for it', async () => {
  const world = await withAda();
  const { accepted } = server(world);
  await world.test('ada', 'first', { testMessage: true });
  for (const { intent } of await world.owed()) {
    expect(await world.executor.carryOut(intent.instruction)()).toEqual(done);
  }
  await world.do(Profile.aggregate, {
    type: 'ChangeProfile',
    context: contextOf(),
    profileId,
    connection: { outgoing: { host: Host.orThrow('other.example.org') } },
    processing: {},
    letMailboxSecretsFollow: false,
    rules,
  });
  const send = (await world.owed()).find(({ policy }) => policy === 'test-messages');
  if (send === undefined) throw new Error('no message is owed');
  expect(await world.executor.carryOut(send.intent.instruction)()).toEqual(done);
  expect(accepted).toEqual([]);
  expect(await reports(world)).toMatchObject([{ outcome: 'notSent' }]);
});

test('whose process ends before it is reported is found by the next one, and sent no second time', async () => {
  const world = await withAda();
  const stop = new AbortController();
  const { inbox, accepted } = server(world, () => {
    // It ends once the server has taken the message.
    queueMicrotask(() => stop.abort());
    return null;
  });
  await world.test('ada', 'first', { testMessage: true });
  for (const { intent } of await world.owed()) {
    expect(await world.executor.carryOut(intent.instruction)()).toEqual(done);
  }
  const [owed] = await world.owed();
  if (owed === undefined) throw new Error('no message is owed');
  expect(await world.executor.carryOut(owed.intent.instruction, stop.signal)()).toEqual(done);
  expect(inbox).toHaveLength(1);
  expect(await reports(world)).toEqual([]);
  expect(await world.owed()).toHaveLength(1);

  await world.settle();
  expect(accepted).toHaveLength(1);
  expect(inbox).toEqual([]);
  expect(await reports(world)).toMatchObject([{ outcome: 'delivered' }]);
});
