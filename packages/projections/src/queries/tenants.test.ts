import {
  type Actor,
  defaultDeployment,
  EmailAddress,
  Mailbox,
  type MailboxEvent,
  mailboxEvents,
  MailboxId,
  Name,
  OrganizationId,
  PersonId,
  type Privilege,
  PrincipalId,
  privileges,
  StreamName,
  TestId,
} from '@mailroom/domain';
import { inMemoryEventStore, runsOf } from '@mailroom/domain/testing';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { createViews } from '../host/create-views.ts';
import { defaultBackoff } from '../runner/backoff.ts';
import { memoryViewStore } from '../runner/memory-view-store.ts';
import { systemTimers } from '../runner/timers.ts';
import { createQueries } from './create-queries.ts';
import { allLiveViews } from './views.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const organizations = ['org-1', 'org-2', 'org-3'].map((id) => OrganizationId.orThrow(id));
// The same ids of people and teams in every organization: an id must never be enough.
const people = ['ada', 'bob', 'cleo'].map((id) => PrincipalId.orThrow(id));
const teams = ['red', 'blue'].map((id) => PrincipalId.orThrow(id));

interface Box {
  readonly organization: number;
  readonly owner: number;
  readonly ofTeam: boolean;
  readonly user: number;
  readonly fails: boolean;
}
const box: fc.Arbitrary<Box> = fc.record({
  organization: fc.nat(2),
  owner: fc.nat(1),
  ofTeam: fc.boolean(),
  user: fc.nat(2),
  fails: fc.boolean(),
});

const actor: fc.Arbitrary<Actor> = fc.record({
  kind: fc.constant('person' as const),
  id: fc.constantFrom(...people),
  organizationId: fc.constantFrom(...organizations),
  privileges: fc.subarray<Privilege>([...privileges]),
  teams: fc.subarray(teams),
});

const eventsOf = ({ organization, owner, ofTeam, user, fails }: Box, n: number): readonly MailboxEvent[] => {
  const mailboxId = MailboxId.orThrow(uuid(n));
  const organizationId = organizations[organization]!;
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
    profileId: null,
    profileConfiguration: 0,
    profileProcessEmailFrom: null,
    incoming: 'serverSide',
    outgoing: 'none',
    act: 'none',
  });
  const failed = Mailbox.ChannelTestFailed({
    mailboxId,
    testId: TestId.orThrow(uuid(n)),
    channel: 'incoming',
    profileId: null,
    profileConfiguration: 0,
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
  return fails ? [registered, failed] : [registered];
};

test('whoever asks whatever, rows of another organization do not exist, and those of others only with the right', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(box, { maxLength: 12 }),
      fc.array(actor, { minLength: 1, maxLength: 6 }),
      async (boxes, actors) => {
        const store = inMemoryEventStore();
        let id = 0;
        for (const [n, one] of boxes.entries()) {
          const organizationId = organizations[one.organization]!;
          const encoded = eventsOf(one, n).map((event) => ({
            ...mailboxEvents.encode(event),
            id: uuid((id += 1) + 1000),
            metadata: {
              commandId: uuid(1),
              correlationId: uuid(1),
              causationId: uuid(1),
              actorId: 'ada',
              actorKind: 'person' as const,
              organizationId,
              command: 'RegisterMailbox',
            },
          }));
          const appended = await store.append(StreamName.orThrow(`mailbox-${uuid(n)}`), 'noStream', encoded)();
          expect(appended._tag).toBe('Right');
        }
        const env = {
          store,
          views: memoryViewStore(),
          timers: systemTimers,
          backoff: defaultBackoff,
          distance: () => null,
        };
        const views = createViews(env, { onChanged: () => undefined });
        const stop = new AbortController();
        const running = allLiveViews(views).map(({ run }) => run(stop.signal));
        const queries = createQueries(views, store, defaultDeployment);
        const head = await store.head();
        const atLeast = E.isRight(head) ? head.right : null;

        for (const who of actors) {
          for (const list of ['all', 'active', 'myActive', 'pendingApproval']) {
            const page = await queries.find('mailboxes', who, { list, atLeast });
            const rows = E.isRight(page) ? page.right.rows : [];
            for (const row of rows) {
              expect(row.organizationId).toBe(who.organizationId);
              const isOwn =
                row.regardingId === who.id ||
                (row.ownerKind === 'user' ? row.ownerId === who.id : who.teams.some((team) => team === row.ownerId));
              expect(isOwn || (list !== 'myActive' && who.privileges.includes('mailboxes.read'))).toBe(true);
            }
            const expected = boxes.filter(({ organization, owner, ofTeam, user }) => {
              const isOwn =
                people[user] === who.id || (ofTeam ? who.teams.includes(teams[owner]!) : people[owner] === who.id);
              return (
                organizations[organization] === who.organizationId &&
                (isOwn || (list !== 'myActive' && who.privileges.includes('mailboxes.read')))
              );
            });
            expect(rows).toHaveLength(expected.length);
          }
          for (const [n, one] of boxes.entries()) {
            const record = { kind: 'mailbox', id: uuid(n) } as const;
            const isForeign = organizations[one.organization] !== who.organizationId;
            for (const view of ['alerts', 'history'] as const) {
              const page = await queries.find(view, who, { record });
              if (isForeign) expect(E.isRight(page) && page.right.rows).toEqual([]);
            }
          }
          const failures = await queries.find('failures', who, {});
          const groups = E.isRight(failures) ? failures.right.rows : [];
          const visible = await queries.find('mailboxes', who, { where: { 'channels.incoming.status': 'failure' } });
          expect(groups.every(({ organizationId }) => organizationId === who.organizationId)).toBe(true);
          expect(groups.reduce((sum, { mailboxes }) => sum + mailboxes, 0)).toBe(
            E.isRight(visible) ? visible.right.total : -1,
          );
          const wall = await queries.find('alerts', who, { list: 'all' });
          for (const line of E.isRight(wall) ? wall.right.rows : [])
            expect(line.organizationId).toBe(who.organizationId);
        }
        stop.abort();
        await Promise.all(running);
      },
    ),
    { numRuns: runsOf({ small: 40, ci: 100, full: 1000 }) },
  );
});
