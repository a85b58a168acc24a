import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import type { DomainEvent } from '../../kernel/events.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { personIdOf } from '../../values/index.ts';
import * as Mailbox from '../../mailbox/index.ts';

let room: InMemoryMailroom;
const commandId = derivedId('command', 'erase');
let profileId: string;
let mailboxId: string;

const ada = { type: 'RegisterMailbox', kind: 'user', regardingId: 'ada', name: 'Ada Private' } as const;
const address = 'ada@private.example';

beforeEach(async () => {
  room = inMemoryMailroom();
  const incoming = { host: 'mail.example.org', credentials: 'profile' } as const;
  const profile = { type: 'CreateProfile', name: 'Support', serverType: 'imap-smtp', incoming } as const;
  profileId = (await room.done(profile)).result.profileId;
  mailboxId = (await room.done({ ...ada, address, profileId })).result.mailboxId;
});

const typesSince = async (count: number): Promise<readonly string[]> =>
  (await room.history()).slice(count).map(({ type }) => type);
const last = async (): Promise<DomainEvent | undefined> => (await room.history()).at(-1);

describe('refusals', () => {
  const clerk = actorOf({ id: 'clerk', privileges: [] });

  test('for want of privileges are kept with all that were missing, and the one record that was meant', async () => {
    await room.refused({ type: 'ActivateProfile', profileId }, { actor: clerk });
    expect(await last()).toMatchObject({
      type: 'AccessRefused',
      data: {
        principalId: 'clerk',
        wanted: 'ActivateProfile',
        reason: 'privilegeMissing',
        privileges: ['profiles.write'],
        recordId: profileId,
      },
    });
  });

  test('are kept with every privilege that was missing, in one order, and say what they follow from', async () => {
    const before = (await room.history()).length;
    await room.refused({ type: 'EditMailboxes', mailboxIds: [mailboxId] }, { actor: clerk, commandId });
    const missing = ['mailboxes.read', 'mailboxes.write'] as const;
    expect((await room.history()).slice(before)).toEqual([
      {
        type: 'AccessRefused',
        data: {
          organizationId: 'org-1',
          principalId: 'clerk',
          wanted: 'EditMailboxes',
          reason: 'privilegeMissing',
          privileges: missing,
          recordId: mailboxId,
          refusedAt: room.clock.now(),
        },
      },
    ]);
    const written: unknown[] = [];
    for await (const batch of room.plain.readAll()) if (E.isRight(batch)) written.push(...batch.right);
    expect(written.at(-1)).toMatchObject({
      metadata: {
        commandId: derivedId('refusal', commandId, 'privilegeMissing', ...missing),
        causationId: commandId,
        correlationId: commandId,
        command: 'RecordRefusal',
      },
    });
  });

  test('name the one record that was meant, and none where several were, or none was', async () => {
    const ids = { profileId, mailboxId };
    const owner = { kind: 'user', id: 'bob' };
    for (const [command, recordId] of [
      [{ type: 'RenameMailbox', mailboxId, name: 'X' }, ids.mailboxId],
      [{ type: 'ChangeMailboxOwner', mailboxId, owner }, ids.mailboxId],
      [{ type: 'DeleteProfile', profileId }, ids.profileId],
      [{ type: 'ApproveMailbox', mailboxIds: [mailboxId] }, ids.mailboxId],
      [{ type: 'RejectMailbox', mailboxIds: [mailboxId, derivedId('another')] }, null],
      [{ type: 'RecordAuditExport', format: 'csv', lines: 1 }, null],
    ] as const) {
      await room.refused(command, { actor: clerk });
      expect((await last())?.data).toMatchObject({ wanted: command.type, recordId });
    }
  });

  test('stand also where they cannot be kept', async () => {
    let appends = 0;
    const full = inMemoryMailroom({
      wrap: (store) => ({
        ...store,
        append: () => async () => {
          appends += 1;
          return E.left({ _tag: 'StoreRefused', reason: 'accessDenied', problem: 'read only' });
        },
      }),
    });
    expect(await full.refused({ type: 'ActivateProfile', profileId }, { actor: clerk })).toMatchObject({
      _tag: 'PrivilegeMissing',
    });
    expect(appends).toBe(1);
  });

  test('mailbox by mailbox are kept as one', async () => {
    const before = (await room.history()).length;
    const other = (await room.done({ ...ada, regardingId: 'bob' })).result.mailboxId;
    const answer = await room.mailroom.as(clerk).execute({ type: 'TestAndEnable', mailboxIds: [mailboxId, other] });
    expect(E.isRight(answer)).toBe(true);
    expect(await typesSince(before + 1)).toEqual(['AccessRefused']);
    expect(await last()).toMatchObject({ data: { privileges: ['mailboxes.test'], recordId: null } });
  });

  test('of a switch or of letting passwords follow name the privilege too', async () => {
    const actor = actorOf({ privileges: ['settings.write', 'profiles.write'] });
    await room.refused({ type: 'ConfigureEmailSettings', approvalRequiredForUsers: false }, { actor });
    expect(await last()).toMatchObject({ data: { privileges: ['addresses.approve'] } });
    await room.refused({ type: 'ChangeProfile', profileId, letMailboxSecretsFollow: true }, { actor });
    expect(await last()).toMatchObject({ data: { privileges: ['secrets.reuse'] } });
  });

  test('over an insecure channel hold neither user name nor password', async () => {
    const command = { type: 'SetMailboxCredentials', mailboxId, userName: 'ada-login', password: 'secret-word' };
    await room.refused(command, { secureChannel: false });
    expect(await last()).toMatchObject({ type: 'AccessRefused', data: { reason: 'insecureChannel', privileges: [] } });
    expect(JSON.stringify(await room.history())).not.toMatch(/secret-word|ada-login/);
  });

  test('come again and again but are kept once, by another process too', async () => {
    const command = { type: 'ActivateProfile', profileId };
    await room.refused(command, { actor: clerk });
    const before = (await room.history()).length;
    await room.refused(command, { actor: clerk });
    await room.anotherProcess().refused(command, { actor: clerk });
    expect(await typesSince(before)).toEqual([]);
  });

  test('for what does not fit are no refusals of access', async () => {
    const before = (await room.history()).length;
    await room.refused({ type: 'ActivateProfile', profileId: 'x' });
    await room.refused({ type: 'ActivateProfile', profileId: mailboxId });
    expect(await typesSince(before)).toEqual([]);
  });
});

test('an export of the trail is recorded with what it was limited to', async () => {
  await room.done({ type: 'RecordAuditExport', format: 'ndjson', lines: 12, since: new Date(0) });
  expect(await last()).toMatchObject({
    type: 'AuditExported',
    data: { principalId: 'admin', format: 'ndjson', lines: 12, since: new Date(0), recordId: null },
  });
  const limits = { recordId: mailboxId, actorId: 'bob', since: new Date(1), until: new Date(2) };
  const { result } = await room.done({ type: 'RecordAuditExport', format: 'csv', lines: 0, ...limits });
  expect(result).toEqual({ lines: 0 });
  const data = { organizationId: 'org-1', principalId: 'admin', format: 'csv', lines: 0, ...limits };
  expect(await last()).toEqual({ type: 'AuditExported', data });
});

describe('erasing a person', () => {
  const erase = { type: 'ErasePerson', kind: 'user', id: 'ada' } as const;
  const stored = async (): Promise<string> => JSON.stringify(await room.history());
  const mailbox = async (): Promise<Mailbox.State> => {
    const loaded = await room
      .anotherProcess()
      .repository.load(Mailbox.aggregate, Mailbox.streamOf(mailboxId as never))();
    if (E.isLeft(loaded)) throw new Error(loaded.left._tag);
    return loaded.right.state;
  };

  test('takes the mailbox out of service and makes everything about them unreadable, for ever', async () => {
    await room.done({ type: 'SetMailboxCredentials', mailboxId, userName: 'ada-login', password: 'secret-word' });
    expect(await stored()).toContain(address);
    const { result } = await room.done(erase);
    expect(result).toEqual({ personId: personIdOf('org-1', 'user', 'ada'), mailboxId, profileId: null });

    expect(await stored()).not.toMatch(/private|ada-login/i);
    expect(await mailbox()).toMatchObject({ active: false, credentials: null, address: null });
    expect(await room.vault.references()()).toEqual(E.right([]));
    expect(await last()).toMatchObject({ type: 'PersonErased', data: { kind: 'user' } });

    // What is written about them later is erased from the start.
    await room.done({ type: 'RenameMailbox', mailboxId, name: 'Ada Private' });
    expect(await stored()).not.toMatch(/private/i);
  });

  test('gives their address back', async () => {
    await room.done(erase);
    await room.done({ type: 'RegisterMailbox', kind: 'queue', regardingId: 'q', name: 'Q', address, profileId });
  });

  test('again changes nothing', async () => {
    await room.done(erase);
    const before = (await room.history()).length;
    await room.done(erase);
    expect(await typesSince(before)).toEqual([]);
  });

  test('that a killed process began is carried on', async () => {
    const dying = inMemoryMailroom();
    await dying.done({ ...ada, address });
    expect(E.isRight(await dying.vault.erase(personIdOf('org-1', 'user', 'ada'))())).toBe(true);
    await dying.anotherProcess().done(erase);
    expect((await dying.history()).map(({ type }) => type)).toContain('PersonErased');
  });

  test('of the account of a profile takes it away', async () => {
    await room.done({ type: 'SetProfileCredentials', profileId, userName: 'service-login', password: 'secret-word' });
    await room.done({ type: 'ErasePerson', kind: 'profile', id: profileId });
    expect(await stored()).not.toContain('service-login');
    expect(await typesSince(0)).toContain('ProfileCredentialsCleared');
    expect(await room.vault.references()()).toEqual(E.right([]));
  });

  test('of a forward mailbox leaves it its address, which nobody can read and nobody else can have', async () => {
    const forward = { type: 'RegisterMailbox', kind: 'forward', name: 'In', address: 'in@private.example' } as const;
    const { mailboxId: id } = (await room.done(forward)).result;
    const before = (await room.history()).length;
    const { result } = await room.done({ type: 'ErasePerson', kind: 'forward', id });
    expect(result).toEqual({ personId: personIdOf('org-1', 'forward', id), mailboxId: id, profileId: null });
    expect(await typesSince(before)).toEqual(['MailboxDeactivated', 'PersonErased']);
    expect(await stored()).not.toContain('in@private');
    expect(
      await room.refused({ ...ada, kind: 'queue', regardingId: 'q', address: 'in@private.example' }),
    ).toMatchObject({ _tag: 'AddressTaken' });
  });

  test('of a queue that is out of service and has neither address nor password takes only the key', async () => {
    const { mailboxId: id } = (await room.done({ ...ada, kind: 'queue', regardingId: 'desk' })).result;
    await room.done({ type: 'DeactivateMailbox', mailboxId: id });
    const before = (await room.history()).length;
    const { result } = await room.done({ type: 'ErasePerson', kind: 'queue', id: 'desk' });
    expect(result).toEqual({ personId: personIdOf('org-1', 'queue', 'desk'), mailboxId: id, profileId: null });
    expect(await typesSince(before)).toEqual(['PersonErased']);
  });

  test('takes each step under an id of its own, and says which of them belong together', async () => {
    await room.done({ type: 'SetMailboxCredentials', mailboxId, userName: 'ada-login', password: 'secret-word' });
    const before = (await room.history()).length;
    await room.done(erase, { commandId });
    expect((await room.history()).slice(before)).toMatchObject([
      { type: 'MailboxDeactivated', data: { mailboxId, cause: 'asked' } },
      { type: 'MailboxCredentialsCleared', data: { mailboxId, reason: 'asked' } },
      { type: 'MailboxAddressChanged', data: { mailboxId, address: null } },
      { type: 'AddressReleased', data: { mailboxId } },
      { type: 'PersonErased', data: { personId: personIdOf('org-1', 'user', 'ada'), kind: 'user' } },
    ]);
    const ids: unknown[] = [];
    for await (const batch of room.plain.readAll()) {
      if (E.isRight(batch)) ids.push(...batch.right.map(({ metadata }) => [metadata.commandId, metadata.causationId]));
    }
    const step = (name: string) => [derivedId('command', commandId, mailboxId, name), commandId];
    expect(ids.slice(before, before + 3)).toEqual([step('deactivate'), step('clear'), step('address')]);
    expect(ids.at(-1)).toEqual([commandId, commandId]);
  });

  test('of the accounts of a profile takes both directions, each once', async () => {
    const account = { type: 'SetProfileCredentials', profileId, userName: 'service-login', password: 'x' } as const;
    const outgoing = { host: 'smtp.example.org', credentials: 'profile' } as const;
    await room.done({ type: 'ChangeProfile', profileId, sameSettingsForOutgoing: false, outgoing });
    await room.done({ ...account, channel: 'outgoing' });
    await room.done({ ...account, channel: 'incoming' });
    const before = (await room.history()).length;
    const { result } = await room.done({ type: 'ErasePerson', kind: 'profile', id: profileId });
    const personId = personIdOf('org-1', 'profile', profileId);
    expect(result).toEqual({ personId, mailboxId: null, profileId });
    expect((await room.history()).slice(before)).toMatchObject([
      { type: 'ProfileCredentialsCleared', data: { profileId, channel: 'incoming', reason: 'asked' } },
      { type: 'ProfileCredentialsCleared', data: { profileId, channel: 'outgoing', reason: 'asked' } },
      { type: 'PersonErased', data: { personId, kind: 'profile' } },
    ]);
    expect(await room.vault.references()()).toEqual(E.right([]));
    expect((await room.done({ type: 'ErasePerson', kind: 'profile', id: profileId })).position).toBeNull();
  });

  test('who is not known here is refused, people of another organization among them', async () => {
    const notFound = { _tag: 'PersonNotFound', field: 'id' };
    const actor = actorOf({ organization: 'org-2' });
    expect(await room.refused(erase, { actor })).toMatchObject(notFound);
    expect(await room.refused({ ...erase, kind: 'profile', id: profileId }, { actor })).toMatchObject(notFound);
    for (const kind of ['queue', 'forward', 'profile']) {
      expect(await room.refused({ ...erase, kind })).toMatchObject(notFound);
    }
    expect(await stored()).toContain(address);
  });
});
