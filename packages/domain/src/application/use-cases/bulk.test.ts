import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf, contextOf } from '../../testing/contexts.ts';
import * as Mailbox from '../../mailbox/index.ts';
import type { FoundFailure } from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import { MailboxId, ProfileId } from '../../values/index.ts';
import { profileFactsOf } from '../profile-facts.ts';
import type { MailboxOutcome } from './bulk-plan.ts';

let room: InMemoryMailroom;
let profileId: string;
let otherProfileId: string;
const commandId = (name: string): string => derivedId('command', name);
const nobody = derivedId('no mailbox');

const profile = (host: string) =>
  ({
    type: 'CreateProfile',
    name: 'Support',
    serverType: 'imap-smtp',
    incoming: { host },
    outgoing: { host },
  }) as const;

const register = async (name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const command = { type: 'RegisterMailbox', kind: 'user', regardingId: name, name, address: `${name}@example.org` };
  const answer = await room.mailroom.as(actorOf()).executeUnknown({ ...command, ...more });
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return (answer.right.result as { mailboxId: string }).mailboxId;
};
const useDefaults = () =>
  room.done({
    type: 'ConfigureEmailSettings',
    defaultProfileId: profileId,
    incoming: 'serverSide',
    outgoing: 'serverSide',
  });

const lines = (outcomes: readonly MailboxOutcome[]): readonly string[] =>
  outcomes.map(({ outcome, text }) => `${outcome} ${text.key}`);
const eventTypes = async (): Promise<readonly string[]> => (await room.history()).map(({ type }) => type);
/** What is written while this runs. */
const writtenBy = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = (await eventTypes()).length;
  await work();
  return (await eventTypes()).slice(before);
};

const loadMailbox = async (mailboxId: string): Promise<Mailbox.Registered> => {
  const loaded = await room.repository.load(Mailbox.aggregate, Mailbox.streamOf(MailboxId.orThrow(mailboxId)))();
  if (E.isLeft(loaded) || loaded.right.state._tag !== 'Registered') throw new Error('there is no mailbox');
  return loaded.right.state;
};
const factsOf = async (id: string): Promise<Mailbox.ProfileFacts> => {
  const loaded = await room.repository.load(Profile.aggregate, Profile.streamOf(ProfileId.orThrow(id)))();
  if (E.isLeft(loaded) || loaded.right.state._tag !== 'Existing') throw new Error('there is no profile');
  return profileFactsOf(ProfileId.orThrow(id), loaded.right.state);
};

beforeEach(async () => {
  room = inMemoryMailroom();
  profileId = (await room.done(profile('mail.example.org'))).result.profileId;
  otherProfileId = (await room.done(profile('other.example.net'))).result.profileId;
});

describe('ApplyDefaultEmailSettings', () => {
  test('says what is missing, and changes nothing', async () => {
    const ada = await register('ada');
    const apply = { type: 'ApplyDefaultEmailSettings', mailboxIds: [ada] } as const;
    const written = await writtenBy(async () => {
      const refusal = await room.refused(apply);
      expect(refusal).toMatchObject({ _tag: 'DefaultsMissing' });
      expect(JSON.stringify(refusal)).toContain('the default server profile');
      expect(JSON.stringify(refusal)).toContain('outgoing email');
    });
    expect(written).toEqual([]);
  });

  test('puts profile and methods on the mailboxes, and tests them', async () => {
    const [ada, bob] = [await register('ada', { act: 'serverSide' }), await register('bob')];
    await useDefaults();
    const { result } = await room.done({ type: 'ApplyDefaultEmailSettings', mailboxIds: [ada, bob] });
    expect(lines(result.mailboxes)).toEqual(['changed note.Changed', 'changed note.Changed']);
    expect(result.mailboxes[0]?.notes.map(({ key }) => key)).toEqual(['note.ActForcedToNone', 'note.TestQueued']);
    expect(result.mailboxes[0]?.changes).toEqual([
      { field: 'profileId', from: null, to: profileId },
      { field: 'incoming', from: 'none', to: 'serverSide' },
      { field: 'outgoing', from: 'none', to: 'serverSide' },
      { field: 'act', from: 'serverSide', to: 'none' },
    ]);
    expect(result.mailboxes.every(({ testId }) => testId !== null)).toBe(true);
    expect((await room.history()).at(-1)).toMatchObject({
      type: 'TestRunRequested',
      data: { runId: result.runId, mailboxIds: [ada, bob], skipped: [], profileId: null },
    });
  });

  test('does not test when told so', async () => {
    const ada = await register('ada');
    await useDefaults();
    const written = await writtenBy(() =>
      room.done({ type: 'ApplyDefaultEmailSettings', mailboxIds: [ada], testAndEnable: false }),
    );
    expect(written).toEqual(['MailboxMethodsChanged', 'MailboxProfileAssigned']);
  });

  test('says why a mailbox that it changed was not tested', async () => {
    const ada = await register('ada');
    await room.done({ type: 'DeactivateMailbox', mailboxId: ada });
    await useDefaults();
    const { result } = await room.done({ type: 'ApplyDefaultEmailSettings', mailboxIds: [ada] });
    expect(lines(result.mailboxes)).toEqual(['changed note.Changed']);
    expect(result.mailboxes[0]).toMatchObject({ testId: null, notes: [{ key: 'note.TestNotStarted' }] });
  });
});

describe('EditMailboxes', () => {
  test('changes what is given, leaves the rest, and does not test', async () => {
    const ada = await register('ada', { incoming: 'serverSide' });
    const written = await writtenBy(() =>
      room.done({ type: 'EditMailboxes', mailboxIds: [ada], outgoing: 'serverSide' }),
    );
    expect(written).toEqual(['MailboxMethodsChanged']);
    expect((await room.history()).at(-1)?.data).toMatchObject({
      incoming: 'serverSide',
      outgoing: 'serverSide',
      act: 'none',
    });
  });

  test('with nothing given changes nothing', async () => {
    const ada = await register('ada');
    const { result, position } = await room.done({ type: 'EditMailboxes', mailboxIds: [ada] });
    expect(lines(result.mailboxes)).toEqual(['unchanged note.Unchanged']);
    expect(position).toBeNull();
  });

  test('gives each mailbox its own result; one that cannot stops no other, and is not half changed', async () => {
    const [ada, desk, bob] = [
      await register('ada'),
      await register('desk', { kind: 'queue', incoming: 'none' }),
      await register('bob'),
    ];
    const edit = {
      type: 'EditMailboxes',
      mailboxIds: [ada, desk, nobody, bob],
      profileId,
      incoming: 'outlook',
    } as const;
    const { result } = await room.done(edit);
    expect(lines(result.mailboxes)).toEqual([
      'changed note.Changed',
      'rejected rejection.MethodNotAllowed',
      'rejected rejection.MailboxNotFound',
      'changed note.Changed',
    ]);
    expect(result.mailboxes.map(({ mailboxId }) => mailboxId)).toEqual(edit.mailboxIds);
    const assigned = (await room.history()).filter(({ type }) => type === 'MailboxProfileAssigned');
    expect(assigned.map(({ data }) => (data as { mailboxId: string }).mailboxId).sort()).toEqual([ada, bob].sort());
  });

  test('of a profile that does not exist is refused as a whole', async () => {
    const ada = await register('ada');
    const refusal = await room.refused({ type: 'EditMailboxes', mailboxIds: [ada], profileId: nobody });
    expect(refusal).toMatchObject({ _tag: 'ProfileNotFound', field: 'profileId' });
  });

  test('takes a profile away, and methods that it did not allow can come then', async () => {
    const ada = await register('ada', { profileId });
    const { result } = await room.done({ type: 'EditMailboxes', mailboxIds: [ada], profileId: null, act: 'outlook' });
    expect(result.mailboxes[0]?.changes).toEqual([
      { field: 'profileId', from: profileId, to: null },
      { field: 'act', from: 'none', to: 'outlook' },
    ]);
  });

  describe('and the stored password of a mailbox', () => {
    const hasSecret = async (mailboxId: string, command: Readonly<Record<string, unknown>>, actor = actorOf()) => {
      const answer = await room.mailroom
        .as(actor)
        .executeUnknown({ type: 'EditMailboxes', mailboxIds: [mailboxId], ...command });
      if (E.isLeft(answer)) return answer.left._tag;
      const [outcome] = (answer.right.result as { mailboxes: readonly MailboxOutcome[] }).mailboxes;
      return !outcome?.changes.some(({ field, to }) => field === 'hasSecret' && to === false);
    };
    let ada: string;
    beforeEach(async () => {
      ada = await register('ada', { profileId });
      await room.done({ type: 'SetMailboxCredentials', mailboxId: ada, userName: 'ada', password: 'hunter2' });
    });

    test('does not go to another host by itself', async () => {
      expect(await hasSecret(ada, { profileId: otherProfileId })).toBe(false);
    });
    test('goes when somebody with that right says so, and nobody else can', async () => {
      const follow = { profileId: otherProfileId, letMailboxSecretsFollow: true };
      const actor = actorOf({ privileges: ['mailboxes.read', 'mailboxes.write'] });
      expect(await hasSecret(ada, follow, actor)).toBe('SecretsReuseNotPermitted');
      expect(await hasSecret(ada, follow)).toBe(true);
    });
    test('goes to another profile on the same host', async () => {
      const again = (await room.done(profile('MAIL.example.org'))).result.profileId;
      expect(await hasSecret(ada, { profileId: again })).toBe(true);
    });
  });
});

describe('ApproveMailbox and RejectMailbox', () => {
  test('give each mailbox its own result, and a repeat changes nothing', async () => {
    const [ada, bob] = [await register('ada'), await register('bob', { address: null })];
    const { result } = await room.done({ type: 'ApproveMailbox', mailboxIds: [ada, bob, nobody] });
    expect(lines(result.mailboxes)).toEqual([
      'changed note.Approved',
      'rejected rejection.AddressMissing',
      'rejected rejection.MailboxNotFound',
    ]);
    expect(result.mailboxes[0]?.changes).toEqual([{ field: 'approval', from: 'pending', to: 'approved' }]);
    const again = await room.done({ type: 'ApproveMailbox', mailboxIds: [ada] });
    expect(lines(again.result.mailboxes)).toEqual(['unchanged note.Unchanged']);
    const rejected = await room.done({ type: 'RejectMailbox', mailboxIds: [ada] });
    expect(lines(rejected.result.mailboxes)).toEqual(['changed note.Rejected']);
  });

  test('the same command again tells the first outcome', async () => {
    const ada = await register('ada');
    const options = { commandId: commandId('approve') };
    const approve = { type: 'ApproveMailbox', mailboxIds: [ada] } as const;
    const first = await room.done(approve, options);
    const written = await writtenBy(async () => {
      const again = await room.anotherProcess().done(approve, options);
      expect(again).toMatchObject({ duplicate: true, position: first.position });
      expect(lines(again.result.mailboxes)).toEqual(['changed note.Approved']);
    });
    expect(written).toEqual([]);
  });
});

describe('TestAndEnable', () => {
  const methods = { incoming: 'serverSide', outgoing: 'serverSide' } as const;

  test('tests all mailboxes on a profile, and says which it skipped and why', async () => {
    const ada = await register('ada', { profileId, ...methods });
    const bob = await register('bob', { profileId });
    const eve = await register('eve', { profileId, ...methods });
    await register('far', { profileId: otherProfileId, ...methods });
    await room.done({ type: 'DeactivateMailbox', mailboxId: eve });
    const { result } = await room.done({ type: 'TestAndEnable', profileId });
    expect(result.mailboxes.map(({ mailboxId }) => mailboxId)).toEqual([ada, bob, eve]);
    expect(lines(result.mailboxes)).toEqual([
      'changed note.TestQueued',
      'skipped rejection.NoChannelToTest',
      'skipped rejection.MailboxDeactivated',
    ]);
    expect((await room.history()).at(-1)).toMatchObject({
      type: 'TestRunRequested',
      data: {
        runId: result.runId,
        profileId,
        mailboxIds: [ada],
        skipped: [
          { reason: 'NoChannelToTest', mailboxIds: [bob] },
          { reason: 'MailboxDeactivated', mailboxIds: [eve] },
        ],
      },
    });
  });

  test('of several asks for one run, whoever repeats it and whatever has become of the mailboxes', async () => {
    const ada = await register('ada', { profileId, ...methods });
    const bob = await register('bob', { profileId, ...methods });
    const eve = await register('eve', { profileId });
    const options = { commandId: commandId('run') };
    const test = { type: 'TestAndEnable', mailboxIds: [ada, bob, eve, nobody] } as const;
    const first = await room.done(test, options);
    expect(lines(first.result.mailboxes)).toEqual([
      'changed note.TestQueued',
      'changed note.TestQueued',
      'skipped rejection.NoChannelToTest',
      'rejected rejection.MailboxNotFound',
    ]);
    await room.done({ type: 'TestAndEnable', mailboxIds: [ada] });
    await room.done({ type: 'EditMailboxes', mailboxIds: [eve], ...methods });
    const written = await writtenBy(async () => {
      const again = await room.anotherProcess().done(test, options);
      expect(again).toMatchObject({ duplicate: true, position: first.position });
      expect(again.result.runId).toBe(first.result.runId);
      expect(again.result.mailboxes.slice(0, 2)).toEqual(first.result.mailboxes.slice(0, 2));
    });
    expect(written).toEqual([]);
  });

  test('of several of which none can be tested asks for no run', async () => {
    const [ada, bob] = [await register('ada'), await register('bob')];
    const written = await writtenBy(async () => {
      const { result } = await room.done({ type: 'TestAndEnable', mailboxIds: [ada, bob] });
      expect(result.runId).toBeNull();
      expect(lines(result.mailboxes)).toEqual([
        'skipped rejection.NoChannelToTest',
        'skipped rejection.NoChannelToTest',
      ]);
    });
    expect(written).toEqual([]);
  });

  test('of one mailbox is what a person waits for; again, while it runs, starts nothing', async () => {
    const ada = await register('ada', { profileId, ...methods });
    const test = { type: 'TestAndEnable', mailboxIds: [ada], channels: ['incoming'] } as const;
    await room.done(test);
    expect((await room.history()).at(-1)).toMatchObject({ data: { trigger: 'person', channels: ['incoming'] } });
    const again = await room.done(test);
    expect(lines(again.result.mailboxes)).toEqual(['unchanged note.TestRunning']);
  });

  test('records "this organization only", and says that it has no effect', async () => {
    const ada = await register('ada', { profileId, ...methods });
    const { notes } = await room.done({ type: 'TestAndEnable', mailboxIds: [ada], thisOrganizationOnly: true });
    expect(notes.map(({ key }) => key)).toEqual(['note.FlagWithoutEffect']);
    expect((await room.history()).at(-1)).toMatchObject({ data: { thisOrganizationOnly: true } });
  });

  test('sends test messages only when asked to, and then with every mailbox of the run', async () => {
    const ada = await register('ada', { profileId, ...methods });
    const al = await register('al', { profileId, ...methods });
    const run = { type: 'TestAndEnable', mailboxIds: [ada, al] } as const;
    await room.done(run);
    expect((await room.history()).at(-1)).toMatchObject({ type: 'TestRunRequested', data: { testMessage: false } });
    await room.done({ ...run, testMessage: true });
    expect((await room.history()).at(-1)).toMatchObject({ type: 'TestRunRequested', data: { testMessage: true } });
    await room.done({ type: 'TestAndEnable', mailboxIds: [ada], testMessage: true });
    expect((await room.history()).at(-1)).toMatchObject({ type: 'TestMessageRequested', data: { mailboxId: ada } });
  });

  test('a test message needs both directions', async () => {
    const ada = await register('ada', { profileId, ...methods });
    const command = { type: 'TestAndEnable', mailboxIds: [ada], channels: ['outgoing'], testMessage: true } as const;
    expect(await room.refused(command)).toMatchObject({ _tag: 'InvalidCommand', field: 'testMessage' });
  });

  test('owners may test their own, and members those of their team; what is not theirs does not exist for them', async () => {
    const ada = await register('ada', { profileId, ...methods });
    const desk = await register('desk', {
      kind: 'queue',
      profileId,
      ...methods,
      owner: { kind: 'team', id: 'team-1' },
    });
    const bob = await register('bob', { profileId, ...methods });
    const actor = actorOf({ id: 'ada', privileges: [], teams: ['team-1'] });
    const { result } = await room.done({ type: 'TestAndEnable', mailboxIds: [ada, desk, bob, nobody] }, { actor });
    expect(lines(result.mailboxes)).toEqual([
      'changed note.TestQueued',
      'changed note.TestQueued',
      'rejected rejection.PrivilegeMissing',
      'rejected rejection.PrivilegeMissing',
    ]);
    expect(await room.refused({ type: 'TestAndEnable', profileId }, { actor })).toMatchObject({
      _tag: 'PrivilegeMissing',
    });
  });
});

describe('CancelTest and ResumeAfterIncident', () => {
  const methods = { incoming: 'serverSide', outgoing: 'serverSide' } as const;

  test('an open test is cancelled once', async () => {
    const ada = await register('ada', { profileId, ...methods });
    await room.done({ type: 'TestAndEnable', mailboxIds: [ada] });
    const cancel = { type: 'CancelTest', mailboxIds: [ada] } as const;
    const written = await writtenBy(async () => {
      expect(lines((await room.done(cancel)).result.mailboxes)).toEqual(['changed note.TestCancelled']);
      expect(lines((await room.done(cancel)).result.mailboxes)).toEqual(['unchanged note.NoTestOpen']);
    });
    expect(written).toEqual(['MailboxTestCancelled']);
  });

  describe('of a run', () => {
    const run = async () => {
      const [ada, bob] = [
        await register('ada', { profileId, ...methods }),
        await register('bob', { profileId, ...methods }),
      ];
      const { runId } = (await room.done({ type: 'TestAndEnable', mailboxIds: [ada, bob] })).result;
      return runId ?? nobody;
    };
    const keys = (notes: readonly { readonly key: string }[]) => notes.map(({ key }) => key);

    test('ends it once', async () => {
      const cancel = { type: 'CancelTest', runId: await run() } as const;
      const written = await writtenBy(async () => {
        expect(keys((await room.done({ ...cancel, preview: true })).notes)).toEqual(['note.TestRunCancelled']);
        expect(keys((await room.done(cancel)).notes)).toEqual(['note.TestRunCancelled']);
        expect(keys((await room.done(cancel)).notes)).toEqual(['note.TestRunOver']);
      });
      expect(written).toEqual(['TestRunCancelled']);
    });

    test('is for whoever asked for it, and for those who may test', async () => {
      const cancel = { type: 'CancelTest', runId: await run() };
      const clerk = actorOf({ id: 'clerk', privileges: [] });
      expect(await room.refused(cancel, { actor: clerk })).toMatchObject({ _tag: 'PrivilegeMissing' });
      expect(await room.refused(cancel, { actor: actorOf({ organization: 'org-2' }) })).toMatchObject({
        _tag: 'TestRunNotFound',
        field: 'runId',
      });
      const own = actorOf({ privileges: [] });
      expect(E.isRight(await room.mailroom.as(own).executeUnknown(cancel))).toBe(true);
    });

    test('is told from cancelling tests of mailboxes', async () => {
      for (const both of [{}, { runId: nobody, mailboxIds: [nobody] }]) {
        expect(await room.refused({ type: 'CancelTest', ...both })).toMatchObject({ _tag: 'InvalidCommand' });
      }
    });
  });

  test('where no incident has stopped anything, nothing is tested', async () => {
    await register('ada', { profileId, ...methods });
    const { result } = await room.done({ type: 'ResumeAfterIncident', profileId });
    expect(lines(result.mailboxes)).toEqual(['unchanged note.NothingToResume']);
    expect(await room.refused({ type: 'ResumeAfterIncident', profileId: nobody })).toMatchObject({
      _tag: 'ProfileNotFound',
    });
  });

  test('what an incident has stopped is tested again', async () => {
    const ada = await register('ada', { profileId, ...methods });
    const { result } = await room.done({ type: 'TestAndEnable', mailboxIds: [ada], channels: ['incoming'] });
    const { testId } = result.mailboxes[0]!;
    const state = await loadMailbox(ada);
    const failure: FoundFailure = {
      kind: 'ConnectionRefused',
      phase: 'connect',
      disposition: 'permanent',
      scope: 'profile',
      field: null,
      adviceParams: {},
      serverText: null,
      retryAfterSeconds: null,
    };
    const recorded = await room.repository.execute(Mailbox.aggregate, {
      type: 'RecordTestResult',
      context: contextOf({ commandId: commandId('record') }),
      mailboxId: state.mailboxId,
      testId: testId!,
      channel: 'incoming',
      fingerprint: {
        profileId: state.profile!.profileId,
        profileConfiguration: state.profile!.configuration,
        mailboxConfiguration: state.channels.incoming.configuration,
      },
      steps: [],
      outcome: { verdict: 'failed', failure, tried: true },
      retries: { firstDelaySeconds: 300, attempts: 10, uncertainAttempts: 2 },
      profile: await factsOf(profileId),
    })();
    expect(recorded._tag).toBe('Right');
    const resumed = await room.done({ type: 'ResumeAfterIncident', profileId });
    expect(lines(resumed.result.mailboxes)).toEqual(['changed note.TestStarted']);
    expect((await room.history()).at(-1)).toMatchObject({ data: { trigger: 'incident', channels: ['incoming'] } });
  });
});

test('a preview of each bulk command tells what the command then does, and writes nothing', async () => {
  const ada = await register('ada', { act: 'outlook' });
  const desk = await register('desk', { kind: 'queue' });
  const bob = await register('bob', { address: null, profileId, incoming: 'serverSide' });
  await room.done({ type: 'DeactivateMailbox', mailboxId: desk });
  await useDefaults();
  const mailboxIds = [ada, desk, nobody, bob];
  for (const command of [
    { type: 'EditMailboxes', mailboxIds, profileId: otherProfileId, incoming: 'outlook', act: 'none' },
    { type: 'TestAndEnable', mailboxIds },
    { type: 'ApplyDefaultEmailSettings', mailboxIds },
    { type: 'ApproveMailbox', mailboxIds },
    { type: 'RejectMailbox', mailboxIds },
  ]) {
    const results = async (preview: boolean) => {
      const answer = await room.mailroom.as(actorOf()).executeUnknown({ ...command, preview });
      if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
      const { mailboxes } = answer.right.result as { mailboxes: readonly MailboxOutcome[] };
      return mailboxes.map((one) => ({ ...one, testId: null }));
    };
    let foreseen: unknown;
    expect(await writtenBy(async () => (foreseen = await results(true)))).toEqual([]);
    expect(await results(false)).toEqual(foreseen);
  }
});

test('when the store fails half way the command does, and a repeat finishes it', async () => {
  let left = 40;
  const failing = inMemoryMailroom({
    wrap: (store) => ({
      ...store,
      append: (stream, expected, events) =>
        left-- > 0
          ? store.append(stream, expected, events)
          : async () => E.left({ _tag: 'StoreUnavailable', cause: 'x' }),
    }),
  });
  room = failing;
  const mailboxIds: string[] = [];
  for (let index = 0; index < 10; index++) mailboxIds.push(await register(`user-${index}`));
  left = 4;
  const approve = { type: 'ApproveMailbox', mailboxIds } as const;
  const options = { commandId: commandId('half') };
  expect(await room.refused(approve, options)).toMatchObject({ _tag: 'StoreUnavailable' });
  left = 1000;
  const { result, duplicate } = await room.done(approve, options);
  expect(lines(result.mailboxes)).toEqual(mailboxIds.map(() => 'changed note.Approved'));
  expect(duplicate).toBe(false);
  expect((await eventTypes()).filter((type) => type === 'MailboxApproved')).toHaveLength(10);
});
