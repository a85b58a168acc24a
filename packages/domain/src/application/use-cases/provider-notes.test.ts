import { describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import { inMemoryMailroom } from '../../testing/acting.ts';
import type { MailProviders } from '../ports/index.ts';

const page = 'https://example.org/app-passwords';
const providers: MailProviders = {
  hintFor: (host) => {
    if (host.endsWith('app.example')) return { name: 'App Mail', login: 'appPassword', page };
    return host === 'mail.oauth.example' ? { name: 'Token Mail', login: 'oauth', page: null } : null;
  },
};
const profile = {
  type: 'CreateProfile',
  name: 'Support',
  serverType: 'imap-smtp',
  incoming: { host: 'imap.app.example' },
  outgoing: { host: 'smtp.app.example' },
} as const;

describe('a provider that does not take the ordinary password', () => {
  test('is told before the profile is saved, once for both directions', async () => {
    const { done, refused, history } = inMemoryMailroom({ providers });
    const preview = await done({ ...profile, preview: true });
    expect(preview.notes).toMatchObject([
      { key: 'note.AppPasswordNeeded', params: { provider: 'App Mail', helpUrl: page } },
    ]);
    expect(await refused({ ...profile, incoming: { ...profile.incoming, tls: 'none' }, preview: true })).toMatchObject({
      _tag: 'EncryptionRequired',
    });
    expect((await history()).map(({ type }) => type)).toEqual([]);
  });

  test('is told when it is saved or changed to, unless the login is OAuth already', async () => {
    const { done } = inMemoryMailroom({ providers });
    const { result, notes } = await done(profile);
    expect(notes.map(({ key }) => key)).toEqual(['note.AppPasswordNeeded']);
    const { profileId } = result;
    const change = { type: 'ChangeProfile', profileId } as const;
    const moved = await done({ ...change, outgoing: { host: 'mail.oauth.example' } });
    expect(moved.notes.map(({ key }) => key)).toEqual([
      'note.AppPasswordNeeded',
      'note.OAuthNeeded',
      'note.MailboxSecretsCleared',
    ]);
    const tokens = await done({ ...change, incoming: { credentials: 'oauth' } });
    expect(tokens.notes.map(({ key }) => key)).not.toContain('note.OAuthNeeded');
  });

  test('is told when a profile is cloned, also when mailboxes move, and again to a repeat', async () => {
    const { done } = inMemoryMailroom({ providers });
    const elsewhere = { incoming: { host: 'mail.example.org' }, outgoing: null } as const;
    const { profileId } = (await done({ ...profile, ...elsewhere })).result;
    const register = { type: 'RegisterMailbox', kind: 'user', name: 'Ada', regardingId: 'ada' } as const;
    await done({ ...register, profileId });
    const clone = { type: 'CloneProfile', profileId } as const;
    expect((await done(clone)).notes).toEqual([]);

    const moving = { ...clone, incoming: { host: 'imap.app.example' }, moveMailboxes: true } as const;
    const options = { commandId: derivedId('command', 'moving') };
    const { notes, result } = await done(moving, options);
    expect(result.mailboxes).toMatchObject([{ outcome: 'changed' }]);
    expect(notes).toMatchObject([{ key: 'note.AppPasswordNeeded', params: { provider: 'App Mail', helpUrl: page } }]);
    expect((await done(moving, options)).notes).toEqual(notes);
    const tokens = { ...clone, incoming: { host: 'mail.oauth.example', credentials: 'oauth' } } as const;
    expect((await done(tokens)).notes).toEqual([]);
    const passwords = { ...clone, incoming: { host: 'mail.oauth.example' } } as const;
    expect((await done(passwords)).notes.map(({ key }) => key)).toEqual(['note.OAuthNeeded']);
  });

  test('nothing is said of others, nor where nothing is known of any', async () => {
    const known = inMemoryMailroom({ providers });
    const other = { incoming: { host: 'mail.example.org' }, outgoing: null };
    expect((await known.done({ ...profile, ...other })).notes).toEqual([]);
    expect((await inMemoryMailroom().done(profile)).notes).toEqual([]);
  });
});
