import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import type { SecretRef } from '../../values/index.ts';
import type { SecretOwner } from '../ports/index.ts';

let room: InMemoryMailroom;
let profileId: string;
let mailboxId: string;
let isDown: boolean;
/** What is appended is written, and nobody hears of it. */
let isDeaf: boolean;
let isVaultDown: boolean;
/** Runs before a password is put, and not while it runs itself. */
let meanwhile: { readonly act: () => Promise<unknown> } | null;

beforeEach(async () => {
  isDown = false;
  isDeaf = false;
  isVaultDown = false;
  meanwhile = null;
  room = inMemoryMailroom({
    wrapVault: (vault) => ({
      ...vault,
      put:
        (...put) =>
        async () => {
          const waiting = meanwhile;
          meanwhile = null;
          await waiting?.act();
          meanwhile = waiting;
          return isVaultDown ? E.left({ _tag: 'VaultUnavailable', cause: 'x' }) : vault.put(...put)();
        },
    }),
    wrap: (store): EventStore => ({
      ...store,
      append: (stream, expected, events) =>
        isDown
          ? async () => E.left({ _tag: 'StoreUnavailable', cause: 'x' })
          : async () => {
              const appended = await store.append(stream, expected, events)();
              return isDeaf ? E.left({ _tag: 'OutcomeUnknown', cause: 'x' }) : appended;
            },
    }),
  });
  const profile = await room.done({
    type: 'CreateProfile',
    name: 'Support',
    serverType: 'imap-smtp',
    incoming: { host: 'mail.example.org', credentials: 'profile' },
    outgoing: { host: 'smtp.example.org' },
  });
  profileId = profile.result.profileId;
  const mailbox = await room.done({ type: 'RegisterMailbox', kind: 'user', regardingId: 'ada', name: 'Ada' });
  mailboxId = mailbox.result.mailboxId;
});

const onProfile = (password: string) =>
  ({ type: 'SetProfileCredentials', profileId, userName: 'service', password }) as const;
const onMailbox = (password: string) =>
  ({ type: 'SetMailboxCredentials', mailboxId, userName: 'ada', password }) as const;

/** The references that events name, in order. */
const named = async (): Promise<readonly SecretRef[]> =>
  (await room.history()).flatMap(({ data }) => {
    const { secret } = data as { secret?: SecretRef };
    return secret === undefined ? [] : [secret];
  });
const stored = async (): Promise<readonly SecretRef[]> => {
  const references = await room.vault.references()();
  return E.isRight(references) ? references.right : [];
};
const reveal = async (owner: SecretOwner): Promise<string> => {
  const ref = (await named()).at(-1);
  const secret = ref === undefined ? null : await room.vault.reveal(ref, owner)();
  return secret !== null && E.isRight(secret) ? secret.right.reveal() : 'nothing';
};
const owners = (): Readonly<Record<'profile' | 'mailbox', SecretOwner>> => ({
  profile: { organizationId: 'org-1', kind: 'profile', ownerId: profileId, field: 'incoming' },
  mailbox: { organizationId: 'org-1', kind: 'mailbox', ownerId: mailboxId, field: 'password' },
});

describe.each([
  ['profile', onProfile],
  ['mailbox', onMailbox],
] as const)('the password of a %s', (kind, set) => {
  test('lies in the vault, under the reference that the event names', async () => {
    await room.done(set('first'));
    expect(await reveal(owners()[kind])).toBe('first');
    expect(await stored()).toEqual(await named());
  });

  test('is replaced, and the former one leaves the vault; versions count up', async () => {
    await room.done(set('first'));
    await room.done(set('second'));
    expect(await reveal(owners()[kind])).toBe('second');
    const references = await named();
    expect(references.map(({ version }) => version)).toEqual([1, 2]);
    expect(await stored()).toEqual(references.slice(1));
  });

  test('put by a repeated command is put once', async () => {
    const options = { commandId: derivedId('command', 'set') };
    await room.done(set('first'), options);
    await room.done(set('second'));
    expect((await room.done(set('first'), options)).duplicate).toBe(true);
    expect(await reveal(owners()[kind])).toBe('second');
    expect(await stored()).toEqual((await named()).slice(-1));
  });

  test('of the same command twice at once, in two processes, stays readable', async () => {
    const options = { commandId: derivedId('command', 'set') };
    const processes = [room, room.anotherProcess()];
    const answers = await Promise.all(
      processes.map(({ mailroom }) =>
        mailroom.as(actorOf()).execute<'SetProfileCredentials' | 'SetMailboxCredentials'>(set('first'), options),
      ),
    );
    expect(answers.every(E.isRight)).toBe(true);
    expect(await reveal(owners()[kind])).toBe('first');
    expect(await named()).toHaveLength(1);
  });

  test('of many commands at once is that of the last event, and each has a version of its own', async () => {
    const processes = [room, room.anotherProcess()];
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        processes[index % 2]!.mailroom.as(actorOf()).execute<'SetProfileCredentials' | 'SetMailboxCredentials'>(
          set(`password ${index}`),
        ),
      ),
    );
    const references = await named();
    expect(references).toHaveLength(answers.filter(E.isRight).length);
    expect(await reveal(owners()[kind])).toMatch(/^password \d$/);
    expect(new Set(references.map(({ id }) => id)).size).toBe(references.length);
    expect(await stored()).toContainEqual(references.at(-1));
  });

  test('of a command whose event did not arrive is there for its repeat', async () => {
    const options = { commandId: derivedId('command', 'set') };
    isDown = true;
    expect(await room.refused(set('first'), options)).toMatchObject({ _tag: 'StoreUnavailable' });
    isDown = false;
    await room.done(set('first'), options);
    expect(await reveal(owners()[kind])).toBe('first');
    expect(await stored()).toEqual(await named());
  });

  test('stays where the event may be looking for it, when nobody knows whether there is one', async () => {
    isDeaf = true;
    expect(await room.refused(set('first'))).toMatchObject({ _tag: 'OutcomeUnknown' });
    expect(await reveal(owners()[kind])).toBe('first');
    expect(await stored()).toEqual(await named());
  });

  test('is not put again by a repeat, which needs no vault', async () => {
    const options = { commandId: derivedId('command', 'set') };
    await room.done(set('first'), options);
    isVaultDown = true;
    expect((await room.done(set('first'), options)).duplicate).toBe(true);
    expect(await room.refused(set('second'))).toMatchObject({ _tag: 'VaultUnavailable' });
    expect(await reveal(owners()[kind])).toBe('first');
  });

  test('leaves the vault when it is cleared', async () => {
    await room.done(set('first'));
    if (kind === 'profile') await room.done({ type: 'ClearProfileCredentials', profileId, channel: 'incoming' });
    else await room.done({ type: 'ClearMailboxCredentials', mailboxId });
    expect(await stored()).toEqual([]);
  });

  test('is in no event, no answer and no refusal', async () => {
    const secret = 'correct-horse-battery-staple';
    const answers: unknown[] = [await room.done(set(secret))];
    answers.push(await room.refused({ ...set(secret), nonsense: secret }));
    answers.push(await room.refused(set(secret), { secureChannel: false }));
    answers.push(await room.refused({ ...set(secret), profileId: derivedId('x'), mailboxId: derivedId('x') }));
    answers.push(await room.history());
    expect(JSON.stringify(answers)).not.toContain(secret);
  });
});

test('a password that ends an open test is kept as any other', async () => {
  await room.done({ type: 'EditMailboxes', mailboxIds: [mailboxId], profileId, incoming: 'serverSide' });
  await room.done({ type: 'TestAndEnable', mailboxIds: [mailboxId] });
  await room.done({ type: 'ChangeProfile', profileId, incoming: { credentials: 'mailbox' } });
  await room.done(onMailbox('first'));
  const types = (await room.history()).map(({ type }) => type);
  expect(types.slice(-2)).toEqual(['MailboxTestCancelled', 'MailboxCredentialsSet']);
  expect(await reveal(owners().mailbox)).toBe('first');
});

describe('who is always second in setting the account of a profile', () => {
  /** Somebody else sets it first, this often. */
  const beaten = (times: number): void => {
    let left = times;
    meanwhile = {
      act: async () => {
        if (left-- > 0) await room.anotherProcess().done(onProfile(`theirs ${left}`));
      },
    };
  };

  test('is tried again, and gets the next version', async () => {
    beaten(4);
    await room.done(onProfile('mine'));
    expect((await named()).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
    expect(await reveal(owners().profile)).toBe('mine');
    expect(await stored()).toEqual((await named()).slice(-1));
  });

  test('is told so after five times, and leaves nothing', async () => {
    beaten(5);
    expect(await room.refused(onProfile('mine'))).toMatchObject({ _tag: 'SecretOutdated', field: 'password' });
    expect(await reveal(owners().profile)).toBe('theirs 0');
    expect(await stored()).toEqual((await named()).slice(-1));
  });
});

test.each([
  ['both directions', 'profile', 'incoming'],
  ['outgoing email only', 'mailbox', 'outgoing'],
] as const)('without a direction, the account is that of the first that uses one: %s', async (_, incoming, field) => {
  await room.done({
    type: 'ChangeProfile',
    profileId,
    sameSettingsForOutgoing: false,
    incoming: { credentials: incoming },
    outgoing: { credentials: 'profile' },
  });
  const { result } = await room.done(onProfile('first'));
  expect(result).toMatchObject({ profileId });
  expect(await reveal({ ...owners().profile, field })).toBe('first');
});

test('an account that no direction uses is refused for incoming email', async () => {
  await room.done({ type: 'ChangeProfile', profileId, incoming: { credentials: 'mailbox' } });
  expect(await room.refused(onProfile('x'))).toMatchObject({ text: { params: { channel: 'incoming' } } });
});

test('an account of a profile that is not there is refused', async () => {
  const missing = { profileId: derivedId('no profile'), channel: 'incoming' } as const;
  const notFound = { _tag: 'ProfileNotFound', text: { params: { profileId: missing.profileId } } };
  expect(await room.refused({ ...onProfile('x'), ...missing })).toMatchObject({ ...notFound, field: 'profileId' });
  expect(await room.refused({ type: 'ClearProfileCredentials', ...missing })).toMatchObject(notFound);
});

test('a refused password does not stay in the vault', async () => {
  await room.done({ type: 'ChangeProfile', profileId, incoming: { credentials: 'mailbox' } });
  expect(await room.refused(onProfile('first'))).toMatchObject({ _tag: 'CredentialsNotUsed' });
  expect(await stored()).toEqual([]);
});

test('an account of the profile goes to the direction that uses one', async () => {
  await room.done({
    type: 'ChangeProfile',
    profileId,
    sameSettingsForOutgoing: false,
    incoming: { credentials: 'mailbox' },
    outgoing: { credentials: 'profile' },
  });
  await room.done(onProfile('first'));
  expect(await reveal({ ...owners().profile, field: 'outgoing' })).toBe('first');
});

test("the mailbox's own user may set its password without any privilege; others may not", async () => {
  await room.done(onMailbox('first'), { actor: actorOf({ id: 'ada', privileges: [] }) });
  expect(await room.refused(onMailbox('x'), { actor: actorOf({ id: 'bob', privileges: [] }) })).toMatchObject({
    _tag: 'PrivilegeMissing',
  });
});
