import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { createMailroom, type Mailroom } from '../../application/create-mailroom.ts';
import { eventFamilies } from '../../application/event-families.ts';
import { protectPersonalData } from '../../application/protect-personal-data.ts';
import type { Actor } from '../../kernel/command.ts';
import type { EventStore, RecordedEvent } from '../../kernel/event-store.ts';
import { repository } from '../../kernel/execute.ts';
import { defaultDeployment } from '../../settings/deployment.ts';
import { mailboxIdOf } from '../../values/index.ts';
import { actorOf } from '../contexts.ts';
import { memoryVault, type MemoryVault } from '../memory-vault.ts';
import type { Subject } from './support.ts';

const address = 'ada@example.org';
const at = Date.parse('2026-01-01T09:00:00.000Z');
const registration = (user: string) =>
  ({ type: 'RegisterMailbox', kind: 'user', regardingId: user, name: user, address }) as const;

/** The commands of a process on this store. */
const processOn = (plain: EventStore, vault: MemoryVault, now = at): Mailroom<object> => {
  const store = protectPersonalData({ store: plain, cipher: vault, families: eventFamilies });
  const mailroom = createMailroom({
    repository: repository({ store }),
    store,
    vault,
    addresses: vault,
    persons: vault,
    directory: { mailboxesOfProfile: () => async () => E.right([]), mailboxesOf: () => async () => E.right([]) },
    queries: { find: async () => E.left({ _tag: 'InvalidQuery', problem: 'nobody asks here' }) },
    clock: { now: () => new Date(now) },
    ids: { uuid: () => randomUUID() },
    deployment: defaultDeployment,
  });
  return mailroom;
};

/** What happened in this organization, of the types that tell who has which address. */
const happened = async (store: EventStore, { organizationId }: Actor): Promise<readonly RecordedEvent[]> => {
  const found: RecordedEvent[] = [];
  const types = ['AddressClaimed', 'AddressReleased', 'MailboxRegistered'];
  for await (const batch of store.readAll({ types })) {
    if (E.isLeft(batch)) throw new Error(batch.left._tag);
    found.push(...batch.right.filter(({ metadata }) => metadata.organizationId === organizationId));
  }
  return found;
};

/** The mailboxes that were registered, and those that hold the address by what was claimed and released. */
const standing = async (store: EventStore, actor: Actor) => {
  const registered: unknown[] = [];
  const holders: unknown[] = [];
  for (const { type, data } of await happened(store, actor)) {
    const { mailboxId } = data;
    if (type === 'MailboxRegistered') registered.push(mailboxId);
    if (type === 'AddressClaimed' && !holders.includes(mailboxId)) holders.push(mailboxId);
    if (type === 'AddressReleased') holders.splice(holders.indexOf(mailboxId), 1);
  }
  return { registered, holders };
};

/** One mailbox for each user, and one for each address in an organization: the store is the referee between processes. */
export const registeringLaws = (subject: () => Subject): void => {
  const newActor = (): Actor => actorOf({ organization: `law-${randomUUID()}` });
  const processes = async (vault: MemoryVault): Promise<readonly Mailroom<object>[]> => {
    const { store, reopen } = subject();
    const stores = [store, await reopen(), await reopen(), await reopen()];
    return stores.map((one) => processOn(one, vault.reopen()));
  };
  const race = async (actor: Actor, users: (index: number) => string) => {
    const all = await processes(memoryVault());
    return Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const mailroom = all[index % all.length];
        if (mailroom === undefined) throw new Error('there are four');
        return mailroom.as(actor).execute(registration(users(index)));
      }),
    );
  };

  it('gives an address to one of 64 mailboxes that are registered with it at once in four processes', async () => {
    const actor = newActor();
    const answers = await race(actor, (index) => `user-${index}`);
    const accepted = answers.filter(E.isRight).map(({ right }) => right.result.mailboxId);
    expect(accepted).toHaveLength(1);
    expect(new Set(answers.filter(E.isLeft).map(({ left }) => left._tag))).toEqual(new Set(['AddressTaken']));
    expect(await standing(subject().store, actor)).toEqual({ registered: accepted, holders: accepted });
  });

  it('makes one mailbox of 64 registrations of one user at once in four processes', async () => {
    const actor = newActor();
    const answers = await race(actor, () => 'ada');
    expect(answers.every(E.isRight)).toBe(true);
    const own = [mailboxIdOf(actor.organizationId, 'user', 'ada')];
    expect(await standing(subject().store, actor)).toEqual({ registered: own, holders: own });
  });

  it('lets a registration go on that a crash has cut off after its claim, and others once it is surely dead', async () => {
    const actor = newActor();
    const vault = memoryVault();
    const { store, reopen } = subject();
    const dying: EventStore = {
      ...store,
      append: (stream, expected, events) =>
        stream.startsWith('mailbox-')
          ? async () => E.left({ _tag: 'StoreRefused', reason: 'invalid', problem: 'the process ends here' })
          : store.append(stream, expected, events),
    };
    const crash = async (user: string): Promise<void> => {
      const cutOff = await processOn(dying, vault.reopen()).as(actor).execute(registration(user));
      expect(cutOff).toMatchObject({ left: { _tag: 'StoreRefused' } });
    };
    const ada = mailboxIdOf(actor.organizationId, 'user', 'ada');
    const bob = mailboxIdOf(actor.organizationId, 'user', 'bob');

    await crash('ada');
    expect(await standing(store, actor)).toEqual({ registered: [], holders: [ada] });
    const other = await reopen();
    const taken = await processOn(other, vault.reopen()).as(actor).execute(registration('bob'));
    expect(taken).toMatchObject({ left: { _tag: 'AddressTaken' } });
    // A quarter of an hour later nobody can still be about to use the claim.
    const later = processOn(other, vault.reopen(), at + 15 * 60_000);
    expect(E.isRight(await later.as(actor).execute(registration('bob')))).toBe(true);
    expect(await standing(store, actor)).toEqual({ registered: [bob], holders: [bob] });

    const second = newActor();
    const cutOff = await processOn(dying, vault.reopen()).as(second).execute(registration('ada'));
    expect(E.isLeft(cutOff)).toBe(true);
    expect(E.isRight(await processOn(other, vault.reopen()).as(second).execute(registration('ada')))).toBe(true);
    const own = [mailboxIdOf(second.organizationId, 'user', 'ada')];
    expect(await standing(store, second)).toEqual({ registered: own, holders: own });
  });
};
