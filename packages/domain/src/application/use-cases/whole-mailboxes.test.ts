import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandInput, CommandType } from '../commands/command.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import type { DomainEvent } from '../../kernel/events.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { mailboxIdOf, personIdOf } from '../../values/index.ts';
import { note } from './texts.ts';

// Every field of a command arrives in the event, and what is left out becomes what is documented.

let room: InMemoryMailroom;
const commandId = derivedId('command', 'whole');
beforeEach(() => {
  room = inMemoryMailroom();
});

/** Executes under an id that is known, and gives all that was written, and said. */
const doing = async <Type extends CommandType>(command: CommandInput<Type> & { readonly type: Type }) => {
  const before = (await room.history()).length;
  const { notes, result } = await room.done<Type>(command, { commandId });
  return { events: (await room.history()).slice(before), notes, result };
};
const profile = {
  name: 'Support',
  serverType: 'imap-smtp',
  incoming: { host: 'mail.example.org' },
  processEmailFrom: new Date(0),
} as const;

describe('RegisterMailbox', () => {
  const none = { incoming: 'none', outgoing: 'none', act: 'none' } as const;
  const onNone = { profileId: null, profileConfiguration: 0, profileProcessEmailFrom: null } as const;
  const registered = (data: object): readonly DomainEvent[] => [
    { type: 'MailboxRegistered', data: { organizationId: 'org-1', ...data } },
  ];

  test('of a user, with everything', async () => {
    const { profileId: of } = (await room.done({ type: 'CreateProfile', ...profile })).result;
    const methods = { incoming: 'forward', outgoing: 'outlook', act: 'none' } as const;
    const owner = { kind: 'team', id: 'desk' } as const;
    const ada = { kind: 'user', regardingId: 'ada', name: 'Ada', profileId: of } as const;
    const { events, notes, result } = await doing({ type: 'RegisterMailbox', ...ada, ...methods, owner });
    expect(result).toEqual({ mailboxId: mailboxIdOf('org-1', 'user', 'ada') });
    expect(notes).toEqual([]);
    expect(events).toEqual(
      registered({
        ...result,
        ...ada,
        personId: personIdOf('org-1', 'user', 'ada'),
        ownerKind: 'team',
        ownerId: 'desk',
        address: null,
        profileConfiguration: 1,
        profileProcessEmailFrom: new Date(0),
        ...methods,
      }).concat({
        type: 'MailboxProcessingStartChanged',
        data: { ...result, processEmailFrom: new Date(0), source: 'profile' },
      }),
    );
  });

  test('of a queue, with nothing that may be left out', async () => {
    const desk = { kind: 'queue', regardingId: 'desk', name: 'Desk' } as const;
    const { events, result } = await doing({ type: 'RegisterMailbox', ...desk });
    expect(result).toEqual({ mailboxId: mailboxIdOf('org-1', 'queue', 'desk') });
    const personId = personIdOf('org-1', 'queue', mailboxIdOf('org-1', 'queue', 'desk'));
    const owner = { ownerKind: 'user', ownerId: 'admin' };
    expect(events).toEqual(registered({ ...result, ...desk, personId, ...owner, address: null, ...onNone, ...none }));
  });

  test('of a forward mailbox, whose id follows from the command', async () => {
    const forward = { kind: 'forward', name: 'In', address: 'in@example.org' } as const;
    const { events, result } = await doing({ type: 'RegisterMailbox', ...forward });
    const { mailboxId } = result;
    expect(mailboxId).toBe(derivedId('mailbox', 'org-1', 'forward', commandId));
    const personId = personIdOf('org-1', 'forward', mailboxId);
    const data = { mailboxId, ...forward, regardingId: null, personId, ownerKind: 'user', ownerId: 'admin' };
    expect(events.slice(1)).toEqual(registered({ ...data, ...onNone, ...none }));
    expect(events[0]).toMatchObject({ type: 'AddressClaimed', data: { mailboxId } });
  });

  test('names each default method that does not suit, and what for', async () => {
    await room.done({ type: 'ConfigureEmailSettings', incoming: 'outlook', outgoing: 'outlook', act: 'serverSide' });
    const { notes } = await doing({ type: 'RegisterMailbox', kind: 'queue', regardingId: 'desk', name: 'Desk' });
    expect(notes).toEqual([
      note('MethodForcedToNone', { method: 'outlook', channel: 'incoming', kind: 'queue' }),
      note('MethodForcedToNone', { method: 'outlook', channel: 'outgoing', kind: 'queue' }),
      note('ActForcedToNone', {}),
    ]);
  });
});

describe('what else there is to do with a mailbox', () => {
  let mailboxId: string;
  beforeEach(async () => {
    const ada = { kind: 'user', regardingId: 'ada', name: 'Ada', address: 'ada@example.org' } as const;
    mailboxId = (await room.done({ type: 'RegisterMailbox', ...ada })).result.mailboxId;
  });
  const personId = personIdOf('org-1', 'user', 'ada');

  test('each command leaves its own event, and answers with the mailbox', async () => {
    const all: unknown[] = [];
    for (const command of [
      { type: 'RenameMailbox', mailboxId, name: 'Countess' },
      { type: 'ChangeMailboxOwner', mailboxId, owner: { kind: 'team', id: 'desk' } },
      { type: 'SetMailboxProcessingStart', mailboxId, processEmailFrom: new Date(0) },
      { type: 'DeactivateMailbox', mailboxId, cause: 'ownerDisabled' },
      { type: 'ActivateMailbox', mailboxId },
      { type: 'DeactivateMailbox', mailboxId },
      { type: 'ChangeMailboxAddress', mailboxId, address: null },
    ] as const) {
      const before = (await room.history()).length;
      expect((await room.done(command)).result).toMatchObject({ mailboxId });
      all.push(...(await room.history()).slice(before));
    }
    expect(all).toEqual([
      { type: 'MailboxRenamed', data: { mailboxId, personId, name: 'Countess' } },
      { type: 'MailboxOwnerChanged', data: { mailboxId, ownerKind: 'team', ownerId: 'desk' } },
      {
        type: 'MailboxProcessingStartChanged',
        data: { mailboxId, processEmailFrom: new Date(0), source: 'mailbox' },
      },
      { type: 'MailboxDeactivated', data: { mailboxId, profileId: null, cause: 'ownerDisabled' } },
      { type: 'MailboxActivated', data: { mailboxId, profileId: null } },
      { type: 'MailboxDeactivated', data: { mailboxId, profileId: null, cause: 'asked' } },
      { type: 'MailboxAddressChanged', data: { mailboxId, personId, address: null } },
      { type: 'AddressReleased', data: { organizationId: 'org-1', mailboxId } },
    ]);
  });

  test('one that is not there is named', async () => {
    const missing = derivedId('no mailbox');
    for (const command of [
      { type: 'SetMailboxCredentials', userName: 'ada', password: 'x' },
      { type: 'ClearMailboxCredentials' },
      { type: 'ChangeMailboxAddress', address: null },
      { type: 'SetMailboxProcessingStart', processEmailFrom: null },
    ]) {
      expect(await room.refused({ ...command, mailboxId: missing })).toMatchObject({
        _tag: 'MailboxNotFound',
        text: { params: { mailboxId: missing } },
      });
    }
  });

  test('its own user may clear its password, and nobody else', async () => {
    await room.done({ type: 'SetMailboxCredentials', mailboxId, userName: 'ada', password: 'x' });
    const clear = { type: 'ClearMailboxCredentials', mailboxId } as const;
    const bob = actorOf({ id: 'bob', privileges: [] });
    expect(await room.refused(clear, { actor: bob })).toMatchObject({ _tag: 'PrivilegeMissing' });
    await room.done(clear, { actor: actorOf({ id: 'ada', privileges: [] }) });
    expect((await room.history()).map(({ type }) => type).slice(-2)).toEqual([
      'AccessRefused',
      'MailboxCredentialsCleared',
    ]);
  });
});
