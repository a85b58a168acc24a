import * as assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import {
  type CarryOutEnvironment,
  type CheckActivity,
  type Executor,
  executor,
} from '../application/carry-out/index.ts';
import { profileFactsOf } from '../application/profile-facts.ts';
import type { SecretOwner, TokenProvider } from '../application/ports/index.ts';
import type { AnyCommand, Aggregate } from '../kernel/aggregate.ts';
import { PrincipalId } from '../kernel/command.ts';
import type { DomainEvent } from '../kernel/events.ts';
import { type Repository, repository } from '../kernel/execute.ts';
import * as Mailbox from '../mailbox/index.ts';
import * as Profile from '../profile/index.ts';
import { defaultDeployment, type DeploymentPolicy } from '../settings/deployment.ts';
import {
  derivedId,
  EmailAddress,
  Host,
  type MailboxId,
  type MailChannel,
  mailboxIdOf,
  Name,
  personIdOf,
  type ProfileId,
  Secret,
  UserName,
} from '../values/index.ts';
import { type InMemoryEventStore, inMemoryEventStore } from './in-memory-event-store.ts';
import { type MemoryVault, memoryVault } from './memory-vault.ts';
import { type OwedNow, owedIn, settle } from './policy-driver.ts';
import { contextOf, organizationId, profileId, testId } from './sample-mailbox.ts';
import { type ScriptedProbe, scriptedProbe } from './scripted-probe.ts';

/** Aggregates on a store in memory, policies, a scripted probe, and a clock that stands still until it is moved. */
export interface TestWorld {
  readonly store: InMemoryEventStore;
  readonly repository: Repository;
  readonly vault: MemoryVault;
  readonly probe: ScriptedProbe;
  readonly activity: readonly CheckActivity[];
  readonly executor: Executor;
  readonly now: () => Date;
  readonly pass: (seconds: number) => void;
  readonly do: <Command extends AnyCommand, Event extends DomainEvent, State, Rejection>(
    aggregate: Aggregate<Command, Event, State, Rejection>,
    command: Command,
  ) => Promise<readonly Event[]>;
  readonly mailboxOf: (user: string) => MailboxId;
  readonly register: (user: string, changes?: Partial<Mailbox.RegisterMailbox>) => Promise<MailboxId>;
  readonly facts: (id?: ProfileId) => Promise<Mailbox.ProfileFacts>;
  readonly test: (user: string, name: string, changes?: Partial<Mailbox.RequestMailboxTest>) => Promise<void>;
  readonly mailbox: (user: string) => Promise<Mailbox.Registered>;
  readonly owed: () => Promise<readonly OwedNow[]>;
  readonly settle: () => Promise<void>;
}

export const rules: Profile.ProfileRules = defaultDeployment;

/** IMAP and SMTP on one host, each mailbox with credentials of its own. */
export const createProfile = (changes: Partial<Profile.CreateProfile> = {}): Profile.CreateProfile => ({
  type: 'CreateProfile',
  context: contextOf(),
  profileId,
  owner: { ownerKind: 'user', ownerId: PrincipalId.orThrow('grace') },
  name: Name.orThrow('Support'),
  description: null,
  serverType: 'imap-smtp',
  connection: {
    incoming: { host: Host.orThrow('mail.example.org') },
    outgoing: { host: Host.orThrow('mail.example.org') },
  },
  processing: {},
  rules,
  ...changes,
});

/** What was done, or the failure of the test. */
export const done = <Value>(result: E.Either<unknown, Value>): Value => {
  if (E.isLeft(result)) assert.fail(JSON.stringify(result.left));
  return result.right;
};

export const passwordOf = (user: string): string => `the password of ${user}`;

export const testWorld = (
  deployment: Partial<DeploymentPolicy> = {},
  alertMail?: CarryOutEnvironment['alertMail'],
  tokens?: TokenProvider,
): TestWorld => {
  let now = Date.UTC(2026, 0, 1, 9);
  const clock = { now: () => new Date(now) };
  const store = inMemoryEventStore(clock.now);
  const repo = repository({ store });
  const vault = memoryVault();
  const probe = scriptedProbe();
  const activity: CheckActivity[] = [];
  const work = executor({
    repository: repo,
    vault,
    probe,
    ...(tokens === undefined ? {} : { tokens }),
    clock,
    deployment: { ...defaultDeployment, ...deployment },
    onProgress: (one) => activity.push(one),
    pause: async (ms) => void (now += ms),
    ...(alertMail === undefined ? {} : { alertMail }),
  });

  const execute: TestWorld['do'] = async (aggregate, command) => {
    const at = clock.now();
    return done(await repo.execute(aggregate, { ...command, context: { ...command.context, at } })()).events;
  };
  const mailboxOf = (user: string): MailboxId => mailboxIdOf(organizationId, 'user', user);
  const facts = async (id: ProfileId = profileId): Promise<Mailbox.ProfileFacts> => {
    const loaded = await repo.load(Profile.aggregate, Profile.streamOf(id))();
    if (E.isLeft(loaded) || loaded.right.state._tag !== 'Existing') assert.fail('there is no such profile');
    return profileFactsOf(id, loaded.right.state);
  };

  return {
    store,
    repository: repo,
    vault,
    probe,
    activity,
    executor: work,
    now: clock.now,
    pass: (seconds) => {
      now += seconds * 1000;
    },
    do: execute,
    mailboxOf,
    facts,
    register: async (user, changes = {}) => {
      const mailboxId = mailboxOf(user);
      const person = PrincipalId.orThrow(user);
      const address = EmailAddress.orThrow(`${user}@example.org`);
      const profile = changes.profile === undefined ? await facts() : changes.profile;
      await execute(Mailbox.aggregate, {
        type: 'RegisterMailbox',
        context: contextOf(),
        mailboxId,
        personId: personIdOf(organizationId, 'user', user),
        kind: 'user',
        regardingId: person,
        ownerKind: 'user',
        ownerId: person,
        name: Name.orThrow(user),
        address,
        incoming: 'serverSide',
        outgoing: 'serverSide',
        act: 'none',
        ...changes,
        profile,
      });
      const ref = { id: derivedId('secret', user), version: 1 };
      const owner: SecretOwner = { organizationId, kind: 'mailbox', ownerId: mailboxId, field: 'password' };
      done(await vault.put(ref, owner, new Secret(passwordOf(user)))());
      await execute(Mailbox.aggregate, {
        type: 'SetMailboxCredentials',
        context: contextOf(),
        mailboxId,
        userName: UserName.orThrow(address),
        secret: ref,
        profile,
        insecureChannelAllowed: false,
      });
      return mailboxId;
    },
    test: async (user, name, changes = {}) => {
      const channels: readonly MailChannel[] = ['incoming', 'outgoing'];
      await execute(Mailbox.aggregate, {
        type: 'RequestMailboxTest',
        context: contextOf(),
        mailboxId: mailboxOf(user),
        testId: testId(`${user} ${name}`),
        runId: null,
        channels,
        trigger: 'person',
        thisOrganizationOnly: false,
        testMessage: false,
        profile: await facts(),
        ...changes,
      });
    },
    mailbox: async (user) => {
      const loaded = await repo.load(Mailbox.aggregate, Mailbox.streamOf(mailboxOf(user)))();
      if (E.isLeft(loaded) || loaded.right.state._tag !== 'Registered') assert.fail('there is no such mailbox');
      return loaded.right.state;
    },
    owed: () => owedIn(store),
    settle: () => settle(store, clock.now, (instruction) => work.carryOut(instruction)()),
  };
};
