import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { derivedId } from '../kernel/derived-id.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../testing/acting.ts';
import { actorOf } from '../testing/contexts.ts';
import { runsOf } from '../testing/test-size.ts';
import * as Mailbox from '../mailbox/index.ts';
import { mailboxIdOf } from '../values/index.ts';

const organizations = ['org-1', 'org-2'] as const;
const people = ['ada', 'bob', 'eve'] as const;
const secret = 'correct-horse-battery-staple';
const addresses = ['one@private.example', 'two@private.example', 'ONE@private.example'] as const;
const hosts = ['mail.example.org', 'other.example.net'] as const;

const profileIdOf = (organization: string): string =>
  derivedId('profile', organization, derivedId('command', 'profile', organization));
const person = fc.constantFrom(...people);
const address = fc.option(fc.constantFrom(...addresses), { freq: 5 });
const mailboxes = fc.tuple(fc.constantFrom(...organizations), fc.uniqueArray(person, { minLength: 1 }));

/** A command that may well be refused: of a mailbox that is not there, of another organization, with a taken address. */
const input = fc.oneof(
  fc.record({
    type: fc.constant('RegisterMailbox'),
    kind: fc.constant('user'),
    regardingId: person,
    name: person,
    address,
  }),
  fc.record({
    type: fc.constantFrom('ApproveMailbox', 'RejectMailbox', 'TestAndEnable', 'ApplyDefaultEmailSettings'),
    of: mailboxes,
  }),
  fc.record({ type: fc.constant('ChangeMailboxAddress'), of: mailboxes, address }),
  fc.record({
    type: fc.constantFrom('ActivateMailbox', 'DeactivateMailbox', 'ClearMailboxCredentials'),
    of: mailboxes,
  }),
  fc.record({
    type: fc.constant('SetMailboxCredentials'),
    of: mailboxes,
    userName: fc.constantFrom(...addresses),
    password: fc.constant(secret),
  }),
  fc.record({
    type: fc.constant('EditMailboxes'),
    of: mailboxes,
    incoming: fc.constantFrom('none', 'serverSide', 'outlook'),
  }),
  fc.record({ type: fc.constant('EditMailboxes'), of: mailboxes, profileOf: fc.constantFrom(...organizations) }),
  fc.record({
    type: fc.constant('ChangeProfile'),
    profileOf: fc.constantFrom(...organizations),
    incoming: fc.record({ host: fc.constantFrom(...hosts) }),
  }),
  fc.record({ type: fc.constant('ErasePerson'), kind: fc.constant('user'), id: person }),
  fc.record({
    type: fc.constant('SetProfileCredentials'),
    profileOf: fc.constantFrom(...organizations),
    userName: fc.constantFrom(...addresses),
    password: fc.constant(secret),
  }),
);
/** Now and then by somebody who may do nothing: that is refused, and the refusal is kept. */
const mayAct = fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });
const asked = fc.record({ organization: fc.constantFrom(...organizations), input, repeat: fc.boolean(), mayAct });

type Input = Readonly<Record<string, unknown>> & { readonly type: string };
const single = [
  'ChangeMailboxAddress',
  'ActivateMailbox',
  'DeactivateMailbox',
  'ClearMailboxCredentials',
  'SetMailboxCredentials',
];

const commandOf = ({ of, profileOf, ...rest }: Input): Input => {
  const command: Record<string, unknown> & { type: string } = { ...rest };
  if (of !== undefined) {
    const [organization, names] = of as [string, readonly string[]];
    const ids = names.map((name) => mailboxIdOf(organization, 'user', name));
    if (single.includes(command.type)) command['mailboxId'] = ids[0];
    else command['mailboxIds'] = ids;
  }
  if (profileOf !== undefined) command['profileId'] = profileIdOf(profileOf as string);
  return command;
};

/** Two organizations, each with a profile and defaults, and whatever happens to them. */
const lived = async (steps: readonly { organization: string; input: object; repeat: boolean; mayAct: boolean }[]) => {
  const room = inMemoryMailroom();
  for (const organization of organizations) {
    const actor = actorOf({ organization });
    const { profileId } = (
      await room.done(
        {
          type: 'CreateProfile',
          name: organization,
          serverType: 'imap-smtp',
          incoming: { host: hosts[0], credentials: 'profile' },
        },
        { actor, commandId: derivedId('command', 'profile', organization) },
      )
    ).result;
    await room.done({ type: 'ConfigureEmailSettings', defaultProfileId: profileId, incoming: 'serverSide' }, { actor });
  }
  for (const [index, step] of steps.entries()) {
    const options = { commandId: derivedId('command', String(index)) };
    const acting = room.mailroom.as(
      actorOf({ organization: step.organization, ...(step.mayAct ? {} : { id: 'clerk', privileges: [] }) }),
    );
    const command = commandOf(step.input as Input);
    const first = await acting.executeUnknown(command, options);
    if (E.isLeft(first)) expect(first.left._tag).not.toBe('InvalidCommand');
    if (step.repeat && E.isRight(first)) await repeated(room, () => acting.executeUnknown(command, options));
  }
  return room;
};

/** An accepted command that is repeated writes nothing. */
const repeated = async (room: InMemoryMailroom, repeat: () => Promise<E.Either<unknown, unknown>>): Promise<void> => {
  const before = await room.history();
  expect(E.isRight(await repeat())).toBe(true);
  expect(await room.history()).toEqual(before);
};

const whatever = (look: (room: InMemoryMailroom) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(asked, { maxLength: 15 }), async (steps) => look(await lived(steps))),
    { numRuns: runsOf({ small: 60, ci: 200, full: 2000 }) },
  );

test('whatever is asked: accepted once, repeated without effect, and no event holds a secret or a name in clear', () =>
  whatever(async ({ plain }) => {
    const stored: unknown[] = [];
    for await (const batch of plain.readAll()) stored.push(batch);
    const text = JSON.stringify(stored);
    expect(text).not.toContain(secret);
    expect(text.toLowerCase()).not.toContain('private.example');
  }));

test('whatever is asked: each event of a stream is the doing of the organization the stream belongs to', () =>
  whatever(async ({ plain }) => {
    const owner = new Map<string, string>();
    for await (const batch of plain.readAll()) {
      if (E.isLeft(batch)) throw new Error(batch.left._tag);
      for (const { stream, metadata, data } of batch.right) {
        const first = owner.get(stream) ?? metadata.organizationId;
        owner.set(stream, first);
        expect(metadata.organizationId).toBe(first);
        if ('organizationId' in data) expect(data['organizationId']).toBe(first);
        if (typeof data['profileId'] === 'string') expect(data['profileId']).toBe(profileIdOf(first));
      }
    }
  }));

test('whatever is asked: no two mailboxes of an organization have one address', () =>
  whatever(async ({ repository }) => {
    for (const organization of organizations) {
      const held: string[] = [];
      for (const name of people) {
        const loaded = await repository.load(
          Mailbox.aggregate,
          Mailbox.streamOf(mailboxIdOf(organization, 'user', name)),
        )();
        if (E.isLeft(loaded)) throw new Error(loaded.left._tag);
        const { state } = loaded.right;
        if (state._tag === 'Registered' && state.address !== null) held.push(state.address.toLowerCase());
      }
      expect(new Set(held).size).toBe(held.length);
    }
  }));

test('whatever is asked: a process that starts now knows what the one that decided it knows', () =>
  whatever(async (room) => {
    const fresh = room.anotherProcess();
    for (const organization of organizations) {
      for (const name of people) {
        const stream = Mailbox.streamOf(mailboxIdOf(organization, 'user', name));
        const live = await room.repository.load(Mailbox.aggregate, stream)();
        expect(await fresh.repository.load(Mailbox.aggregate, stream)()).toEqual(live);
      }
    }
  }));
