import { describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import { inMemoryMailroom } from '../../testing/acting.ts';

const profile = {
  type: 'CreateProfile',
  name: 'Support',
  serverType: 'imap-smtp',
  incoming: { host: 'mail.example.org' },
} as const;

describe('ConfigureEmailSettings', () => {
  test('forces appointments, contacts and tasks to none with a default profile, and says so', async () => {
    const { done, history } = inMemoryMailroom();
    const { profileId } = (await done(profile)).result;
    expect((await done({ type: 'ConfigureEmailSettings', act: 'serverSide' })).notes).toEqual([]);
    const forced = await done({ type: 'ConfigureEmailSettings', defaultProfileId: profileId, act: 'serverSide' });
    expect(forced.notes.map(({ key }) => key)).toEqual(['note.ActForcedToNone']);
    expect((await history()).at(-1)).toMatchObject({ data: { defaultProfileId: profileId, act: 'none' } });
    expect((await done({ type: 'ConfigureEmailSettings', act: 'none' })).notes).toEqual([]);
  });

  test('says so too when what is forced was asked for before', async () => {
    const { done } = inMemoryMailroom();
    const { profileId } = (await done(profile)).result;
    await done({ type: 'ConfigureEmailSettings', act: 'serverSide' });
    const { notes } = await done({ type: 'ConfigureEmailSettings', defaultProfileId: profileId });
    expect(notes.map(({ key }) => key)).toEqual(['note.ActForcedToNone']);
  });

  test('takes only a profile that exists and is active', async () => {
    const { done, refused } = inMemoryMailroom();
    const { profileId } = (await done(profile)).result;
    const configure = { type: 'ConfigureEmailSettings', defaultProfileId: profileId };
    await done({ type: 'DeactivateProfile', profileId });
    expect(await refused(configure)).toMatchObject({ _tag: 'DefaultProfileInactive' });
    await done({ type: 'DeleteProfile', profileId });
    expect(await refused(configure)).toMatchObject({ _tag: 'DefaultProfileNotFound' });
    expect(await refused({ ...configure, defaultProfileId: derivedId('no profile') })).toMatchObject({
      _tag: 'DefaultProfileNotFound',
    });
  });
});

describe('DeleteProfile', () => {
  test('counts the mailboxes on it, and goes through only when forced', async () => {
    const { done, refused, history } = inMemoryMailroom();
    const { profileId } = (await done(profile)).result;
    for (const regardingId of ['ada', 'bob']) {
      await done({ type: 'RegisterMailbox', kind: 'user', regardingId, name: regardingId, profileId });
    }
    expect(await refused({ type: 'DeleteProfile', profileId })).toMatchObject({
      _tag: 'ProfileHasMailboxes',
      text: { params: { mailboxes: 2 } },
    });
    await done({ type: 'DeleteProfile', profileId, force: true });
    expect((await history()).at(-1)).toEqual({ type: 'ProfileDeleted', data: { profileId, mailboxes: 2 } });
  });

  test('does not take the default profile', async () => {
    const { done, refused } = inMemoryMailroom();
    const { profileId } = (await done(profile)).result;
    await done({ type: 'ConfigureEmailSettings', defaultProfileId: profileId });
    expect(await refused({ type: 'DeleteProfile', profileId, force: true })).toMatchObject({
      _tag: 'ProfileIsDefault',
    });
    await done({ type: 'ConfigureEmailSettings', defaultProfileId: null });
    await done({ type: 'DeleteProfile', profileId });
  });
});

describe('profiles', () => {
  test('belong to whoever creates them, or to whom is named', async () => {
    const { done, history } = inMemoryMailroom();
    await done(profile);
    expect((await history()).at(-1)).toMatchObject({ data: { ownerKind: 'user', ownerId: 'admin' } });
    const { profileId } = (await done({ ...profile, owner: { kind: 'team', id: 'desk' } })).result;
    expect((await history()).at(-1)).toMatchObject({ data: { ownerKind: 'team', ownerId: 'desk' } });
    await done({ type: 'ChangeProfileOwner', profileId, owner: { kind: 'user', id: 'bob' } });
    expect((await history()).at(-1)).toMatchObject({ data: { ownerKind: 'user', ownerId: 'bob' } });
  });

  test('tell what else a change brought about', async () => {
    const { done } = inMemoryMailroom();
    const own = await done({ ...profile, incoming: { host: 'mail.example.org', port: 443 } });
    expect(own.notes.map(({ key }) => key)).toEqual(['note.PortUnusual']);
    const { profileId } = own.result;
    const moved = await done({
      type: 'ChangeProfile',
      profileId,
      incoming: { host: 'elsewhere.example.net', port: 993 },
    });
    expect(moved.notes.map(({ key }) => key)).toEqual(['note.MailboxSecretsCleared']);
    await done({ type: 'ChangeProfile', profileId, incoming: { credentials: 'profile' } });
    await done({ type: 'SetProfileCredentials', profileId, userName: 'service', password: 'x' });
    const again = await done({ type: 'ChangeProfile', profileId, incoming: { host: 'mail.example.org' } });
    expect(again.notes.map(({ key, params }) => `${key} ${params['channel'] ?? ''}`)).toEqual([
      'note.SecretCleared incoming',
    ]);
  });

  test('obey the policy of the deployment', async () => {
    const { done, refused } = inMemoryMailroom({ deployment: { ports: 'government-2017' } });
    expect(await refused(profile)).toMatchObject({ _tag: 'NoPermittedPort', field: 'incoming.port' });
    await done({ ...profile, serverType: 'pop3-smtp', outgoing: { host: 'smtp.example.org' } });
  });
});

describe('CloneProfile', () => {
  const pop3 = {
    type: 'CreateProfile',
    name: 'Support',
    description: 'Berlin',
    serverType: 'pop3-smtp',
    incoming: { host: 'mail.example.org', port: 1995, tls: 'tls' },
    outgoing: { host: 'smtp.example.org', port: 2525 },
    maximumConnections: 3,
    owner: { kind: 'team', id: 'desk' },
  } as const;

  test('makes the other protocol of it, with the port that belongs to that', async () => {
    const { done, history } = inMemoryMailroom();
    const { profileId } = (await done(pop3)).result;
    const clone = await done({ type: 'CloneProfile', profileId });
    expect(clone.result.profileId).not.toBe(profileId);
    expect((await history()).at(-1)).toMatchObject({
      type: 'ProfileCreated',
      data: {
        profileId: clone.result.profileId,
        name: 'Support (IMAP)',
        description: 'Berlin',
        serverType: 'imap-smtp',
        incoming: { host: 'mail.example.org', port: 993, portSource: 'automatic' },
        outgoing: { port: 2525, portSource: 'chosen' },
        maximumConnections: 3,
        ownerKind: 'team',
        ownerId: 'desk',
      },
    });
    const back = await done({ type: 'CloneProfile', profileId: clone.result.profileId, name: 'Again' });
    expect((await history()).at(-1)).toMatchObject({
      data: { profileId: back.result.profileId, name: 'Again', incoming: { port: 995 } },
    });
  });

  test('of the same protocol keeps a port that was chosen', async () => {
    const { done, history } = inMemoryMailroom();
    const { profileId } = (await done(pop3)).result;
    await done({ type: 'CloneProfile', profileId, serverType: 'pop3-smtp', incoming: { host: 'other.example.org' } });
    expect((await history()).at(-1)).toMatchObject({
      data: { name: 'Support (POP3)', incoming: { host: 'other.example.org', port: 1995, portSource: 'chosen' } },
    });
  });

  test('moves the mailboxes along, with their passwords while the hosts stay; a repeat changes nothing', async () => {
    const { done, history } = inMemoryMailroom();
    const { profileId } = (await done(pop3)).result;
    const register = { type: 'RegisterMailbox', kind: 'user', name: 'Ada', profileId } as const;
    const { mailboxId } = (await done({ ...register, regardingId: 'ada' })).result;
    await done({ type: 'SetMailboxCredentials', mailboxId, userName: 'ada', password: 'x' });
    const options = { commandId: derivedId('command', 'clone') };
    const clone = { type: 'CloneProfile', profileId, moveMailboxes: true } as const;
    const { result } = await done(clone, options);
    expect(result.mailboxes).toMatchObject([
      { mailboxId, outcome: 'changed', changes: [{ field: 'profileId', from: profileId, to: result.profileId }] },
    ]);
    const before = await history();
    expect((await done(clone, options)).result.profileId).toBe(result.profileId);
    expect(await history()).toEqual(before);
  });
});
