import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Actor,
  defaultDeployment,
  EmailAddress,
  type EventStore,
  Host,
  Mailbox,
  type MailboxEvent,
  mailboxEvents,
  MailboxId,
  Name,
  OrganizationId,
  PersonId,
  type Position,
  type Privilege,
  PrincipalId,
  privileges,
  Profile,
  profileEvents,
  ProfileId,
  StreamName,
  TestId,
  type ViewStore,
} from '@mailroom/domain';
import { inMemoryEventStore, isRequired, runsOf } from '@mailroom/domain/testing';
import { postgresViewStore } from '@mailroom/view-store-postgres';
import { findPostgres, startPostgres, type TestServer } from '@mailroom/view-store-postgres/testing';
import { sqliteViewStore } from '@mailroom/view-store-sqlite';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createViews } from '../host/create-views.ts';
import { defaultBackoff } from '../runner/backoff.ts';
import { memoryViewStore } from '../runner/memory-view-store.ts';
import { systemTimers } from '../runner/timers.ts';
import { createQueries, type MailroomQueries } from './create-queries.ts';
import type { Query } from './query.ts';
import type { MailboxStatus, QueryableView } from './rows.ts';
import { allLiveViews } from './views.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const organizations = ['org-1', 'org-2', 'org-3'].map((id) => OrganizationId.orThrow(id));
// The same ids of people and teams in every organization: an id must never be enough.
const people = ['ada', 'bob', 'cleo'].map((id) => PrincipalId.orThrow(id));
const teams = ['red', 'blue'].map((id) => PrincipalId.orThrow(id));
const profileIdOf = (organization: number): ProfileId => ProfileId.orThrow(uuid(900 + organization));

const right = <L, A>(result: E.Either<L, A>): A => {
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};

interface Box {
  readonly organization: number;
  readonly owner: number;
  readonly ofTeam: boolean;
  readonly user: number;
  readonly fails: boolean;
  readonly active: boolean;
  readonly approval: 'pending' | 'approved' | 'rejected';
}
const box: fc.Arbitrary<Box> = fc.record({
  organization: fc.nat(2),
  owner: fc.nat(1),
  ofTeam: fc.boolean(),
  user: fc.nat(2),
  fails: fc.boolean(),
  active: fc.boolean(),
  approval: fc.constantFrom('pending', 'approved', 'rejected'),
});

const actor: fc.Arbitrary<Actor> = fc.record({
  kind: fc.constant('person' as const),
  id: fc.constantFrom(...people),
  organizationId: fc.constantFrom(...organizations),
  privileges: fc.subarray<Privilege>([...privileges]),
  teams: fc.subarray(teams),
});

const eventsOf = ({ organization, owner, ofTeam, user, fails, active, approval }: Box, n: number) => {
  const mailboxId = MailboxId.orThrow(uuid(n));
  const organizationId = organizations[organization]!;
  const profileId = profileIdOf(organization);
  const registered = Mailbox.MailboxRegistered({
    mailboxId,
    organizationId,
    personId: PersonId.orThrow(uuid(n)),
    kind: 'user',
    regardingId: people[user]!,
    ownerKind: ofTeam ? 'team' : 'user',
    ownerId: ofTeam ? teams[owner]! : people[owner]!,
    name: Name.orThrow(`of ${organizationId}`),
    address: EmailAddress.orThrow(`box-${n}@example.org`),
    profileId,
    profileConfiguration: 1,
    profileProcessEmailFrom: null,
    incoming: 'serverSide',
    outgoing: 'none',
    act: 'none',
  });
  const failed = Mailbox.ChannelTestFailed({
    mailboxId,
    testId: TestId.orThrow(uuid(n)),
    channel: 'incoming',
    profileId,
    profileConfiguration: 1,
    mailboxConfiguration: 0,
    steps: [],
    personId: PersonId.orThrow(uuid(n)),
    kind: 'InvalidCredentials',
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'secret',
    status: 'failure',
    adviceParams: '{}',
    serverText: null,
    attempt: 1,
    nextAttemptAt: null,
  });
  const decided = {
    pending: [],
    approved: [Mailbox.MailboxApproved({ mailboxId })],
    rejected: [Mailbox.MailboxRejected({ mailboxId })],
  }[approval];
  const events: readonly MailboxEvent[] = [
    registered,
    ...decided,
    ...(fails ? [failed] : []),
    ...(active ? [] : [Mailbox.MailboxDeactivated({ mailboxId, profileId, cause: 'asked' })]),
  ];
  return events.map(mailboxEvents.encode);
};

/** Each organization's profile; that of the second is inactive. The ports are filled in here, chosen there. */
const profileOf = (organization: number) => {
  const profileId = profileIdOf(organization);
  const server = (port: number) => ({
    host: Host.orThrow(`mail-${organization}.example.org`),
    port: port,
    portSource: organization === 0 ? ('automatic' as const) : ('chosen' as const),
    tls: 'tls' as const,
    authentication: 'autoDetect' as const,
    credentials: 'mailbox' as const,
  });
  const created = Profile.ProfileCreated({
    profileId,
    organizationId: organizations[organization]!,
    ownerKind: 'user',
    ownerId: people[0]!,
    name: Name.orThrow(`Profile ${organization}`),
    description: null,
    serverType: 'imap-smtp',
    incoming: server(993),
    outgoing: server(465),
    sameSettingsForOutgoing: false,
    loginTemplate: null,
    folderTemplate: null,
    configuration: 1,
    processEmailFrom: null,
    minimumPollingMinutes: 0,
    maximumConnections: 10,
    connectionTimeLimitMs: null,
    alertMail: false,
  });
  const events = organization === 1 ? [created, Profile.ProfileDeactivated({ profileId })] : [created];
  return events.map(profileEvents.encode);
};

type Encoded = ReturnType<typeof eventsOf>;

const historyOf = async (boxes: readonly Box[]): Promise<EventStore> => {
  const store = inMemoryEventStore();
  let id = 1000;
  const write = async (stream: string, organization: number, events: Encoded): Promise<void> => {
    const metadata = {
      commandId: uuid(1),
      correlationId: uuid(1),
      causationId: uuid(1),
      actorId: 'ada',
      actorKind: 'person' as const,
      organizationId: organizations[organization]!,
      command: 'RegisterMailbox',
    };
    const all = events.map((event) => ({ ...event, id: uuid((id += 1)), metadata }));
    right(await store.append(StreamName.orThrow(stream), 'noStream', all)());
  };
  for (const organization of organizations.keys()) {
    await write(`profile-${profileIdOf(organization)}`, organization, profileOf(organization));
  }
  for (const [n, one] of boxes.entries()) await write(`mailbox-${uuid(n)}`, one.organization, eventsOf(one, n));
  return store;
};

/** Answers from rows of this view store, as far as the history goes, for as long as `use` takes. */
const answering = async <A>(
  store: EventStore,
  views: ViewStore,
  use: (queries: MailroomQueries) => Promise<A>,
): Promise<A> => {
  const env = { store, views, timers: systemTimers, backoff: defaultBackoff, distance: () => null };
  const all = createViews(env, { onChanged: () => undefined });
  const stop = new AbortController();
  const running = allLiveViews(all).map(({ run }) => run(stop.signal));
  const head = right(await store.head());
  for (const one of allLiveViews(all)) right(await one.whenReached(head as Position)());
  try {
    return await use(createQueries(all, store, defaultDeployment));
  } finally {
    stop.abort();
    await Promise.all(running);
  }
};

interface Ask {
  readonly view: 'mailboxes' | 'profiles' | 'failures';
  readonly query: Query;
}
const pathsOf = {
  mailboxes: ['name', 'address', 'approval', 'channels.incoming.status', 'channels.incoming.attempt', 'no.such'],
  profiles: ['name', 'active', 'incoming.port', 'mailboxesWithFailures', 'incoming.portSource'],
  failures: ['kind', 'endpoint.host', 'mailboxes', 'since'],
} as const;
const wheres = {
  mailboxes: [{}, { approval: ['pending', 'approved'] }, { 'channels.incoming.status': 'failure' }, { active: true }],
  profiles: [{}, { 'incoming.portSource': 'automatic' }, { active: false }],
  failures: [{}, { 'endpoint.port': 993 }, { disposition: 'transient' }],
} as const;
const ask: fc.Arbitrary<Ask> = fc.constantFrom('mailboxes', 'profiles', 'failures').chain((view) =>
  fc.record({
    view: fc.constant(view),
    query: fc.record(
      {
        where: fc.constantFrom<NonNullable<Query['where']>>(...wheres[view]),
        text: fc.constantFrom('', 'BOX', 'example mail', 'box-1 org-1', 'profile'),
        sort: fc.record({ by: fc.constantFrom<string>(...pathsOf[view]), descending: fc.boolean() }),
        limit: fc.integer({ min: 1, max: 4 }),
      },
      { requiredKeys: ['limit'] },
    ),
  }),
);

/** All pages of an answer, one after the other. */
const pagesOf = async (queries: MailroomQueries, view: QueryableView, who: Actor, query: Query) => {
  const pages = [];
  for (let after: string | null | undefined; after !== null;) {
    const page = right(await queries.find(view, who, { ...query, ...(after === undefined ? {} : { after }) }));
    pages.push(page);
    after = page.next;
  }
  return pages;
};

const isOwn = ({ owner, ofTeam, user }: Box, who: Actor): boolean =>
  people[user] === who.id || (ofTeam ? who.teams.includes(teams[owner]!) : people[owner] === who.id);
const seesAll = (who: Actor): boolean => who.privileges.includes('mailboxes.read');

/** What each named list holds, said once more and in other words. */
const lists: Readonly<Record<string, (one: Box, who: Actor) => boolean>> = {
  all: () => true,
  active: ({ active }) => active,
  myActive: (one, who) => one.active && isOwn(one, who),
  inactive: ({ active }) => !active,
  pendingApproval: ({ active, approval }) => active && approval === 'pending',
};

/** Everything a person may ask shows what is theirs to see, all of it and nothing else. */
const holds = async (queries: MailroomQueries, boxes: readonly Box[], who: Actor): Promise<void> => {
  const visible = boxes
    .map((one, n) => ({ ...one, mailboxId: uuid(n) }))
    .filter((one) => organizations[one.organization] === who.organizationId && (isOwn(one, who) || seesAll(who)));
  const idsOf = (rows: readonly { readonly mailboxId: string }[]) => rows.map(({ mailboxId }) => mailboxId).sort();
  for (const [list, fits] of Object.entries(lists)) {
    const { rows, total } = right(await queries.find('mailboxes', who, { list }));
    expect(idsOf(rows)).toEqual(idsOf(visible.filter((one) => fits(one, who))));
    expect(total).toBe(rows.length);
    expect(rows.every((row: MailboxStatus) => row.organizationId === who.organizationId)).toBe(true);
  }

  const organization = organizations.indexOf(who.organizationId);
  const seesProfile = seesAll(who) || who.privileges.includes('profiles.write') || who.id === people[0];
  for (const [list, isIn] of [
    ['all', true],
    ['active', organization !== 1],
    ['inactive', organization === 1],
  ] as const) {
    const { rows } = right(await queries.find('profiles', who, { list }));
    expect(rows.map(({ profileId }) => profileId)).toEqual(seesProfile && isIn ? [profileIdOf(organization)] : []);
  }

  const failing = visible.filter(({ fails, active }) => fails && active).length;
  const { rows: failures } = right(await queries.find('failures', who, {}));
  expect(failures.map(({ mailboxes, endpoint }) => [mailboxes, endpoint?.host, endpoint?.port])).toEqual(
    failing === 0 ? [] : [[failing, `mail-${organization}.example.org`, 993]],
  );

  for (const [n, one] of boxes.entries()) {
    if (organizations[one.organization] === who.organizationId) continue;
    const record = { kind: 'mailbox', id: uuid(n) } as const;
    for (const view of ['alerts', 'history'] as const) {
      expect(right(await queries.find(view, who, { record })).rows).toEqual([]);
    }
  }
  const { rows: wall } = right(await queries.find('alerts', who, { list: 'all' }));
  expect(wall.every(({ organizationId }) => organizationId === who.organizationId)).toBe(true);
};

/** A new, empty view store, for one run. */
type Open = () => Promise<{ readonly views: ViewStore; readonly dispose: () => Promise<void> }>;

const isolates = (open: Open, sizes: Parameters<typeof runsOf>[0]): void => {
  const numRuns = runsOf(sizes);
  test(
    'whoever asks whatever, rows of another organization do not exist, and those of others only with the right',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(box, { maxLength: 12 }),
          fc.array(actor, { minLength: 1, maxLength: 4 }),
          fc.array(ask, { maxLength: 6 }),
          async (boxes, actors, asks) => {
            const store = await historyOf(boxes);
            const { views, dispose } = await open();
            try {
              const answers = (queries: MailroomQueries) =>
                Promise.all(actors.flatMap((who) => asks.map(({ view, query }) => pagesOf(queries, view, who, query))));
              const folded = await answering(store, views, answers);
              // What comes back out of the store is what went in, and answers the same.
              await answering(store, views, async (queries) => {
                expect(await answers(queries)).toEqual(folded);
                for (const who of actors) await holds(queries, boxes, who);
              });
            } finally {
              await dispose();
            }
          },
        ),
        { numRuns },
      );
    },
    60_000 + numRuns * 2000,
  );
};

describe('in memory', () =>
  isolates(
    async () => {
      const views = memoryViewStore();
      return { views, dispose: views.close };
    },
    { small: 40, ci: 100, full: 1000 },
  ));

describe('in SQLite', () =>
  isolates(
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mailroom-tenants-'));
      const views = sqliteViewStore({ file: join(folder, 'views.db') });
      const dispose = async (): Promise<void> => {
        await views.close();
        rmSync(folder, { recursive: true, force: true });
      };
      return { views, dispose };
    },
    { small: 20, ci: 100, full: 1000 },
  ));

const bin = findPostgres();

if (bin === undefined) {
  if (isRequired('postgresql')) {
    test('PostgreSQL is installed', () =>
      expect.unreachable('MAILROOM_REQUIRE asks for it: apt-get install postgresql'));
  } else test.skip('in PostgreSQL: no server here (apt-get install postgresql)', () => undefined);
} else {
  describe('in PostgreSQL', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres(bin);
    });
    afterAll(() => server.stop());
    isolates(
      async () => {
        const views = postgresViewStore({ connectionString: await server.createDatabase() });
        return { views, dispose: views.close };
      },
      { small: 5, ci: 40, full: 500 },
    );
  });
}
