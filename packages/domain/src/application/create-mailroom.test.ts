import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Privilege } from '../kernel/command.ts';
import { derivedId } from '../kernel/derived-id.ts';
import { findingsOf } from '../kernel/rejection.ts';
import type { EventStore } from '../kernel/event-store.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../testing/acting.ts';
import { actorOf } from '../testing/contexts.ts';
import { commandTable, type CommandType, commandTypes } from './commands/command.ts';
import type { ExecuteOptions } from './create-mailroom.ts';
import type { QueryFailure } from './ports/index.ts';
import type { BulkResult } from './use-cases/run-bulk.ts';
import { isRejection, type Refusal } from './use-cases/outcome.ts';

const id = derivedId('anything');
const commandId = (name: string): string => derivedId('command', name);
const profile = {
  type: 'CreateProfile',
  name: 'Support',
  serverType: 'imap-smtp',
  incoming: { host: 'mail.example.org' },
  outgoing: { host: 'smtp.example.org' },
} as const;
const ada = {
  type: 'RegisterMailbox',
  kind: 'user',
  regardingId: 'ada',
  name: 'Ada',
  address: 'ada@example.org',
} as const;

/** One command of each type, well formed. */
const samples: Readonly<Record<CommandType, Readonly<Record<string, unknown>>>> = {
  CreateProfile: profile,
  ChangeProfile: { profileId: id },
  SetProfileCredentials: { profileId: id, userName: 'service', password: 'pw' },
  ClearProfileCredentials: { profileId: id, channel: 'incoming' },
  CloneProfile: { profileId: id },
  ChangeProfileOwner: { profileId: id, owner: { kind: 'team', id: 'team-1' } },
  ActivateProfile: { profileId: id },
  DeactivateProfile: { profileId: id },
  DeleteProfile: { profileId: id },
  ConfigureEmailSettings: { alertErrors: false },
  DismissAlert: { alertKey: 'x' },
  RegisterMailbox: ada,
  SetMailboxCredentials: { mailboxId: id, userName: 'ada', password: 'pw' },
  ClearMailboxCredentials: { mailboxId: id },
  ChangeMailboxAddress: { mailboxId: id, address: null },
  RenameMailbox: { mailboxId: id, name: 'Ada' },
  ChangeMailboxOwner: { mailboxId: id, owner: { kind: 'user', id: 'bob' } },
  SetMailboxProcessingStart: { mailboxId: id, processEmailFrom: null },
  ActivateMailbox: { mailboxId: id },
  DeactivateMailbox: { mailboxId: id },
  ApplyDefaultEmailSettings: { mailboxIds: [id] },
  EditMailboxes: { mailboxIds: [id], incoming: 'none' },
  ApproveMailbox: { mailboxIds: [id] },
  RejectMailbox: { mailboxIds: [id] },
  TestAndEnable: { profileId: id },
  ResumeAfterIncident: { profileId: id },
  CancelTest: { mailboxIds: [id] },
  RecordAuditExport: { format: 'csv', lines: 3 },
  ErasePerson: { kind: 'user', id: 'nobody' },
};

const missing = (refusal: Refusal): readonly unknown[] =>
  isRejection(refusal) ? findingsOf(refusal).map(({ text }) => text.params['privilege']) : [];

describe('privileges', () => {
  const needing = commandTypes.filter((type) => commandTable[type].needs.length > 0);

  test.each(needing)('%s without any says which are missing, and leaves nothing but a word of it', async (type) => {
    const { mailroom, history } = inMemoryMailroom();
    const actor = actorOf({ privileges: [] });
    const answer = await mailroom.as(actor).executeUnknown({ ...samples[type], type });
    // What owners may do with their own is turned down mailbox by mailbox.
    const refusal = E.isLeft(answer) ? answer.left : (answer.right.result as BulkResult).mailboxes[0]?.rejection;
    expect(refusal?._tag).toBe('PrivilegeMissing');
    expect(refusal && missing(refusal)).toEqual(commandTable[type].needs);
    expect((await history()).map((event) => event.type)).toEqual(['AccessRefused']);
  });

  test('moving the mailboxes of a profile needs those of editing them too', async () => {
    const { refused } = inMemoryMailroom();
    const actor = actorOf({ privileges: ['profiles.write'] });
    const refusal = await refused({ type: 'CloneProfile', profileId: id, moveMailboxes: true }, { actor });
    expect(missing(refusal)).toEqual(['mailboxes.read', 'mailboxes.write']);
  });

  test.each(needing)('%s with just those it needs is not refused for want of any', async (type) => {
    const { mailroom } = inMemoryMailroom();
    const privileges: readonly Privilege[] = commandTable[type].needs;
    const answer = await mailroom.as(actorOf({ privileges })).executeUnknown({ ...samples[type], type });
    expect(JSON.stringify(answer)).not.toContain('PrivilegeMissing');
  });

  test('nobody needs any for the own wall', async () => {
    const { done } = inMemoryMailroom();
    const { result } = await done({ type: 'DismissAlert', alertKey: 'x' }, { actor: actorOf({ privileges: [] }) });
    expect(result).toEqual({ alertKey: 'x' });
  });
});

describe('credentials over an insecure channel', () => {
  const given = async (allowCredentialsOverInsecureChannel: boolean) => {
    const room = inMemoryMailroom({ deployment: { allowCredentialsOverInsecureChannel } });
    const { profileId } = (await room.done({ ...profile, incoming: { ...profile.incoming, credentials: 'profile' } }))
      .result;
    const { mailboxId } = (await room.done({ ...ada, profileId })).result;
    const insecure = room.mailroom.as(actorOf(), { secureChannel: false });
    const commands = [
      { type: 'SetProfileCredentials', profileId, userName: 'service', password: 'secret-1' },
      { type: 'SetMailboxCredentials', mailboxId, userName: 'ada', password: 'secret-2' },
    ];
    return { ...room, insecure, commands };
  };

  test('are refused, as a host is told in advance, and leave nothing in the vault', async () => {
    const { insecure, commands, vault } = await given(false);
    expect(insecure.canEnterCredentials()?.sentence).toContain('HTTPS');
    for (const command of commands) {
      const answer = await insecure.executeUnknown(command);
      expect(E.isLeft(answer) && answer.left._tag).toBe('CredentialsOverInsecureChannel');
    }
    expect(await vault.references()()).toEqual(E.right([]));
  });

  test('are taken where the deployment allows it', async () => {
    const { insecure, commands } = await given(true);
    expect(insecure.canEnterCredentials()).toBeNull();
    for (const command of commands) expect(E.isRight(await insecure.executeUnknown(command))).toBe(true);
  });

  test('secure channels are always welcome', () =>
    expect(inMemoryMailroom().mailroom.as(actorOf()).canEnterCredentials()).toBeNull());
});

describe('repeating', () => {
  test('a command gives the first outcome, and writes nothing', async () => {
    const { done, history, anotherProcess } = inMemoryMailroom();
    const options = { commandId: commandId('create') };
    const first = await done(profile, options);
    const before = await history();
    expect(await done(profile, options)).toEqual({ ...first, duplicate: true });
    expect(await anotherProcess().done(profile, options)).toEqual({ ...first, duplicate: true });
    expect(await history()).toEqual(before);
    expect((await done(profile)).result).not.toEqual(first.result);
  });

  test.each([
    '',
    'x',
    `${id}0`,
    `x${id}`,
    id.slice(1),
    id.slice(0, -1),
    id.replace('-', '0'),
    id.replaceAll('-', ''),
    id.toUpperCase(),
    `g${id.slice(1)}`,
    `${id}\n`,
  ])('an id that is none is told: %j', async (none) => {
    const { refused, history } = inMemoryMailroom();
    expect(await refused(profile, { commandId: none })).toMatchObject({
      field: 'commandId',
      text: { sentence: 'commandId: expected a UUID in lower case.' },
    });
    expect(await history()).toEqual([]);
  });
});

describe('what is written says where it comes from', () => {
  const metadataOf = async (options: ExecuteOptions): Promise<unknown> => {
    const { done, plain } = inMemoryMailroom();
    await done(profile, options);
    for await (const batch of plain.readAll()) if (E.isRight(batch)) return batch.right[0]?.metadata;
    return null;
  };
  const known = { actorId: 'admin', actorKind: 'person', organizationId: 'org-1', command: 'CreateProfile' };

  test('from the command itself, where nothing else is said', async () =>
    expect(await metadataOf({ commandId: id })).toEqual({
      ...known,
      commandId: id,
      correlationId: id,
      causationId: id,
    }));

  test('from what the host says', async () => {
    const origin = { commandId: id, correlationId: commandId('a'), causationId: commandId('b'), traceparent: '00-1-2' };
    expect(await metadataOf(origin)).toEqual({ ...known, ...origin });
  });
});

describe('asking a view', () => {
  const asked: unknown[] = [];
  /** A Mailroom whose views give this answer. */
  const answering = (answer: unknown, wrap?: (store: EventStore) => EventStore) =>
    inMemoryMailroom({
      queries: {
        find: async (...question: readonly unknown[]) => {
          asked.push(question);
          return answer as E.Either<QueryFailure, never>;
        },
      },
      ...(wrap === undefined ? {} : { wrap }),
    });
  const missingRight = E.left({ _tag: 'PrivilegeMissing', problem: 'It needs it.', privilege: 'mailboxes.read' });
  const clerk = actorOf({ id: 'clerk', privileges: [] });
  const find = ({ mailroom }: InMemoryMailroom, ...question: readonly unknown[]): Promise<unknown> =>
    (mailroom.as(clerk).find as (...given: readonly unknown[]) => Promise<unknown>)(...question);

  test('is asking in the name of the actor, and its answer is given as it is', async () => {
    const page = E.right({ rows: [1], next: null, total: 1, position: null });
    const room = answering(page);
    expect(await find(room, 'mailboxes', { limit: 3 })).toBe(page);
    expect(await find(room, 'alerts')).toBe(page);
    expect(asked.splice(0)).toEqual([
      ['mailboxes', clerk, { limit: 3 }],
      ['alerts', clerk, {}],
    ]);
    expect(await room.history()).toEqual([]);
  });

  test('without the privilege is kept for the audit trail', async () => {
    const room = answering(missingRight);
    expect(await find(room, 'mailboxes')).toBe(missingRight);
    expect(await room.history()).toEqual([
      {
        type: 'AccessRefused',
        data: {
          organizationId: 'org-1',
          principalId: 'clerk',
          wanted: 'The view mailboxes',
          reason: 'privilegeMissing',
          privileges: ['mailboxes.read'],
          recordId: null,
          refusedAt: room.clock.now(),
        },
      },
    ]);
  });

  test('without the privilege is refused also where that cannot be kept', async () => {
    const room = answering(missingRight, (store) => ({
      ...store,
      append: () => async () => E.left({ _tag: 'StoreRefused', reason: 'accessDenied', problem: 'read only' }),
    }));
    expect(await find(room, 'mailboxes')).toBe(missingRight);
  });

  test('that does not answer is no refusal of access', async () => {
    const failed = E.left({ _tag: 'NotReached', problem: 'The view is behind.' });
    const room = answering(failed);
    expect(await find(room, 'mailboxes')).toBe(failed);
    expect(await room.history()).toEqual([]);
  });
});

test('what belongs to another organization is answered as if it did not exist', async () => {
  const { done, mailroom } = inMemoryMailroom();
  const { profileId } = (await done(profile)).result;
  const { mailboxId } = (await done({ ...ada, profileId })).result;
  const stranger = mailroom.as(actorOf({ organization: 'org-2' }));

  for (const type of commandTypes) {
    const real = { ...samples[type], type } as Record<string, unknown>;
    if (!('profileId' in real) && !('mailboxId' in real) && !('mailboxIds' in real)) continue;
    const invented = { ...real };
    if ('profileId' in real) real['profileId'] = profileId;
    if ('mailboxId' in real) real['mailboxId'] = mailboxId;
    if ('mailboxIds' in real) real['mailboxIds'] = [mailboxId];
    const options = { commandId: commandId(type) };
    const toReal = JSON.stringify(await stranger.executeUnknown(real, options));
    const toInvented = JSON.stringify(await stranger.executeUnknown(invented, options));
    const idless = (text: string) => text.replaceAll(profileId, id).replaceAll(mailboxId, id);
    expect(idless(toReal)).toBe(toInvented);
    expect(toReal).toMatch(/NotFound|DefaultsMissing/);
  }
  const taken = { ...ada, kind: 'queue', regardingId: 'q', profileId } as const;
  expect(await stranger.execute<'RegisterMailbox'>(taken)).toMatchObject({ left: { _tag: 'ProfileNotFound' } });
  expect(await stranger.execute({ type: 'ConfigureEmailSettings', defaultProfileId: profileId })).toMatchObject({
    left: { _tag: 'DefaultProfileNotFound' },
  });
});
