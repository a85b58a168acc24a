import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DomainEvent } from '../../kernel/events.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { personIdOf } from '../../values/index.ts';
import * as Mailbox from '../../mailbox/index.ts';

let room: InMemoryMailroom;
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
