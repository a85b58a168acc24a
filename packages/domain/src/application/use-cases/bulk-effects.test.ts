import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import * as Mailbox from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { contextOf } from '../../testing/contexts.ts';
import { type MailboxId, type MailChannel, type ProfileId, type TestId, TestRunId } from '../../values/index.ts';
import { profileFactsOf } from '../profile-facts.ts';
import { note, reject } from './texts.ts';

// What a bulk command tells of each mailbox: the whole of it, and the same in advance.

let room: InMemoryMailroom;
let profileId: ProfileId;
const commandId = derivedId('command', 'bulk');
const methods = { incoming: 'serverSide', outgoing: 'serverSide' } as const;

const createProfile = async (host: string): Promise<ProfileId> => {
  const servers = { incoming: { host }, outgoing: { host } };
  const profile = { type: 'CreateProfile', name: 'Support', serverType: 'imap-smtp', ...servers } as const;
  return (await room.done(profile)).result.profileId;
};
const register = async (name: string): Promise<MailboxId> => {
  const command = { type: 'RegisterMailbox', kind: 'user', regardingId: name, name, profileId, ...methods } as const;
  const { mailboxId } = (await room.done({ ...command, address: `${name}@example.org` })).result;
  await room.done({ type: 'SetMailboxCredentials', mailboxId, userName: name, password: 'secret' });
  return mailboxId;
};
const testOf = async (mailboxId: MailboxId): Promise<TestId> => {
  const { result } = await room.done({ type: 'TestAndEnable', mailboxIds: [mailboxId] });
  const { testId } = result.mailboxes[0]!;
  if (testId === null) throw new Error('it is not tested');
  return testId;
};
/** Ends the test of one channel well. */
const succeed = async (mailboxId: MailboxId, testId: TestId, channel: MailChannel): Promise<void> => {
  const { repository } = room;
  const profileLoaded = await repository.load(Profile.aggregate, Profile.streamOf(profileId))();
  if (E.isLeft(profileLoaded) || profileLoaded.right.state._tag !== 'Existing') throw new Error('there is no profile');
  const loaded = await repository.load(Mailbox.aggregate, Mailbox.streamOf(mailboxId))();
  if (E.isLeft(loaded) || loaded.right.state._tag !== 'Registered') throw new Error('there is no mailbox');
  const { profile, channels } = loaded.right.state;
  const fingerprint = {
    profileId,
    profileConfiguration: profile?.configuration ?? 0,
    mailboxConfiguration: channels[channel].configuration,
  };
  const recorded = await repository.execute(Mailbox.aggregate, {
    type: 'RecordTestResult',
    context: contextOf({ commandId: derivedId('command', mailboxId, channel) }),
    mailboxId,
    testId,
    channel,
    fingerprint,
    steps: [],
    outcome: { verdict: 'passed', warnings: [] },
    retries: { firstDelaySeconds: 300, attempts: 10, uncertainAttempts: 2 },
    profile: profileFactsOf(profileId, profileLoaded.right.state),
  })();
  if (E.isLeft(recorded)) throw new Error(recorded.left._tag);
};

beforeEach(async () => {
  room = inMemoryMailroom();
  profileId = await createProfile('mail.example.org');
});

describe('a channel that had worked loses its success', () => {
  let ada: MailboxId;
  beforeEach(async () => {
    ada = await register('ada');
    const testId = await testOf(ada);
    await succeed(ada, testId, 'incoming');
    await succeed(ada, testId, 'outgoing');
  });
  const changed = { testId: null, rejection: null, notes: [], outcome: 'changed', text: note('Changed', {}) } as const;

  test.each([true, false])('when its method changes, and no other does (preview: %s)', async (preview) => {
    const edit = { type: 'EditMailboxes', mailboxIds: [ada], outgoing: 'none', preview } as const;
    expect((await room.done(edit)).result).toEqual({
      runId: null,
      mailboxes: [
        {
          ...changed,
          mailboxId: ada,
          changes: [{ field: 'outgoing', from: 'serverSide', to: 'none' }],
          losesSuccess: ['outgoing'],
        },
      ],
    });
  });

  test.each([true, false])('when its profile changes, and the password with it (preview: %s)', async (preview) => {
    const target = await createProfile('elsewhere.example.net');
    const edit = { type: 'EditMailboxes', mailboxIds: [ada], profileId: target, preview } as const;
    expect((await room.done(edit)).result.mailboxes).toEqual([
      {
        ...changed,
        mailboxId: ada,
        changes: [
          { field: 'profileId', from: profileId, to: target },
          { field: 'hasSecret', from: true, to: false },
        ],
        losesSuccess: ['incoming', 'outgoing'],
      },
    ]);
  });

  test('but a channel that never worked has none to lose', async () => {
    const bob = await register('bob');
    await succeed(bob, await testOf(bob), 'incoming');
    const target = await createProfile('elsewhere.example.net');
    const { result } = await room.done({ type: 'EditMailboxes', mailboxIds: [bob], profileId: target });
    expect(result.mailboxes.map(({ losesSuccess }) => losesSuccess)).toEqual([['incoming']]);
  });
});

describe('a default profile that is gone', () => {
  test('is named to each mailbox that was to come to it, and changes none', async () => {
    const ada = await register('ada');
    const target = await createProfile('elsewhere.example.net');
    await room.done({ type: 'ConfigureEmailSettings', defaultProfileId: target, ...methods });
    // Whoever deleted it had looked before it became the default.
    const deletion = { profileId: target, force: true, mailboxes: 0, isDefault: false } as const;
    const context = contextOf({ commandId: derivedId('command', 'delete') });
    const deleted = await room.repository.execute(Profile.aggregate, { type: 'DeleteProfile', context, ...deletion })();
    expect(E.isRight(deleted)).toBe(true);
    const before = await room.history();
    const { result } = await room.done({ type: 'ApplyDefaultEmailSettings', mailboxIds: [ada] });
    const rejection = reject.ProfileNotFound({ profileId: target }, 'profileId');
    expect(result.mailboxes).toEqual([
      {
        mailboxId: ada,
        outcome: 'rejected',
        text: rejection.text,
        rejection,
        testId: null,
        notes: [],
        changes: [],
        losesSuccess: [],
      },
    ]);
    expect(await room.history()).toEqual(before);
  });
});

describe('tests', () => {
  test('of one mailbox: the whole answer, and the whole of what is written', async () => {
    const ada = await register('ada');
    const before = (await room.history()).length;
    const command = { type: 'TestAndEnable', mailboxIds: [ada], thisOrganizationOnly: true } as const;
    const { result, notes } = await room.done(command, { commandId });
    const testId = derivedId('test', commandId, ada);
    expect(notes).toEqual([note('FlagWithoutEffect', {})]);
    expect(result).toEqual({
      runId: null,
      mailboxes: [
        {
          mailboxId: ada,
          outcome: 'changed',
          text: note('TestStarted', {}),
          rejection: null,
          testId,
          notes: [note('TestStarted', {})],
          changes: [],
          losesSuccess: [],
        },
      ],
    });
    expect((await room.history()).slice(before)).toEqual([
      {
        type: 'MailboxTestRequested',
        data: {
          mailboxId: ada,
          testId,
          runId: null,
          channels: ['incoming', 'outgoing'],
          trigger: 'person',
          attempt: 1,
          thisOrganizationOnly: true,
        },
      },
    ]);
  });

  test('of a profile with one mailbox are a run all the same', async () => {
    const ada = await register('ada');
    const before = (await room.history()).length;
    const channels = ['outgoing'] as const;
    const { result, notes } = await room.done({ type: 'TestAndEnable', profileId, channels }, { commandId });
    const runId = derivedId('testRun', commandId);
    expect([result.runId, notes]).toEqual([runId, []]);
    expect((await room.history()).slice(before)).toEqual([
      {
        type: 'TestRunRequested',
        data: {
          runId,
          organizationId: 'org-1',
          requestedBy: 'admin',
          mailboxIds: [ada],
          skipped: [],
          profileId,
          channels,
          thisOrganizationOnly: false,
          testMessage: false,
        },
      },
    ]);
  });

  test('that are cancelled as a run: told the same by a repeat, and again by a command of its own', async () => {
    const [ada, bob] = [await register('ada'), await register('bob')];
    const { runId } = (await room.done({ type: 'TestAndEnable', mailboxIds: [ada, bob] })).result;
    if (runId === null) throw new Error('there is no run');
    const cancel = { type: 'CancelTest', runId } as const;
    const first = await room.done(cancel, { commandId });
    expect(first).toMatchObject({ result: { mailboxes: [], runId }, duplicate: false });
    expect(first.notes).toEqual([note('TestRunCancelled', {})]);
    expect(await room.done(cancel, { commandId })).toEqual({ ...first, duplicate: true });
    const again = await room.done(cancel);
    expect(again).toEqual({ position: null, result: first.result, notes: [note('TestRunOver', {})], duplicate: false });
    expect((await room.done({ ...cancel, preview: true })).notes).toEqual([note('TestRunOver', {})]);
    expect((await room.history()).filter(({ type }) => type === 'TestRunCancelled')).toHaveLength(1);
  });

  test('of a run that there is not cannot be cancelled', async () => {
    const runId = TestRunId.orThrow(derivedId('no run'));
    expect(await room.refused({ type: 'CancelTest', runId })).toEqual(reject.TestRunNotFound({ runId }, 'runId'));
  });
});

test('more trouble of the store than one call stops the work: mailboxes that come later are not tried', async () => {
  let asked = 0;
  let isDown = false;
  room = inMemoryMailroom({
    wrap: (store): EventStore => ({
      ...store,
      readStream: (stream, options) => {
        if (!isDown) return store.readStream(stream, options);
        asked += 1;
        return async () => E.left({ _tag: 'StoreRefused', reason: 'accessDenied', problem: 'no' });
      },
    }),
  });
  isDown = true;
  const mailboxIds = Array.from({ length: 200 }, (_, index) => derivedId('mailbox', String(index)));
  expect(await room.refused({ type: 'ApproveMailbox', mailboxIds })).toMatchObject({ _tag: 'StoreRefused' });
  expect(asked).toBeLessThanOrEqual(64);
});
