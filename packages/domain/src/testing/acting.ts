import * as E from 'fp-ts/lib/Either.js';
import type { Actor } from '../kernel/command.ts';
import { derivedId } from '../kernel/derived-id.ts';
import type { DomainEvent } from '../kernel/events.ts';
import { eventFamily } from '../kernel/events.ts';
import type { EventStore } from '../kernel/event-store.ts';
import { repository, type Repository } from '../kernel/execute.ts';
import { createMailroom, type ExecuteOptions, type Mailroom } from '../application/create-mailroom.ts';
import type { CommandInput, CommandType } from '../application/commands/command.ts';
import { eventFamilies } from '../application/event-families.ts';
import type { ResultOf } from '../application/use-cases/handlers.ts';
import type { Outcome, Refusal } from '../application/use-cases/outcome.ts';
import type { Directory, MailProviders, Queries } from '../application/ports/index.ts';
import { protectPersonalData } from '../application/protect-personal-data.ts';
import { defaultDeployment, type DeploymentPolicy } from '../settings/deployment.ts';
import type { MailboxId } from '../values/index.ts';
import { actorOf } from './contexts.ts';
import { type InMemoryEventStore, inMemoryEventStore } from './in-memory-event-store.ts';
import { type MemoryVault, memoryVault } from './memory-vault.ts';

const everything = eventFamily(eventFamilies.flatMap(({ definitions }) => definitions));

/** A whole Mailroom in memory, for tests of use cases: commands, events, vault; views are folded when asked. */
export interface InMemoryMailroom {
  readonly mailroom: Mailroom<object>;
  readonly store: EventStore;
  /** The store as it is on disk: personal data sealed. */
  readonly plain: InMemoryEventStore;
  readonly vault: MemoryVault;
  readonly repository: Repository;
  readonly clock: { now: () => Date };
  /** Executes, and gives the outcome; throws with the sentence when it was refused. */
  readonly done: <Type extends CommandType>(
    command: CommandInput<Type> & { readonly type: Type },
    options?: ExecuteOptions & { readonly actor?: Actor },
  ) => Promise<Outcome<ResultOf<Type>>>;
  /** Executes, and gives the refusal; throws when it was accepted. */
  readonly refused: (
    command: unknown,
    options?: ExecuteOptions & { readonly actor?: Actor; readonly secureChannel?: boolean },
  ) => Promise<Refusal>;
  /** All events so far, decoded, in order. */
  readonly history: () => Promise<readonly DomainEvent[]>;
  /** Another process on the same store and vault. */
  readonly anotherProcess: () => InMemoryMailroom;
}

/** All events of a store. */
const eventsOf = async (store: EventStore): Promise<readonly DomainEvent[]> => {
  const events: DomainEvent[] = [];
  for await (const batch of store.readAll()) {
    if (E.isLeft(batch)) throw new Error(batch.left._tag);
    for (const recorded of batch.right) {
      const decoded = everything.decode(recorded);
      if (E.isLeft(decoded)) throw new Error(decoded.left.problems.join());
      events.push(decoded.right);
    }
  }
  return events;
};

/** A directory that folds the whole history each time: always up to date. */
const directoryOf = (store: EventStore): Directory => {
  const mailboxes = async () => {
    const found = new Map<MailboxId, { organizationId: string; profileId: string | null }>();
    for (const event of await eventsOf(store)) {
      const data = event.data as { mailboxId: MailboxId; organizationId: string; profileId: string | null };
      if (event.type === 'MailboxRegistered') found.set(data.mailboxId, data);
      const known = found.get(data.mailboxId);
      if (event.type === 'MailboxProfileAssigned' && known) {
        found.set(data.mailboxId, { organizationId: known.organizationId, profileId: data.profileId });
      }
    }
    return [...found];
  };
  return {
    mailboxesOfProfile: (profileId) => async () =>
      E.right((await mailboxes()).filter(([, one]) => one.profileId === profileId).map(([id]) => id)),
    mailboxesOf: (organizationId) => async () =>
      E.right((await mailboxes()).filter(([, one]) => one.organizationId === organizationId).map(([id]) => id)),
  };
};

interface Shared {
  readonly plain: InMemoryEventStore;
  readonly vault: MemoryVault;
  readonly deployment: DeploymentPolicy;
  readonly clock: { now: () => Date };
  readonly ids: { uuid: () => string };
  readonly wrap: (store: EventStore) => EventStore;
  readonly wrapVault: (vault: MemoryVault) => MemoryVault;
  readonly wrapDirectory: (directory: Directory) => Directory;
  readonly providers: MailProviders | undefined;
  readonly queries: Queries<object>;
}

const open = (shared: Shared): InMemoryMailroom => {
  const { plain, deployment, clock, ids } = shared;
  const vault = shared.wrapVault(shared.vault.reopen());
  const store = protectPersonalData({ store: shared.wrap(plain), cipher: vault, families: [everything] });
  const commands = repository({ store, pause: async () => undefined });
  const mailroom = createMailroom({
    repository: commands,
    store,
    vault,
    addresses: vault,
    persons: vault,
    directory: shared.wrapDirectory(directoryOf(store)),
    ...(shared.providers === undefined ? {} : { providers: shared.providers }),
    queries: shared.queries,
    clock,
    ids,
    deployment,
  });
  return {
    mailroom,
    store,
    plain,
    vault,
    repository: commands,
    clock,
    done: async (command, { actor = actorOf(), ...options } = {}) => {
      const answer = await mailroom.as(actor).execute<typeof command.type>(command, options);
      if (E.isRight(answer)) return answer.right;
      throw new Error(JSON.stringify(answer.left));
    },
    refused: async (command, { actor = actorOf(), secureChannel = true, ...options } = {}) => {
      const answer = await mailroom.as(actor, { secureChannel }).executeUnknown(command, options);
      if (E.isLeft(answer)) return answer.left;
      throw new Error('the command was accepted');
    },
    history: () => eventsOf(store),
    anotherProcess: () => open(shared),
  };
};

const noViews: Queries<object> = {
  find: async () => E.left({ _tag: 'InvalidQuery', problem: 'there are no views here' }),
};

/**
 * The wraps may put faults in front of store, vault and directory. `after`: it begins with all that has happened there,
 * and goes its own way. Ids count up, so that a failing test can be repeated.
 */
export const inMemoryMailroom = (
  given: {
    readonly deployment?: Partial<DeploymentPolicy>;
    readonly wrap?: (store: EventStore) => EventStore;
    readonly wrapVault?: (vault: MemoryVault) => MemoryVault;
    readonly wrapDirectory?: (directory: Directory) => Directory;
    readonly providers?: MailProviders;
    readonly queries?: Queries<object>;
    readonly after?: InMemoryMailroom;
  } = {},
): InMemoryMailroom => {
  let next = 0;
  return open({
    plain: given.after?.plain.copy() ?? inMemoryEventStore(),
    vault: given.after?.vault.copy() ?? memoryVault(),
    deployment: { ...defaultDeployment, ...given.deployment },
    clock: { now: () => new Date('2026-01-01T09:00:00.000Z') },
    ids: { uuid: () => derivedId(given.after === undefined ? 'id of a test' : 'later id of a test', String(next++)) },
    wrap: given.wrap ?? ((store) => store),
    wrapVault: given.wrapVault ?? ((vault) => vault),
    wrapDirectory: given.wrapDirectory ?? ((directory) => directory),
    providers: given.providers,
    queries: given.queries ?? noViews,
  });
};
