import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, describe, expect, test } from 'vitest';
import type { EventStore, StreamName } from '../../kernel/event-store.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { mailboxIdOf } from '../../values/index.ts';

// What others do between two steps of a command: each is let in at one certain write, and the write goes on after.

let room: InMemoryMailroom;
/** Runs once, before the first write that it is for. */
let meanwhile: {
  readonly isFor: (stream: StreamName, type: string) => boolean;
  readonly act: () => Promise<unknown>;
} | null;
let refusesMailboxes: boolean;

beforeEach(() => {
  meanwhile = null;
  refusesMailboxes = false;
  room = inMemoryMailroom({
    wrap: (store): EventStore => ({
      ...store,
      append: (stream, expected, events) => async () => {
        const waiting = meanwhile;
        if (waiting !== null && events.some(({ type }) => waiting.isFor(stream, type))) {
          meanwhile = null;
          await waiting.act();
        }
        if (refusesMailboxes && stream.startsWith('mailbox-') && events[0]?.type !== 'MailboxRegistered') {
          return E.left({ _tag: 'StoreRefused', reason: 'accessDenied', problem: 'read only' });
        }
        return store.append(stream, expected, events)();
      },
    }),
  });
});

const address = 'ada@example.org';
const user = (name: string) => ({ type: 'RegisterMailbox', kind: 'user', regardingId: name, name, address }) as const;
const ada = mailboxIdOf('org-1', 'user', 'ada');
const bob = mailboxIdOf('org-1', 'user', 'bob');
const laterBy = (minutes: number): void => {
  const at = Date.parse('2026-01-01T09:00:00.000Z') + minutes * 60_000;
  room.clock.now = () => new Date(at);
};
const dataOf = async (type: string): Promise<readonly unknown[]> =>
  (await room.history()).filter((event) => event.type === type).map(({ data }) => data);

/** A process that sleeps so long before it writes a mailbox that another one takes its claim for abandoned. */
const overtakenWhileRegistering = (): void => {
  meanwhile = {
    isFor: (stream, type) => stream.startsWith('mailbox-') && type === 'MailboxRegistered',
    act: async () => {
      laterBy(15);
      await room.anotherProcess().done(user('bob'));
    },
  };
};

describe('a claim that is taken over before its mailbox is written', () => {
  test('leaves the mailbox without the address, and the answer says so', async () => {
    overtakenWhileRegistering();
    expect(await room.refused(user('ada'))).toMatchObject({ _tag: 'AddressTaken', field: 'address' });
    expect(await dataOf('MailboxAddressChanged')).toEqual([expect.objectContaining({ mailboxId: ada, address: null })]);
    expect(await dataOf('AddressClaimed')).toMatchObject([{ mailboxId: ada }, { mailboxId: bob }]);
    expect(await dataOf('MailboxDeactivated')).toEqual([]);
  });

  test('puts a mailbox that cannot be without one out of service', async () => {
    overtakenWhileRegistering();
    const forward = { type: 'RegisterMailbox', kind: 'forward', name: 'In', address } as const;
    expect(await room.refused(forward)).toMatchObject({ _tag: 'AddressTaken' });
    expect(await dataOf('MailboxDeactivated')).toEqual([expect.objectContaining({ cause: 'asked' })]);
    expect(await dataOf('MailboxAddressChanged')).toEqual([]);
  });

  test('answers with the trouble that keeps it from giving the address up', async () => {
    overtakenWhileRegistering();
    refusesMailboxes = true;
    expect(await room.refused(user('ada'))).toMatchObject({ _tag: 'StoreRefused', problem: 'read only' });
  });
});

test('an address that comes back while it is being freed stays with its mailbox', async () => {
  await room.done(user('ada'));
  meanwhile = {
    isFor: (_, type) => type === 'AddressReleased',
    act: () => room.anotherProcess().done({ type: 'ChangeMailboxAddress', mailboxId: ada, address }),
  };
  await room.done({ type: 'ChangeMailboxAddress', mailboxId: ada, address: 'lovelace@example.org' });
  expect(await room.refused(user('bob'))).toMatchObject({ _tag: 'AddressTaken' });
  await room.done({ ...user('eve'), address: 'lovelace@example.org' });
});

test('an address whose mailbox has just given it up is free only when the claim is', async () => {
  await room.done(user('ada'));
  const seen: unknown[] = [];
  meanwhile = {
    isFor: (_, type) => type === 'AddressReleased',
    act: async () => seen.push(await room.anotherProcess().refused(user('bob'))),
  };
  await room.done({ type: 'ChangeMailboxAddress', mailboxId: ada, address: null });
  expect(seen).toMatchObject([{ _tag: 'AddressTaken' }]);
  await room.done(user('bob'));
});

test('who has its address already does not claim it anew, however long ago that was', async () => {
  await room.done(user('ada'));
  const before = await room.history();
  laterBy(60);
  await room.done(user('ada'));
  expect(await room.history()).toEqual(before);
});
