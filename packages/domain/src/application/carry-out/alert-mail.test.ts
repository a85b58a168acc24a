import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { PrincipalId } from '../../kernel/command.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import { repository } from '../../kernel/execute.ts';
import * as AlertMail from '../../alert-mail/index.ts';
import type { Instruction } from '../../policies/index.ts';
import * as Profile from '../../profile/index.ts';
import * as Settings from '../../settings/index.ts';
import { contextOf, organizationId, otherProfileId, profileId } from '../../testing/sample-mailbox.ts';
import { fails, passes } from '../../testing/scripted-probe.ts';
import { createProfile, done, rules, type TestWorld, testWorld } from '../../testing/test-world.ts';
import { type OwedNow, settle } from '../../testing/policy-driver.ts';
import { derivedId, EmailAddress, EpisodeId } from '../../values/index.ts';
import type { AlertMailMessage } from '../ports/index.ts';
import { executor } from './carry-out.ts';
import type { AlertMailPorts } from './environment.ts';
import { defaultDeployment } from '../../settings/deployment.ts';

type Answer = Awaited<ReturnType<ReturnType<AlertMailPorts['mailer']['send']>>>;

const outbox = (answer: () => Answer = () => E.right(undefined)) => {
  const sent: AlertMailMessage[] = [];
  const mailer: AlertMailPorts['mailer'] = {
    send: (mail) => async () => {
      const result = answer();
      if (E.isRight(result)) sent.push(mail);
      return result;
    },
    close: () => Promise.resolve(),
  };
  return { sent, mailer };
};

const operator = EmailAddress.orThrow('operator@example.org');
const users = ['grace', 'ada', 'mary'];

/** A profile with alert mail that grace owns, and three mailboxes on it, one of them her own. */
const worldWith = async (ports?: AlertMailPorts, alertMail = true): Promise<TestWorld> => {
  const world = testWorld({}, ports);
  await world.do(Profile.aggregate, createProfile({ processing: { alertMail } }));
  for (const user of users) await world.register(user);
  return world;
};
const testAll = async (world: TestWorld, name: string, failing: readonly string[]): Promise<void> => {
  world.probe.answer(({ target }) =>
    failing.some((user) => target.address.startsWith(user)) ? fails('InvalidCredentials') : passes(),
  );
  for (const user of users) await world.test(user, name);
  await world.settle();
};
const mailEvents = async (world: TestWorld): Promise<readonly AlertMail.Event[]> => {
  const read = await world.store.readStream(AlertMail.streamOf(profileId))();
  if (E.isLeft(read)) throw new Error(read.left._tag);
  return read.right.flatMap((recorded) => {
    const decoded = AlertMail.events.decode(recorded);
    return E.isRight(decoded) ? [decoded.right] : [];
  });
};
const instructionOf = (owed: OwedNow | undefined): Instruction => {
  if (owed === undefined) throw new Error('nothing is owed');
  return owed.intent.instruction;
};
const told = async (world: TestWorld): Promise<readonly string[]> =>
  (await mailEvents(world)).map(({ type, data }) => ('reason' in data ? `${type} ${data.reason}` : type));

describe('when more than half of the mailboxes of a profile fail', () => {
  test('its owner is told by mail, at the address of their own mailbox, once', async () => {
    const { sent, mailer } = outbox();
    const world = await worldWith({ mailer });
    await testAll(world, 'first', ['ada', 'mary']);
    expect(await told(world)).toEqual(['AlertMailDue', 'AlertMailSent']);
    expect((await mailEvents(world))[0]?.data).toMatchObject({ failing: 2, mailboxes: 3, kind: 'InvalidCredentials' });
    const [mail, ...others] = sent;
    expect(others).toEqual([]);
    expect(mail?.to).toEqual(['grace@example.org']);
    expect(mail?.subject.sentence).toBe('Email server profile "Support": 2 of 3 mailboxes do not work.');
    expect(mail?.paragraphs.map(({ key }) => key)).toEqual(
      ['MostFail', 'Since', 'WhatToDo', 'WhyYou'].map((name) => `alertMail.${name}`),
    );
    const [most, since, ...rest] = mail?.paragraphs.map(({ sentence }) => sentence) ?? [];
    expect(most).toBe(
      'Within an hour, 2 of the 3 mailboxes of the email server profile "Support" failed to connect. Most of them with: InvalidCredentials.',
    );
    expect(since).toBe('It began at 2026-01-01 09:00 (UTC).');
    expect(rest.join()).not.toMatch(/[{}]/);

    // The same trouble goes on: the owner knows.
    await testAll(world, 'second', users);
    expect(sent).toHaveLength(1);
    expect(await world.owed()).toEqual([]);
  });

  test('half of them is not enough, nor failures that lie more than an hour apart', async () => {
    const { sent, mailer } = outbox();
    const world = await worldWith({ mailer });
    await testAll(world, 'first', ['ada']);
    world.pass(3600);
    await testAll(world, 'second', ['mary']);
    expect(sent).toEqual([]);
    expect(await told(world)).toEqual([]);
  });

  test('again after it was better, there is another mail', async () => {
    const { sent, mailer } = outbox();
    const world = await worldWith({ mailer });
    await testAll(world, 'first', ['ada', 'mary']);
    await testAll(world, 'better', []);
    await testAll(world, 'worse', ['ada', 'mary']);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
    expect(await told(world)).toEqual(['AlertMailDue', 'AlertMailSent', 'AlertMailDue', 'AlertMailSent']);
  });

  test('deactivated mailboxes do not count', async () => {
    const { sent, mailer } = outbox();
    const world = await worldWith({ mailer });
    const mailbox = { context: contextOf(), mailboxId: world.mailboxOf('mary') } as const;
    const { aggregate } = await import('../../mailbox/index.ts');
    await world.do(aggregate, { type: 'DeactivateMailbox', cause: 'asked', ...mailbox });
    world.probe.answer(() => fails('InvalidCredentials'));
    await world.test('ada', 'first');
    await world.settle();
    expect(sent).toEqual([]);
    await world.test('grace', 'first');
    await world.settle();
    expect(sent).toHaveLength(1);
  });

  test('nobody is told where the profile does not ask for it; asked for later, they are', async () => {
    const { sent, mailer } = outbox();
    const world = await worldWith({ mailer }, false);
    await testAll(world, 'first', users);
    expect(await told(world)).toEqual([]);
    await world.do(Profile.aggregate, {
      type: 'ChangeProfile',
      context: contextOf(),
      profileId,
      connection: {},
      processing: { alertMail: true },
      letMailboxSecretsFollow: false,
      rules,
    });
    await world.settle();
    expect(sent).toHaveLength(1);
  });

  test('nobody is told where the organization wants to hear of no errors', async () => {
    const { sent, mailer } = outbox();
    const world = await worldWith({ mailer });
    await world.do(Settings.aggregate, {
      type: 'ConfigureEmailSettings',
      context: contextOf(),
      organizationId,
      changes: { alertErrors: false },
      defaultProfile: 'missing',
    });
    await testAll(world, 'first', users);
    expect(sent).toEqual([]);
    expect(await told(world)).toEqual(['AlertMailDue', 'AlertMailDropped alertsOff']);
  });
});

describe('who is told', () => {
  const owned = async (ports: AlertMailPorts, owner: Profile.CreateProfile['owner']): Promise<TestWorld> => {
    const world = testWorld({}, ports);
    await world.do(Profile.aggregate, createProfile({ owner, processing: { alertMail: true } }));
    for (const user of users) await world.register(user);
    await testAll(world, 'first', users);
    return world;
  };
  const team = { ownerKind: 'team', ownerId: PrincipalId.orThrow('team-1') } as const;

  test('the addresses that the host knows for the owner, a team too', async () => {
    const { sent, mailer } = outbox();
    const addresses = ['one@example.org', 'two@example.org'].map((address) => EmailAddress.orThrow(address));
    const asked: unknown[] = [];
    const addressBook: AlertMailPorts['addressBook'] = {
      addressesOf: (organization, owner) => async () => {
        asked.push([organization, owner]);
        return E.right(addresses);
      },
    };
    await owned({ mailer, addressBook }, team);
    expect(asked).toEqual([[organizationId, { kind: 'team', id: 'team-1' }]]);
    expect(sent.map(({ to }) => to)).toEqual([addresses]);
  });

  const person = (id: string) => ({ ownerKind: 'user', ownerId: PrincipalId.orThrow(id) }) as const;
  const empty: AlertMailPorts['addressBook'] = { addressesOf: () => async () => E.right([]) };

  test.each([
    ['a team, without a directory', team, undefined],
    ['a team that has the name of a user', { ...person('grace'), ownerKind: 'team' } as const, undefined],
    ['somebody without a mailbox', person('nobody'), undefined],
    ['somebody whom the directory does not know', person('grace'), empty],
  ])('somebody to fall back to, when nobody knows an address: %s', async (_, owner, addressBook) => {
    const { sent, mailer } = outbox();
    await owned({ mailer, fallback: [operator], ...(addressBook === undefined ? {} : { addressBook }) }, owner);
    expect(sent.map(({ to }) => to)).toEqual([[operator]]);
  });

  test('is asked for again while the directory is away', async () => {
    const { sent, mailer } = outbox();
    const away = { _tag: 'AddressBookUnavailable', cause: 'away' } as const;
    let isAway = true;
    const addressBook: AlertMailPorts['addressBook'] = {
      addressesOf: () => async () => (isAway ? E.left(away) : E.right([operator])),
    };
    const world = await worldWith({ mailer, addressBook });
    world.probe.answer(() => fails('InvalidCredentials'));
    for (const user of users) await world.test(user, 'first');
    await expect(world.settle()).rejects.toThrow('still owed');
    const [owed] = await world.owed();
    expect(await world.executor.carryOut(instructionOf(owed))()).toEqual(E.left(away));
    isAway = false;
    await world.settle();
    expect(sent.map(({ to }) => to)).toEqual([[operator]]);
  });

  test('nobody, and the history says so', async () => {
    const { mailer } = outbox();
    expect(await told(await owned({ mailer }, team))).toEqual(['AlertMailDue', 'AlertMailDropped noRecipient']);
    const world = await worldWith();
    await testAll(world, 'first', users);
    expect(await told(world)).toEqual(['AlertMailDue', 'AlertMailDropped noMailServer']);
  });
});

describe('sending', () => {
  /** The mail that is owed once every mailbox fails. */
  const owing = async () => {
    const { sent, mailer } = outbox();
    const world = await worldWith({ mailer });
    world.probe.answer(() => fails('InvalidCredentials'));
    for (const user of users) await world.test(user, 'first');
    const carryOut = async (): Promise<Instruction> => {
      const owed = (await world.owed()).map(({ intent }) => intent.instruction);
      const mail = owed.find(({ type }) => type === 'DeliverAlertMail');
      if (mail !== undefined) return mail;
      for (const instruction of owed) done(await world.executor.carryOut(instruction)());
      return carryOut();
    };
    return { world, sent, instruction: await carryOut() };
  };

  test('is done once: whoever is late with it, or has another mail in mind, sends nothing', async () => {
    const { world, sent, instruction } = await owing();
    const episodeId = EpisodeId.orThrow(derivedId('another', 'episode'));
    done(await world.executor.carryOut({ ...instruction, episodeId } as Instruction)());
    const other = { ...instruction, profileId: otherProfileId } as Instruction;
    done(await world.executor.carryOut(other)());
    expect(sent).toEqual([]);
    done(await world.executor.carryOut(instruction)());
    done(await world.executor.carryOut(instruction)());
    expect(sent).toHaveLength(1);
    expect(await told(world)).toEqual(['AlertMailDue', 'AlertMailSent']);
    expect((await mailEvents(world))[1]?.data).toMatchObject({ recipients: 1 });
  });

  test('is over with the profile itself', async () => {
    const { world, sent, instruction } = await owing();
    const counts = { force: true, mailboxes: 3, isDefault: false } as const;
    await world.do(Profile.aggregate, { type: 'DeleteProfile', context: contextOf(), profileId, ...counts });
    done(await world.executor.carryOut(instruction)());
    expect(sent).toEqual([]);
    expect(await told(world)).toEqual(['AlertMailDue', 'AlertMailDropped over']);
  });

  test('a server that is away is asked again, until it takes the mail', async () => {
    let isAway = true;
    const { sent, mailer } = outbox(() =>
      isAway ? E.left({ _tag: 'AlertMailUnavailable', kind: 'ConnectionRefused' }) : E.right(undefined),
    );
    const world = await worldWith({ mailer });
    world.probe.answer(() => fails('InvalidCredentials'));
    for (const user of users) await world.test(user, 'first');
    // The driver gives up on what stays owed.
    await expect(world.settle()).rejects.toThrow('still owed');
    expect(await told(world)).toEqual(['AlertMailDue']);
    isAway = false;
    await world.settle();
    expect(sent).toHaveLength(1);
    expect(await told(world)).toEqual(['AlertMailDue', 'AlertMailSent']);
  });

  test('is given up when the server refuses it for good, or the trouble is over first', async () => {
    const refusing = await worldWith({
      mailer: outbox(() => E.left({ _tag: 'AlertMailRefused', kind: 'RecipientRejected' })).mailer,
    });
    await testAll(refusing, 'first', users);
    expect(await told(refusing)).toEqual(['AlertMailDue', 'AlertMailDropped refused']);

    let isAway = true;
    const { sent, mailer } = outbox(() =>
      isAway ? E.left({ _tag: 'AlertMailUnavailable', kind: 'ConnectionRefused' }) : E.right(undefined),
    );
    const late = await worldWith({ mailer });
    await expect(testAll(late, 'first', users)).rejects.toThrow('still owed');
    late.probe.answer(passes);
    for (const user of users) await late.test(user, 'better');
    await late.settle();
    isAway = false;
    await late.settle();
    expect(sent).toEqual([]);
    expect(await told(late)).toEqual(['AlertMailDue', 'AlertMailDropped over']);
  });

  test('that is killed before it was recorded is repeated, as the same message', async () => {
    const { sent, mailer } = outbox();
    const world = await worldWith();
    world.probe.answer(() => fails('InvalidCredentials'));
    for (const user of users) await world.test(user, 'first');

    // A process whose store is gone once the mail has left, and that ends there.
    let isGone = false;
    const dying: EventStore = {
      ...world.store,
      append: (...asked) =>
        isGone ? async () => E.left({ _tag: 'StoreUnavailable', cause: 'gone' }) : world.store.append(...asked),
    };
    const clock = { now: () => new Date(Date.UTC(2026, 0, 1, 9)) };
    const processOn = (store: EventStore, send: AlertMailPorts['mailer']['send']) =>
      executor({
        repository: repository({ store, pause: async () => undefined }),
        vault: world.vault,
        probe: world.probe,
        clock,
        deployment: defaultDeployment,
        alertMail: { mailer: { ...mailer, send } },
      });
    const first = processOn(dying, (mail) => async () => {
      isGone = true;
      return mailer.send(mail)();
    });
    await expect(settle(world.store, clock.now, (instruction) => first.carryOut(instruction)())).rejects.toThrow();
    expect(sent.length).toBeGreaterThan(0);
    expect(await told(world)).toEqual(['AlertMailDue']);

    const second = processOn(world.store, mailer.send);
    await settle(world.store, clock.now, (instruction) => second.carryOut(instruction)());
    expect(await told(world)).toEqual(['AlertMailDue', 'AlertMailSent']);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(sent[0]).toEqual(sent.at(-1));
  });
});
