import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { mailboxIdOf } from '../../values/index.ts';

const profile = {
  type: 'CreateProfile',
  name: 'Support',
  serverType: 'imap-smtp',
  incoming: { host: 'mail.example.org' },
  outgoing: { host: 'smtp.example.org' },
} as const;
const ada = { type: 'RegisterMailbox', kind: 'user', regardingId: 'ada', name: 'Ada' } as const;
const address = 'ada@example.org';
const commandId = (name: string): string => derivedId('command', name);

const registrations = async ({ history }: InMemoryMailroom) =>
  (await history()).filter(({ type }) => type === 'MailboxRegistered').map(({ data }) => data);

/** Which mailbox holds how many addresses, by what was claimed and released. */
const holders = async ({ history }: InMemoryMailroom): Promise<readonly string[]> => {
  const held: string[] = [];
  for (const { type, data } of await history()) {
    const { mailboxId } = data as { mailboxId: string };
    if (type === 'AddressClaimed') held.push(mailboxId);
    if (type === 'AddressReleased') held.splice(held.indexOf(mailboxId), 1);
  }
  return held;
};

describe('registering', () => {
  test('takes from the settings what is not given', async () => {
    const room = inMemoryMailroom();
    const { profileId } = (await room.done(profile)).result;
    await room.done({
      type: 'ConfigureEmailSettings',
      defaultProfileId: profileId,
      incoming: 'serverSide',
      outgoing: 'serverSide',
    });
    await room.done({ ...ada, address });
    await room.done({
      ...ada,
      regardingId: 'bob',
      name: 'Bob',
      profileId: null,
      incoming: 'none',
      owner: { kind: 'team', id: 'desk' },
    });
    expect(await registrations(room)).toMatchObject([
      {
        mailboxId: mailboxIdOf('org-1', 'user', 'ada'),
        profileId,
        incoming: 'serverSide',
        outgoing: 'serverSide',
        act: 'none',
        ownerKind: 'user',
        ownerId: 'ada',
      },
      { profileId: null, incoming: 'none', outgoing: 'serverSide', ownerKind: 'team', ownerId: 'desk' },
    ]);
  });

  test('methods that this kind of mailbox cannot have become none, and it is said', async () => {
    const room = inMemoryMailroom();
    await room.done({ type: 'ConfigureEmailSettings', incoming: 'outlook', outgoing: 'outlook', act: 'serverSide' });
    const queue = await room.done({ type: 'RegisterMailbox', kind: 'queue', regardingId: 'desk', name: 'Desk' });
    expect(queue.notes.map(({ key }) => key)).toEqual([
      'note.MethodForcedToNone',
      'note.MethodForcedToNone',
      'note.ActForcedToNone',
    ]);
    const forward = await room.done({ type: 'RegisterMailbox', kind: 'forward', name: 'Forward', address });
    expect(forward.notes.map(({ params }) => params['channel'])).toEqual(['incoming', 'outgoing', undefined]);
    expect(await registrations(room)).toMatchObject([
      { incoming: 'none', outgoing: 'none', act: 'none', ownerId: 'admin' },
      { incoming: 'none', outgoing: 'none', act: 'none', regardingId: null },
    ]);
  });

  test('what is given and cannot be is refused instead', async () => {
    const { refused } = inMemoryMailroom();
    const queue = { type: 'RegisterMailbox', kind: 'queue', regardingId: 'desk', name: 'Desk', incoming: 'outlook' };
    expect(await refused(queue)).toMatchObject({ _tag: 'MethodNotAllowed', field: 'incoming' });
    expect(await refused({ ...ada, profileId: derivedId('no profile') })).toMatchObject({ _tag: 'ProfileNotFound' });
    expect(await refused({ ...ada, regardingId: null })).toMatchObject({ _tag: 'OwnerOfMailboxMissing' });
  });

  test('again changes nothing; with other settings it is refused and frees the other address', async () => {
    const room = inMemoryMailroom();
    await room.done({ ...ada, address });
    const before = await room.history();
    expect(await room.done({ ...ada, address })).toMatchObject({ position: null, duplicate: false });
    expect(await room.history()).toEqual(before);
    expect(await room.refused({ ...ada, address: 'other@example.org' })).toMatchObject({
      _tag: 'MailboxAlreadyRegistered',
    });
    expect(await holders(room)).toEqual([mailboxIdOf('org-1', 'user', 'ada')]);
  });

  test('a refused command can be repeated once its reason is gone', async () => {
    const room = inMemoryMailroom();
    const options = { commandId: commandId('again') };
    await room.done({ ...ada, address });
    const moved = { type: 'ChangeMailboxAddress', mailboxId: mailboxIdOf('org-1', 'user', 'ada') } as const;
    const bob = { ...ada, regardingId: 'bob', name: 'Bob', address, incoming: 'forward' } as const;
    expect(await room.refused(bob, options)).toMatchObject({ _tag: 'AddressTaken', field: 'address' });
    await room.done({ ...moved, address: 'ada.lovelace@example.org' });
    await room.done(bob, options);
    expect([...(await holders(room))].sort()).toEqual(
      [mailboxIdOf('org-1', 'user', 'ada'), mailboxIdOf('org-1', 'user', 'bob')].sort(),
    );
    expect(await room.refused({ ...moved, address })).toMatchObject({ _tag: 'AddressTaken' });
  });

  test('nothing about the person is readable in the store', async () => {
    const room = inMemoryMailroom();
    const { mailboxId } = (await room.done({ ...ada, name: 'Augusta Ada King', address })).result;
    await room.done({ type: 'SetMailboxCredentials', mailboxId, userName: 'countess', password: 'hunter2-hunter2' });
    const stored: unknown[] = [];
    for await (const batch of room.plain.readAll()) stored.push(batch);
    const text = JSON.stringify(stored);
    for (const word of ['Augusta', address, 'countess', 'hunter2']) expect(text).not.toContain(word);
    expect(text).toContain(mailboxId);
  });
});

describe('one mailbox per address', () => {
  test.each(['ADA@example.org', 'ada@EXAMPLE.ORG'])('%s is the same', async (same) => {
    const room = inMemoryMailroom();
    await room.done({ ...ada, address });
    expect(await room.refused({ ...ada, regardingId: 'bob', address: same })).toMatchObject({ _tag: 'AddressTaken' });
  });

  test('in another organization it is free', async () => {
    const room = inMemoryMailroom();
    await room.done({ ...ada, address });
    await room.done({ ...ada, address }, { actor: actorOf({ organization: 'org-2' }) });
    expect(await registrations(room)).toHaveLength(2);
  });

  test('an address that was given up is free', async () => {
    const room = inMemoryMailroom();
    const { mailboxId } = (await room.done({ ...ada, address })).result;
    await room.done({ type: 'ChangeMailboxAddress', mailboxId, address: null });
    await room.done({ ...ada, regardingId: 'bob', name: 'Bob', address });
    expect(await room.refused({ type: 'ChangeMailboxAddress', mailboxId, address })).toMatchObject({
      _tag: 'AddressTaken',
    });
  });

  test('of 64 registrations at once in four processes, one gets it', async () => {
    const room = inMemoryMailroom();
    const processes = [room, room.anotherProcess(), room.anotherProcess(), room.anotherProcess()];
    const answers = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const { mailroom } = processes[index % 4]!;
        return mailroom.as(actorOf()).execute({ ...ada, regardingId: `user-${index}`, address });
      }),
    );
    const accepted = answers.filter(E.isRight);
    expect(accepted).toHaveLength(1);
    expect(answers.filter(E.isLeft).every(({ left }) => left._tag === 'AddressTaken')).toBe(true);
    expect(await registrations(room)).toHaveLength(1);
    expect(await holders(room)).toEqual([accepted[0]!.right.result.mailboxId]);
  });

  test('of 64 registrations of one user at once, all are that one mailbox', async () => {
    const room = inMemoryMailroom();
    const processes = [room, room.anotherProcess()];
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        processes[index % 2]!.mailroom.as(actorOf()).execute({ ...ada, address }),
      ),
    );
    expect(answers.every(E.isRight)).toBe(true);
    expect(await registrations(room)).toHaveLength(1);
    expect(await holders(room)).toEqual([mailboxIdOf('org-1', 'user', 'ada')]);
  });
});

describe('a crash between claim and mailbox', () => {
  /** The store is gone as soon as a mailbox is to be written. */
  const crashed = () => {
    let isDown = true;
    const room = inMemoryMailroom({
      wrap: (store): EventStore => ({
        ...store,
        append: (stream, expected, events) =>
          isDown && stream.startsWith('mailbox-')
            ? async () => E.left({ _tag: 'StoreUnavailable', cause: 'crash' })
            : store.append(stream, expected, events),
      }),
    });
    return { ...room, recover: () => (isDown = false) };
  };

  test('keeps the claim, and the same registration takes it up', async () => {
    const room = crashed();
    const options = { commandId: commandId('register') };
    expect(await room.refused({ ...ada, address }, options)).toMatchObject({ _tag: 'StoreUnavailable' });
    expect(await holders(room)).toHaveLength(1);
    room.recover();
    await room.anotherProcess().done({ ...ada, address }, options);
    expect(await registrations(room)).toHaveLength(1);
    expect(await holders(room)).toEqual([mailboxIdOf('org-1', 'user', 'ada')]);
  });

  test('keeps others away only until nobody can be about to use it', async () => {
    const room = crashed();
    const bob = { ...ada, regardingId: 'bob', name: 'Bob', address };
    await room.refused({ ...ada, address });
    room.recover();
    expect(await room.refused(bob)).toMatchObject({ _tag: 'AddressTaken' });
    room.clock.now = () => new Date('2026-01-01T09:15:00.000Z');
    await room.done(bob);
    expect(await holders(room)).toEqual([mailboxIdOf('org-1', 'user', 'bob')]);
    expect(await room.refused({ ...ada, address })).toMatchObject({ _tag: 'AddressTaken' });
  });
});

test('changes of one mailbox back and forth, at once, leave it with the address it has and no other', async () => {
  const room = inMemoryMailroom();
  const { mailboxId } = (await room.done({ ...ada, address: 'a0@example.org' })).result;
  const processes = [room, room.anotherProcess(), room.anotherProcess()];
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      processes[index % 3]!.mailroom.as(actorOf()).execute({
        type: 'ChangeMailboxAddress',
        mailboxId,
        address: `a${index % 4}@example.org`,
      }),
    ),
  );
  expect(await holders(room)).toEqual([mailboxId]);
  const free = await Promise.all(
    [0, 1, 2, 3].map((index) =>
      room.mailroom.as(actorOf()).execute({ ...ada, regardingId: `user-${index}`, address: `a${index}@example.org` }),
    ),
  );
  expect(free.filter(E.isLeft)).toHaveLength(1);
});
