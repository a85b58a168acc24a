import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import type { DomainEvent } from '../../kernel/events.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { type FailingCalls, failingCalls } from '../../testing/failing-calls.ts';
import { type CommandType, commandTypes } from '../commands/command.ts';
import type { Outcome } from './outcome.ts';

interface Given {
  readonly room: InMemoryMailroom;
  readonly profileId: string;
  readonly otherProfileId: string;
  /** With an address, credentials and both channels. */
  readonly ada: string;
  readonly bob: string;
}
type Command = Readonly<Record<string, unknown>>;

const commandId = derivedId('command', 'interrupted');
const runCommandId = derivedId('command', 'run');

const eve = {
  type: 'RegisterMailbox',
  kind: 'user',
  regardingId: 'eve',
  name: 'Eve',
  address: 'eve@example.org',
} as const;

/** Two profiles, two mailboxes with all that a mailbox can have, defaults. */
const prepare = async (): Promise<Given> => {
  const room = inMemoryMailroom();
  const profile = {
    type: 'CreateProfile',
    name: 'Support',
    serverType: 'imap-smtp',
    incoming: { host: 'mail.example.org' },
    outgoing: { host: 'mail.example.org', credentials: 'profile' },
    sameSettingsForOutgoing: false,
  } as const;
  const { profileId } = (await room.done(profile)).result;
  const { profileId: otherProfileId } = (await room.done({ ...profile, name: 'Sales' })).result;
  await room.done({ type: 'SetProfileCredentials', profileId, userName: 'service', password: 'service-secret' });
  await room.done({
    type: 'ConfigureEmailSettings',
    defaultProfileId: otherProfileId,
    incoming: 'serverSide',
    outgoing: 'serverSide',
  });
  const register = async (name: string): Promise<string> => {
    const { mailboxId } = (
      await room.done({
        type: 'RegisterMailbox',
        kind: 'user',
        regardingId: name,
        name,
        address: `${name}@example.org`,
        profileId,
        incoming: 'serverSide',
        outgoing: 'serverSide',
      })
    ).result;
    await room.done({ type: 'SetMailboxCredentials', mailboxId, userName: name, password: `secret of ${name}` });
    return mailboxId;
  };
  return { room, profileId, otherProfileId, ada: await register('ada'), bob: await register('bob') };
};

/** Made once; each try begins with it, and goes its own way. */
let prepared: Promise<Given> | undefined;
const given = async (wraps: Partial<FailingCalls['wraps']> = {}): Promise<Given> => {
  const before = await (prepared ??= prepare());
  return { ...before, room: inMemoryMailroom({ ...wraps, after: before.room }) };
};

/** For each command one that has as much to do as there can be. */
const commands: Readonly<Record<CommandType, (given: Given) => Command | Promise<Command>>> = {
  CreateProfile: () => ({ name: 'New', serverType: 'pop3-smtp', incoming: { host: 'new.example.org', port: 443 } }),
  ChangeProfile: ({ profileId }) => ({ profileId, name: 'Changed', outgoing: { host: 'moved.example.org' } }),
  SetProfileCredentials: ({ profileId }) => ({ profileId, userName: 'other', password: 'other-secret' }),
  ClearProfileCredentials: ({ profileId }) => ({ profileId, channel: 'outgoing' }),
  CloneProfile: ({ profileId }) => ({ profileId, moveMailboxes: true }),
  ChangeProfileOwner: ({ profileId }) => ({ profileId, owner: { kind: 'team', id: 'desk' } }),
  ActivateProfile: async ({ room, profileId }) => {
    await room.done({ type: 'DeactivateProfile', profileId });
    return { profileId };
  },
  DeactivateProfile: ({ profileId }) => ({ profileId }),
  DeleteProfile: ({ profileId }) => ({ profileId, force: true }),
  ConfigureEmailSettings: ({ profileId }) => ({ defaultProfileId: profileId, act: 'serverSide' }),
  DismissAlert: () => ({ alertKey: null }),
  RegisterMailbox: () => eve,
  SetMailboxCredentials: ({ ada }) => ({ mailboxId: ada, userName: 'ada', password: 'new-secret' }),
  ClearMailboxCredentials: ({ ada }) => ({ mailboxId: ada }),
  ChangeMailboxAddress: ({ ada }) => ({ mailboxId: ada, address: 'lovelace@example.org' }),
  RenameMailbox: ({ ada }) => ({ mailboxId: ada, name: 'Countess' }),
  ChangeMailboxOwner: ({ ada }) => ({ mailboxId: ada, owner: { kind: 'team', id: 'desk' } }),
  SetMailboxProcessingStart: ({ ada }) => ({ mailboxId: ada, processEmailFrom: '2025-06-01T00:00:00.000Z' }),
  ActivateMailbox: async ({ room, ada }) => {
    await room.done({ type: 'DeactivateMailbox', mailboxId: ada });
    return { mailboxId: ada };
  },
  DeactivateMailbox: ({ ada }) => ({ mailboxId: ada }),
  ApplyDefaultEmailSettings: ({ ada, bob }) => ({ mailboxIds: [ada, bob] }),
  EditMailboxes: ({ ada, bob, otherProfileId }) => ({
    mailboxIds: [ada, bob],
    profileId: otherProfileId,
    incoming: 'none',
  }),
  ApproveMailbox: ({ ada, bob }) => ({ mailboxIds: [ada, bob] }),
  RejectMailbox: ({ ada, bob }) => ({ mailboxIds: [ada, bob] }),
  TestAndEnable: ({ profileId }) => ({ profileId }),
  ResumeAfterIncident: ({ profileId }) => ({ profileId }),
  CancelTest: async ({ room, ada, bob }) => {
    const { result } = await room.done({ type: 'TestAndEnable', mailboxIds: [ada, bob] }, { commandId: runCommandId });
    return { runId: result.runId };
  },
  RecordAuditExport: () => ({ format: 'csv', lines: 12 }),
  ErasePerson: () => ({ kind: 'user', id: 'ada' }),
};

/** Other ways through the same commands. */
const more: Readonly<Record<string, (given: Given) => Command | Promise<Command>>> = {
  'RegisterMailbox of a forward mailbox': ({ profileId }) => ({
    type: 'RegisterMailbox',
    kind: 'forward',
    name: 'In',
    address: 'in@example.org',
    profileId,
    incoming: 'serverSide',
  }),
  'ApplyDefaultEmailSettings to one': ({ ada }) => ({ type: 'ApplyDefaultEmailSettings', mailboxIds: [ada] }),
  'TestAndEnable of one': ({ ada }) => ({ type: 'TestAndEnable', mailboxIds: [ada] }),
  'CancelTest of mailboxes': async ({ room, ada }) => {
    await room.done({ type: 'TestAndEnable', mailboxIds: [ada] });
    return { type: 'CancelTest', mailboxIds: [ada] };
  },
  'ChangeMailboxAddress to none': ({ ada }) => ({ type: 'ChangeMailboxAddress', mailboxId: ada, address: null }),
  'ChangeMailboxAddress to one that was given back': async ({ room, ada, bob }) => {
    await room.done({ type: 'ChangeMailboxAddress', mailboxId: bob, address: null });
    return { type: 'ChangeMailboxAddress', mailboxId: ada, address: 'bob@example.org' };
  },
  'ErasePerson of a profile': ({ profileId }) => ({ type: 'ErasePerson', kind: 'profile', id: profileId }),
};

const cases = [
  ...commandTypes.map(
    (type) => [type, async (world: Given): Promise<Command> => ({ ...(await commands[type](world)), type })] as const,
  ),
  ...Object.entries(more),
];

const ask = ({ mailroom }: InMemoryMailroom, command: Command) =>
  mailroom.as(actorOf()).executeUnknown(command, { commandId });

/** What was written since, stored, and answered. The mailboxes of a bulk are written in any order. */
interface End {
  readonly outcome: Outcome<unknown>;
  readonly written: ReadonlyMap<unknown, readonly DomainEvent[]>;
  readonly stored: readonly string[];
}

const storedIn = async (room: InMemoryMailroom): Promise<readonly string[]> => {
  const references = await room.vault.references()();
  if (E.isLeft(references)) throw new Error(references.left._tag);
  return references.right.map(({ id, version }) => `${id} ${version}`).sort();
};
const byMailbox = (events: readonly DomainEvent[]): ReadonlyMap<unknown, readonly DomainEvent[]> => {
  const found = new Map<unknown, readonly DomainEvent[]>();
  for (const event of events) {
    const { mailboxId } = event.data as { mailboxId?: unknown };
    found.set(mailboxId, [...(found.get(mailboxId) ?? []), event]);
  }
  return found;
};
const endOf = async (room: InMemoryMailroom, before: number, outcome: Outcome<unknown>): Promise<End> => ({
  outcome,
  written: byMailbox((await room.history()).slice(before)),
  stored: await storedIn(room),
});

/** A command in a world where all goes well. */
const undisturbed = async (commandIn: (given: Given) => Command | Promise<Command>): Promise<End> => {
  const world = await given();
  const command = await commandIn(world);
  const before = (await world.room.history()).length;
  const answer = await ask(world.room, command);
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return endOf(world.room, before, answer.right);
};

/** More calls than any of the commands makes. */
const most = 60;

interface OfMailbox {
  readonly mailboxId: string;
}
/**
 * What a bulk command tells of a mailbox that it had changed before it was interrupted leaves out the values that were
 * there before: nobody can look them up any more. Those that had been moved come first.
 */
const lasting = (result: unknown): unknown => {
  const { mailboxes = [], ...rest } = result as { mailboxes?: readonly OfMailbox[] };
  const sorted = [...mailboxes].sort((one, other) => (one.mailboxId < other.mailboxId ? -1 : 1));
  return { ...rest, mailboxes: sorted.map((one) => ({ ...one, changes: null, losesSuccess: null })) };
};

/** What is turned down, and why. */
const turnedDown: readonly (readonly [rejection: string, (given: Given) => Command])[] = [
  ['AddressTaken', () => ({ ...eve, address: 'ada@example.org' })],
  ['AddressTaken', ({ bob }) => ({ type: 'ChangeMailboxAddress', mailboxId: bob, address: 'ada@example.org' })],
  ['ProfileNotFound', ({ ada }) => ({ ...eve, profileId: ada })],
  ['ProfileNotFound', ({ ada }) => ({ type: 'EditMailboxes', mailboxIds: [ada], profileId: ada })],
  ['ProfileHasMailboxes', ({ profileId }) => ({ type: 'DeleteProfile', profileId })],
  ['ProfileIsDefault', ({ otherProfileId }) => ({ type: 'DeleteProfile', profileId: otherProfileId, force: true })],
  ['DefaultProfileNotFound', ({ ada }) => ({ type: 'ConfigureEmailSettings', defaultProfileId: ada })],
  ['PersonNotFound', () => ({ type: 'ErasePerson', kind: 'user', id: 'nobody' })],
  ['MailboxNotFound', ({ profileId }) => ({ type: 'ClearMailboxCredentials', mailboxId: profileId })],
];

describe('what is turned down', () => {
  test.each(turnedDown)(
    '%s: or answers with the call that failed; and leaves nothing',
    async (rejection, commandIn) => {
      for (let n = 1; ; n++) {
        expect(n).toBeLessThan(most);
        const calls = failingCalls();
        const world = await given(calls.wraps);
        const before = [await world.room.history(), await storedIn(world.room)];
        calls.failAt(n);
        const answer = await ask(world.room, commandIn(world));
        const failed = calls.failed();
        calls.failAt(Infinity);
        if (failed === null) expect(answer).toMatchObject(E.left({ _tag: rejection }));
        else expect(answer).toEqual(E.left(failed.failure));
        expect([await world.room.history(), await storedIn(world.room)]).toEqual(before);
        if (failed === null) return;
      }
    },
  );
});

describe.each(cases)('%s', (_, commandIn) => {
  test('whichever call fails, answers with that failure; a repeat brings it to the end that it has undisturbed', async () => {
    const expected = await undisturbed(commandIn);
    for (let n = 1; ; n++) {
      expect(n).toBeLessThan(most);
      const calls = failingCalls();
      const world = await given(calls.wraps);
      const command = await commandIn(world);
      const before = (await world.room.history()).length;
      calls.failAt(n);
      const first = await ask(world.room, command);
      const failed = calls.failed();
      calls.failAt(Infinity);
      if (failed === null) {
        expect(n).toBeGreaterThan(1);
        return;
      }
      // What could not be removed waits for the clean-up, and is nobody's trouble.
      const isLeftBehind = failed.name === 'remove';
      if (isLeftBehind) expect(first).toMatchObject(E.right({ result: expected.outcome.result }));
      else expect(first).toEqual(E.left(failed.failure));

      // By the same process, which remembers, and by another, which does not.
      const again = await ask(n % 2 === 0 ? world.room : world.room.anotherProcess(), command);
      if (E.isLeft(again)) throw new Error(`${failed.name}, call ${n}: ${JSON.stringify(again.left)}`);
      const { outcome, written, stored } = await endOf(world.room, before, again.right);
      expect(written, `${failed.name}, call ${n}`).toEqual(expected.written);
      expect(lasting(outcome.result), `${failed.name}, call ${n}`).toEqual(lasting(expected.outcome.result));
      expect(outcome.notes).toEqual(expected.outcome.notes);
      if (isLeftBehind) expect(stored).toEqual(expect.arrayContaining([...expected.stored]));
      else expect(stored, `${failed.name}, call ${n}`).toEqual(expected.stored);
    }
  });

  test('comes to the same end when the answer of each append is lost', async () => {
    const expected = await undisturbed(commandIn);
    const calls = failingCalls();
    const world = await given(calls.wraps);
    const command = await commandIn(world);
    const before = (await world.room.history()).length;
    calls.loseAnswers(true);
    const answer = await ask(world.room, command);
    if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
    expect(await endOf(world.room, before, answer.right)).toEqual(expected);
  });
});
