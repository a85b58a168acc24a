import { beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import { type Privilege, privileges } from '../../kernel/command.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { testIdOfRun, TestRunId, MailboxId } from '../../values/index.ts';

let room: InMemoryMailroom;
let profileId: string;
let ada: string;
let bob: string;

const profile = (incoming: string, outgoing: string | null = incoming) =>
  ({
    type: 'CreateProfile',
    name: 'Support',
    serverType: 'imap-smtp',
    incoming: { host: incoming },
    ...(outgoing === null ? {} : { outgoing: { host: outgoing } }),
  }) as const;
const created = async (...hosts: Parameters<typeof profile>): Promise<string> =>
  (await room.done(profile(...hosts))).result.profileId;
const register = async (name: string): Promise<string> => {
  const command = { type: 'RegisterMailbox', kind: 'user', regardingId: name, name, profileId } as const;
  const { mailboxId } = (await room.done({ ...command, address: `${name}@example.org` })).result;
  await room.done({ type: 'SetMailboxCredentials', mailboxId, userName: name, password: 'secret' });
  return mailboxId;
};
const without = (missing: Privilege) => actorOf({ privileges: privileges.filter((each) => each !== missing) });
const system = { ...actorOf(), kind: 'system', privileges: [] } as const;
/** Types of the events that this writes. */
const writtenBy = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = (await room.history()).length;
  await work();
  return (await room.history()).slice(before).map(({ type }) => type);
};
const useDefaults = (defaultProfileId: string | null = profileId) =>
  room.done({
    type: 'ConfigureEmailSettings',
    defaultProfileId,
    incoming: 'serverSide',
    outgoing: 'serverSide',
  });

beforeEach(async () => {
  room = inMemoryMailroom();
  profileId = await created('mail.example.org');
  [ada, bob] = [await register('ada'), await register('bob')];
});

describe.each(['EditMailboxes', 'ApplyDefaultEmailSettings'] as const)('letting passwords follow, by %s', (type) => {
  test('needs a privilege of its own, which is asked for before anything else', async () => {
    const actor = without('secrets.reuse');
    const refusal = await room.refused({ type, mailboxIds: [ada], letMailboxSecretsFollow: true }, { actor });
    expect(refusal).toMatchObject({ _tag: 'SecretsReuseNotPermitted', field: 'letMailboxSecretsFollow' });
    await useDefaults();
    await room.done({ type, mailboxIds: [ada] }, { actor });
    await room.done({ type, mailboxIds: [ada], letMailboxSecretsFollow: false }, { actor });
  });

  test('is open to Mailroom itself, which acts on what somebody with the privilege asked for', async () => {
    await useDefaults();
    await room.done({ type, mailboxIds: [ada], letMailboxSecretsFollow: true }, { actor: system });
  });

  test('is what takes them to any host', async () => {
    const target = await created('elsewhere.example.net');
    await useDefaults(target);
    const command = { type, mailboxIds: [ada], ...(type === 'EditMailboxes' ? { profileId: target } : {}) };
    const asked = { ...command, letMailboxSecretsFollow: true } as const;
    const types = await writtenBy(() => room.done(asked));
    expect(types).toContain('MailboxProfileAssigned');
    expect(types).not.toContain('MailboxCredentialsCleared');
    const others = await writtenBy(() => room.done({ ...command, mailboxIds: [bob] }));
    expect(others).toContain('MailboxCredentialsCleared');
  });
});

describe('a password goes along to another profile', () => {
  const cases: readonly (readonly [string, Parameters<typeof profile>, boolean])[] = [
    ['on the same hosts', ['mail.example.org'], true],
    ['that only collects, on the same host', ['mail.example.org', null], true],
    ['of which one host is another', ['mail.example.org', 'smtp.example.net'], false],
    ['of which the other host is another', ['imap.example.net', 'mail.example.org'], false],
  ];
  test.each(cases)('%s', async (_, hosts, follows) => {
    const target = await created(...hosts);
    const types = await writtenBy(() => room.done({ type: 'EditMailboxes', mailboxIds: [ada], profileId: target }));
    expect(!types.includes('MailboxCredentialsCleared')).toBe(follows);
  });

  test('but not from one that was deleted: nobody knows its hosts', async () => {
    const target = await created('mail.example.org');
    await room.done({ type: 'DeleteProfile', profileId, force: true });
    const types = await writtenBy(() => room.done({ type: 'EditMailboxes', mailboxIds: [ada], profileId: target }));
    expect(types).toContain('MailboxCredentialsCleared');
  });

  test('and stays where a mailbox is put on no profile', async () => {
    const types = await writtenBy(() => room.done({ type: 'EditMailboxes', mailboxIds: [ada], profileId: null }));
    expect(types).not.toContain('MailboxCredentialsCleared');
  });
});

describe('EditMailboxes', () => {
  test('names the profile that there is not', async () => {
    const missing = derivedId('no profile');
    const refusal = await room.refused({ type: 'EditMailboxes', mailboxIds: [ada], profileId: missing });
    expect(refusal).toMatchObject({
      _tag: 'ProfileNotFound',
      field: 'profileId',
      text: { params: { profileId: missing } },
    });
  });

  test('without anything to change changes nothing, of a mailbox on a profile or on none', async () => {
    await room.done({ type: 'EditMailboxes', mailboxIds: [bob], profileId: null });
    const types = await writtenBy(async () => {
      const { result, notes } = await room.done({ type: 'EditMailboxes', mailboxIds: [ada, bob] });
      expect(result.mailboxes.map(({ outcome, text }) => [outcome, text.key])).toEqual([
        ['unchanged', 'note.Unchanged'],
        ['unchanged', 'note.Unchanged'],
      ]);
      expect(result.mailboxes.map((one) => one.notes)).toEqual([[], []]);
      expect([result.runId, notes]).toEqual([null, []]);
    });
    expect(types).toEqual([]);
  });

  test('reads each profile once, however many mailboxes come to it', async () => {
    let reads = 0;
    room = inMemoryMailroom({
      wrap: (store) => ({
        ...store,
        readStream: (stream, options) => {
          if (stream === `profile-${profileId}`) reads += 1;
          return store.readStream(stream, options);
        },
      }),
    });
    profileId = await created('mail.example.org');
    const mailboxIds = [await register('ada'), await register('bob'), await register('eve')];
    await room.done({ type: 'EditMailboxes', mailboxIds, profileId: null });
    reads = 0;
    await room.done({ type: 'EditMailboxes', mailboxIds, profileId });
    expect(reads).toBe(1);
  });

  test('takes its steps under ids of their own, which a later version has to find again', async () => {
    const commandId = derivedId('command', 'edit');
    const target = await created('mail.example.org');
    await useDefaults(target);
    const command = { type: 'ApplyDefaultEmailSettings', mailboxIds: [ada] } as const;
    await room.done(command, { commandId });
    const ids = new Map<string, unknown>();
    for await (const batch of room.store.readAll()) {
      if (batch._tag === 'Left') throw new Error(batch.left._tag);
      for (const { type, metadata } of batch.right)
        if (metadata.causationId === commandId) ids.set(type, metadata.commandId);
    }
    expect(ids.get('MailboxMethodsChanged')).toBe(derivedId('command', commandId, ada, 'methods'));
    expect(ids.get('MailboxProfileAssigned')).toBe(derivedId('command', commandId, ada, 'assign'));
    expect(ids.get('MailboxTestRequested')).toBe(derivedId('command', commandId, ada, 'test'));
  });
});

describe('ApplyDefaultEmailSettings', () => {
  test('names every default that is missing, in words', async () => {
    const refusal = await room.refused({ type: 'ApplyDefaultEmailSettings', mailboxIds: [ada] });
    expect(refusal).toMatchObject({ _tag: 'DefaultsMissing' });
    expect((refusal as { text: { params: unknown } }).text.params).toEqual({
      missing:
        'the default server profile, the default method for incoming email, the default method for outgoing email',
    });
  });

  test('tests one mailbox at once, both directions', async () => {
    await useDefaults();
    const { result, notes } = await room.done({ type: 'ApplyDefaultEmailSettings', mailboxIds: [ada] });
    expect([result.runId, notes]).toEqual([null, []]);
    expect(result.mailboxes[0]?.notes.map(({ key }) => key)).toEqual(['note.TestStarted']);
    expect((await room.history()).at(-1)).toMatchObject({
      type: 'MailboxTestRequested',
      data: {
        mailboxId: ada,
        testId: result.mailboxes[0]?.testId,
        runId: null,
        channels: ['incoming', 'outgoing'],
        trigger: 'bulk',
        thisOrganizationOnly: false,
      },
    });
  });

  test('tests several as a run, both directions', async () => {
    await useDefaults();
    const { result } = await room.done({ type: 'ApplyDefaultEmailSettings', mailboxIds: [ada, bob] });
    expect((await room.history()).at(-1)).toMatchObject({
      type: 'TestRunRequested',
      data: { runId: result.runId, profileId: null, channels: ['incoming', 'outgoing'], thisOrganizationOnly: false },
    });
    const runId = TestRunId.orThrow(result.runId ?? '');
    expect(result.mailboxes.map(({ testId }) => testId)).toEqual(
      [ada, bob].map((id) => testIdOfRun(runId, MailboxId.orThrow(id))),
    );
  });

  test('that finds everything as it should be and is not to test says so', async () => {
    await useDefaults();
    const command = { type: 'ApplyDefaultEmailSettings', mailboxIds: [ada, bob], testAndEnable: false } as const;
    await room.done(command);
    const types = await writtenBy(async () => {
      const { result } = await room.done(command);
      expect(result.mailboxes.map(({ outcome, text }) => [outcome, text.key])).toEqual([
        ['unchanged', 'note.Unchanged'],
        ['unchanged', 'note.Unchanged'],
      ]);
      expect(result.runId).toBeNull();
    });
    expect(types).toEqual([]);
  });
});
