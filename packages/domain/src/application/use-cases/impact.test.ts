import { describe, expect, test } from 'vitest';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { contextOf } from '../../testing/contexts.ts';
import { passed, record, retries } from '../../testing/sample-mailbox.ts';
import { ada, commandNamed, mailboxFor, profileId, support } from '../../testing/stories/story.ts';
import * as Mailbox from '../../mailbox/index.ts';
import { loadMailbox, loadProfileFacts } from './facts.ts';

// What somebody would like to know before they press the button: which mailboxes does it concern, and how?

const on = { type: 'DeactivateProfile', profileId } as const;
const users = ['ada', 'bob', 'mary'] as const;
const { organizationId } = contextOf().actor;
const [first, second, third] = users.map(mailboxFor);

/** Ada's incoming email works; Bob's mailbox was never tested; Mary's has a date of its own to start from. */
const office = async (): Promise<InMemoryMailroom> => {
  const room = inMemoryMailroom();
  const named = (name: string) => ({ commandId: commandNamed(name) });
  await room.done(support, named('support'));
  for (const user of users) {
    const box = { ...ada, regardingId: user, name: user, address: `${user}@example.org` };
    const { mailboxId } = (await room.done(box, named(user))).result;
    await room.done({ type: 'SetMailboxCredentials', mailboxId, userName: user, password: `of ${user}` });
  }
  await room.done({
    type: 'SetMailboxProcessingStart',
    mailboxId: mailboxFor('mary'),
    processEmailFrom: '2020-01-01T00:00:00Z',
  });
  await works(room, 'ada');
  return room;
};

const works = async (room: InMemoryMailroom, user: string): Promise<void> => {
  const mailboxId = mailboxFor(user);
  await room.done({ type: 'TestAndEnable', mailboxIds: [mailboxId] });
  const mailbox = await loadMailbox(room, organizationId, mailboxId);
  const profile = await loadProfileFacts(room, organizationId, profileId);
  if (mailbox._tag === 'Left' || profile._tag === 'Left' || !mailbox.right?.test) throw new Error('there is no test');
  const { testId } = mailbox.right.test;
  const mailboxConfiguration = mailbox.right.channels.incoming.configuration;
  const fingerprint = { profileId, profileConfiguration: 1, mailboxConfiguration };
  const result = { ...record('', 'incoming', passed), context: contextOf(), mailboxId, testId, fingerprint, retries };
  expect(await room.repository.execute(Mailbox.aggregate, { ...result, profile: profile.right })()).toMatchObject({
    _tag: 'Right',
  });
};

/** Nothing was written. */
const lookedAtOnly = async (room: InMemoryMailroom, look: () => Promise<unknown>): Promise<void> => {
  const before = await room.history();
  await look();
  expect(await room.history()).toEqual(before);
};

const none = { changes: [], losesSuccess: [], stops: [] };

describe('a preview of a command on a profile', () => {
  test('deactivating: the channels that would stand still', async () => {
    const room = await office();
    await lookedAtOnly(room, async () => {
      const { result, position } = await room.done({ ...on, preview: true });
      expect(result).toEqual({ profileId, mailboxes: [{ ...none, mailboxId: first, stops: ['incoming'] }] });
      expect(position).toBeNull();
    });
    expect((await room.done(on)).result).toEqual({ profileId, mailboxes: [] });
    expect((await room.done({ ...on, preview: true })).result.mailboxes).toEqual([]);
  });

  test('deleting: each mailbox that would be on none, and what stops; no force is needed to look', async () => {
    const room = await office();
    const removed = [{ field: 'profileId', from: profileId, to: null }];
    await lookedAtOnly(room, async () => {
      const { mailboxes } = (await room.done({ type: 'DeleteProfile', profileId, preview: true })).result;
      expect(mailboxes).toEqual([
        { mailboxId: first, changes: removed, losesSuccess: ['incoming'], stops: ['incoming'] },
        { ...none, mailboxId: second, changes: removed },
        { ...none, mailboxId: third, changes: removed },
      ]);
    });
    await room.done({ type: 'ConfigureEmailSettings', defaultProfileId: profileId });
    expect(await room.refused({ type: 'DeleteProfile', profileId, preview: true })).toMatchObject({
      _tag: 'ProfileIsDefault',
    });
  });

  test('a later start of processing: old and new start of each mailbox that moves along', async () => {
    const room = await office();
    const from = (processEmailFrom: string) => ({ type: 'ChangeProfile', profileId, processEmailFrom }) as const;
    const start = { field: 'processEmailFrom', from: '2026-01-01T09:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
    await lookedAtOnly(room, async () => {
      const later = await room.done({ ...from('2026-03-01T00:00:00Z'), preview: true });
      expect(later.result.mailboxes).toEqual([
        { ...none, mailboxId: first, changes: [start] },
        { ...none, mailboxId: second, changes: [{ ...start, from: null }] },
      ]);
      expect(later.notes.map(({ key }) => key)).toEqual(['note.StartOfMailboxes']);
    });
    const earlier = await room.done({ ...from('2025-01-01T00:00:00Z'), preview: true });
    expect(earlier.result.mailboxes.map(({ mailboxId }) => mailboxId)).toEqual([second]);
    const minutes = await room.done({ type: 'ChangeProfile', profileId, minimumPollingMinutes: 5 });
    expect(minutes.notes).toEqual([]);
  });

  test('another host: passwords that do not go there, and what has to be tested again', async () => {
    const room = await office();
    const change = { type: 'ChangeProfile', profileId, incoming: { host: 'other.example.net' } } as const;
    const { result, notes } = await room.done({ ...change, preview: true });
    const lost = [{ field: 'hasSecret', from: true, to: false }];
    expect(result.mailboxes).toEqual([
      { mailboxId: first, changes: lost, losesSuccess: ['incoming'], stops: ['incoming'] },
      { ...none, mailboxId: second, changes: lost },
      { ...none, mailboxId: third, changes: lost },
    ]);
    expect(notes.map(({ key }) => key)).toEqual(['note.MailboxSecretsCleared']);
    expect(await room.refused({ ...change, incoming: { tls: 'none' }, preview: true })).toMatchObject({
      _tag: 'EncryptionRequired',
    });
  });

  test('is for those who may read mailboxes', async () => {
    const room = await office();
    const actor = { ...contextOf().actor, privileges: ['profiles.write'] as const };
    expect(await room.refused({ ...on, preview: true }, { actor })).toMatchObject({
      _tag: 'PrivilegeMissing',
      text: { params: { privilege: 'mailboxes.read' } },
    });
  });
});

test('a preview of deactivating a mailbox tells which of its channels would stop', async () => {
  const room = await office();
  const off = { type: 'DeactivateMailbox', mailboxId: mailboxFor('ada') } as const;
  await lookedAtOnly(room, async () =>
    expect((await room.done({ ...off, preview: true })).result).toEqual({ mailboxId: first, stops: ['incoming'] }),
  );
  expect((await room.done(off)).result.stops).toEqual(['incoming']);
  expect((await room.done({ ...off, preview: true })).result.stops).toEqual([]);
  expect((await room.done({ ...off, mailboxId: mailboxFor('bob'), preview: true })).result.stops).toEqual([]);
});
