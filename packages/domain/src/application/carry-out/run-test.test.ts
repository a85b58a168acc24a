import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import * as Mailbox from '../../mailbox/index.ts';
import type { RunTest } from '../../policies/index.ts';
import * as Profile from '../../profile/index.ts';
import { contextOf, organizationId, profileId, testId } from '../../testing/sample-mailbox.ts';
import { fails, passes } from '../../testing/scripted-probe.ts';
import { createProfile, done, passwordOf, rules, type TestWorld, testWorld } from '../../testing/test-world.ts';
import { Host, Secret, UserName } from '../../values/index.ts';
import type { CheckReport } from '../ports/index.ts';

const withAda = async (world = testWorld(), profile = createProfile()): Promise<TestWorld> => {
  await world.do(Profile.aggregate, profile);
  await world.register('ada');
  return world;
};
const runTestOf = async (world: TestWorld): Promise<RunTest> => {
  const owed = (await world.owed()).map(({ intent }) => intent.instruction);
  const run = owed.find((instruction) => instruction.type === 'RunTest');
  if (run === undefined) throw new Error('no test is owed');
  return run;
};
const typesOf = async ({ store, mailboxOf }: TestWorld): Promise<readonly string[]> => {
  const read = await store.readStream(Mailbox.streamOf(mailboxOf('ada')))();
  return E.isRight(read) ? read.right.map(({ type }) => type) : [];
};

describe('carrying out a test', () => {
  test('checks both directions as the profile says, with the mailbox’s own account, and enables what works', async () => {
    const world = await withAda();
    await world.test('ada', 'first');
    await world.settle();

    const { channels, test: open } = await world.mailbox('ada');
    expect(open).toBeNull();
    expect(channels).toMatchObject({
      incoming: { enabled: true, status: 'success' },
      outgoing: { enabled: true, status: 'success' },
    });
    const [incoming, outgoing] = world.probe.asked;
    expect(incoming?.target).toMatchObject({
      protocol: 'imap',
      host: 'mail.example.org',
      port: 993,
      tls: 'tls',
      mechanism: 'auto',
      address: 'ada@example.org',
    });
    expect(outgoing?.target).toMatchObject({ protocol: 'smtp', port: 587, tls: 'starttls' });
    expect(incoming?.credentials).toMatchObject({ userName: 'ada@example.org', kind: 'password', ofProfile: false });
    expect(incoming?.credentials.secret.reveal()).toBe(passwordOf('ada'));
  });

  test('opens a secret that both directions log in with once in a test, and anew for the next', async () => {
    const world = await withAda();
    const { reveal } = world.vault;
    let opened = 0;
    Object.assign(world.vault, {
      reveal: (...given: Parameters<typeof reveal>) => {
        const opening = reveal(...given);
        return () => {
          opened += 1;
          return opening();
        };
      },
    });
    await world.test('ada', 'first');
    await world.settle();
    expect(world.probe.asked.map(({ credentials }) => credentials.secret.reveal())).toEqual([
      passwordOf('ada'),
      passwordOf('ada'),
    ]);
    expect(opened).toBe(1);
    await world.test('ada', 'second');
    await world.settle();
    expect(opened).toBe(2);
  });

  test('tells whoever watches what goes on, step by step', async () => {
    const world = await withAda();
    await world.test('ada', 'first', { channels: ['incoming'] });
    await world.settle();
    const about = { mailboxId: world.mailboxOf('ada'), testId: testId('ada first'), channel: 'incoming' };
    expect(world.activity).toEqual([
      { _tag: 'CheckStarted', ...about },
      { _tag: 'StepStarted', ...about, step: 'connect' },
      { _tag: 'StepEnded', ...about, step: 'auth', status: 'passed', ms: 3, detail: null },
      { _tag: 'CheckEnded', ...about, verdict: 'passed', kind: null },
    ]);
  });

  test('again, when it was done before, does nothing', async () => {
    const world = await withAda();
    await world.test('ada', 'first');
    const instruction = await runTestOf(world);
    done(await world.executor.carryOut(instruction)());
    const before = await typesOf(world);
    expect(await world.executor.carryOut(instruction)()).toEqual(E.right(undefined));
    expect(await typesOf(world)).toEqual(before);
    expect(world.probe.asked).toHaveLength(2);
    expect(await world.owed()).toEqual([]);
  });

  test('twice at the same time records every result once', async () => {
    const world = await withAda();
    await world.test('ada', 'first');
    const instruction = await runTestOf(world);
    await Promise.all([world.executor.carryOut(instruction)(), world.executor.carryOut(instruction)()]);
    const types = await typesOf(world);
    expect(types.filter((type) => type === 'ChannelTestSucceeded')).toHaveLength(2);
    expect(types.filter((type) => type === 'MailboxTestCompleted')).toHaveLength(1);
  });

  test('interrupted, it goes on with what has no result yet', async () => {
    const world = await withAda();
    const stopping = new AbortController();
    world.probe.answer(({ target }) => {
      if (target.protocol === 'imap') return passes();
      stopping.abort();
      return fails('Cancelled');
    });
    await world.test('ada', 'first');
    const instruction = await runTestOf(world);
    expect(await world.executor.carryOut(instruction, stopping.signal)()).toEqual(E.right(undefined));
    expect((await world.mailbox('ada')).test).not.toBeNull();

    world.probe.answer(passes);
    await world.settle();
    expect((await world.mailbox('ada')).test).toBeNull();
    expect((await typesOf(world)).filter((type) => type === 'MailboxTestCompleted')).toHaveLength(1);
  });

  test('a check that gives up although nobody asked it to is owed again', async () => {
    const world = await withAda();
    world.probe.answer(() => fails('Cancelled'));
    await world.test('ada', 'first', { channels: ['incoming'] });
    expect(await world.executor.carryOut(await runTestOf(world))()).toEqual(E.left({ _tag: 'CheckAbandoned' }));
    expect(await world.owed()).toHaveLength(1);
  });

  test('a probe that crashes is a fault of our own: recorded, and the mailbox is not blamed', async () => {
    const world = await withAda();
    world.probe.answer(({ target }) => {
      if (target.protocol === 'smtp') throw new Error('a bug');
      return passes();
    });
    await world.test('ada', 'first');
    await world.settle();
    const { channels, test: open } = await world.mailbox('ada');
    expect(open).toBeNull();
    expect(channels).toMatchObject({
      incoming: { enabled: true },
      outgoing: { enabled: false, status: 'notRun', failureScope: 'system' },
    });
  });

  test('a vault that is away leaves the test owed; a secret that cannot be read ends it', async () => {
    const world = await withAda();
    await world.test('ada', 'first');
    const instruction = await runTestOf(world);
    const away = { _tag: 'VaultUnavailable', cause: 'away' } as const;
    const reveal = world.vault.reveal;
    Object.assign(world.vault, { reveal: () => () => Promise.resolve(E.left(away)) });
    expect(await world.executor.carryOut(instruction)()).toEqual(E.left(away));
    expect(await world.owed()).toHaveLength(1);

    Object.assign(world.vault, { reveal });
    const { credentials } = await world.mailbox('ada');
    if (credentials !== null) done(await world.vault.remove(credentials.secret)());
    await world.settle();
    expect((await world.mailbox('ada')).channels.incoming).toMatchObject({ status: 'failure', enabled: false });
    expect(world.probe.asked).toHaveLength(0);
    const read = await world.store.readStream(Mailbox.streamOf(world.mailboxOf('ada')))();
    const failed = E.isRight(read) ? read.right.filter(({ type }) => type === 'ChannelTestFailed') : [];
    expect(failed.map(({ data }) => data['kind'])).toEqual(['SecretUnavailable', 'SecretUnavailable']);
  });
});

describe('what preflight rules out', () => {
  test('is a result, without a packet', async () => {
    const world = testWorld({ ports: [443] });
    await withAda(world);
    await world.test('ada', 'first');
    await world.settle();
    expect(world.probe.asked).toHaveLength(0);
    expect((await world.mailbox('ada')).channels.incoming).toMatchObject({
      status: 'failure',
      nextAttemptAt: null,
      failureScope: 'profile',
    });
  });

  test('one direction does not keep the other from being tested', async () => {
    const profile = createProfile({ connection: { incoming: { host: Host.orThrow('mail.example.org') } } });
    const world = await withAda(testWorld(), profile);
    await world.test('ada', 'first');
    await world.settle();
    expect((await world.mailbox('ada')).channels).toMatchObject({
      incoming: { status: 'success' },
      outgoing: { status: 'failure' },
    });
  });
});

describe('the account of the profile', () => {
  const ofProfile = createProfile({
    connection: {
      incoming: { host: Host.orThrow('mail.example.org'), credentials: 'profile' },
      outgoing: { host: Host.orThrow('mail.example.org') },
    },
  });
  const withAccount = async (): Promise<TestWorld> => {
    const world = await withAda(testWorld(), ofProfile);
    const secret = { id: 'of the profile', version: 1 };
    const owner = { organizationId, kind: 'profile', ownerId: profileId, field: 'incoming' } as const;
    done(await world.vault.put(secret, owner, new Secret('shared'))());
    await world.do(Profile.aggregate, {
      type: 'SetProfileCredentials',
      context: contextOf(),
      profileId,
      channel: 'incoming',
      userName: UserName.orThrow('collector'),
      secret,
      rules,
    });
    await world.settle();
    return world;
  };

  test('logs both directions in, and the probe is told that access to this mailbox has to be proved', async () => {
    const world = await withAccount();
    await world.test('ada', 'first');
    await world.settle();
    for (const { credentials } of world.probe.asked) {
      expect(credentials).toMatchObject({ userName: 'collector', ofProfile: true });
      expect(credentials.secret.reveal()).toBe('shared');
    }
    expect(world.probe.asked).toHaveLength(2);
  });

  test('refused, it is a trouble of the profile, and pauses what worked until a person acts', async () => {
    const world = await withAccount();
    await world.test('ada', 'first');
    await world.settle();
    world.probe.answer(() => fails('InvalidCredentials'));
    await world.test('ada', 'second');
    await world.settle();
    expect((await world.mailbox('ada')).channels.incoming).toMatchObject({
      paused: true,
      enabled: true,
      failureScope: 'profile',
      nextAttemptAt: null,
    });
    expect(await world.owed()).toEqual([]);
  });

  test('has no more connections at a time than the profile allows', async () => {
    const world = testWorld();
    await world.do(Profile.aggregate, { ...ofProfile, processing: { maximumConnections: 1 } });
    const secret = { id: 'of the profile', version: 1 };
    const owner = { organizationId, kind: 'profile', ownerId: profileId, field: 'incoming' } as const;
    done(await world.vault.put(secret, owner, new Secret('shared'))());
    const account = { channel: 'incoming', userName: UserName.orThrow('collector'), secret, rules } as const;
    await world.do(Profile.aggregate, { type: 'SetProfileCredentials', context: contextOf(), profileId, ...account });
    for (const user of ['ada', 'grace']) {
      await world.register(user);
      await world.test(user, 'first');
    }
    let open = 0;
    let most = 0;
    world.probe.answer(async () => {
      open += 1;
      most = Math.max(most, open);
      await Promise.resolve();
      open -= 1;
      return passes();
    });
    await world.settle();
    expect(most).toBe(1);
    expect(world.probe.asked).toHaveLength(4);
  });
});

test('a profile that changes while a test runs makes its result stale', async () => {
  const world = await withAda();
  let answer: (report: CheckReport) => void = () => undefined;
  world.probe.answer(() => new Promise((resolve) => (answer = resolve)));
  await world.test('ada', 'first', { channels: ['incoming'] });
  const running = world.executor.carryOut(await runTestOf(world))();
  while (world.probe.asked.length === 0) await Promise.resolve();
  await world.do(Profile.aggregate, {
    type: 'ChangeProfile',
    context: contextOf(),
    profileId,
    connection: { incoming: { port: 10993 } },
    processing: {},
    letMailboxSecretsFollow: false,
    rules,
  });
  answer(passes());
  done(await running);
  const { channels, test: open } = await world.mailbox('ada');
  expect(open).toBeNull();
  expect(channels.incoming).toMatchObject({ status: 'notRun', enabled: false });
  expect((await typesOf(world)).slice(-3)).toEqual([
    'MailboxProfileChangeApplied',
    'MailboxTestCancelled',
    'ChannelTestSuperseded',
  ]);
});

test('a secret is not sent to a host that it was not entered for', async () => {
  const world = await withAda();
  await world.test('ada', 'first');
  const instruction = await runTestOf(world);
  await world.do(Profile.aggregate, {
    type: 'ChangeProfile',
    context: contextOf(),
    profileId,
    connection: { incoming: { host: Host.orThrow('elsewhere.example.net') } },
    processing: {},
    letMailboxSecretsFollow: false,
    rules,
  });
  done(await world.executor.carryOut(instruction)());
  expect(world.probe.asked).toHaveLength(0);
  expect(await world.mailbox('ada')).toMatchObject({ credentials: null, test: null });
});
