import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EmailAddress,
  Mailbox,
  type MailboxEvent,
  mailboxEvents,
  MailboxId,
  Name,
  OrganizationId,
  PersonId,
  type Position,
  PrincipalId,
  StreamName,
  TestId,
  type ViewStore,
} from '@mailroom/domain';
import { runsOf } from '@mailroom/domain/testing';
import { sqliteEventStore } from '@mailroom/event-store-sqlite';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { allViews } from '../host/create-views.ts';
import { defaultBackoff } from '../runner/backoff.ts';
import { follower } from '../runner/follower.ts';
import { memoryViewStore } from '../runner/memory-view-store.ts';
import { systemTimers } from '../runner/timers.ts';
import { type AnyView, replay } from './as-of.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const views: readonly AnyView[] = Object.values(allViews);

/** What happens next: to which mailbox, what, and how long after what was before it. */
const step = fc.record({
  box: fc.nat(4),
  what: fc.nat(6),
  waitMs: fc.oneof(fc.constant(0), fc.nat(5000)),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const eventOf = ({ box, what }: Step, isNew: boolean, n: number): MailboxEvent => {
  const mailboxId = MailboxId.orThrow(uuid(box));
  const personId = PersonId.orThrow(uuid(box));
  const tested = {
    mailboxId,
    testId: TestId.orThrow(uuid(n)),
    channel: 'incoming' as const,
    profileId: null,
    profileConfiguration: 0,
    mailboxConfiguration: 0,
    steps: [],
  };
  if (isNew) {
    return Mailbox.MailboxRegistered({
      mailboxId,
      organizationId: OrganizationId.orThrow('org-1'),
      personId,
      kind: 'user',
      regardingId: PrincipalId.orThrow(`user-${box}`),
      ownerKind: 'user',
      ownerId: PrincipalId.orThrow(`user-${box}`),
      name: Name.orThrow(`Box ${box}`),
      address: EmailAddress.orThrow(`box-${box}@example.org`),
      profileId: null,
      profileConfiguration: 0,
      profileProcessEmailFrom: null,
      incoming: 'serverSide',
      outgoing: 'none',
      act: 'none',
    });
  }
  switch (what) {
    case 0:
      return Mailbox.MailboxRenamed({ mailboxId, personId, name: Name.orThrow(`Name ${n}`) });
    case 1:
      return Mailbox.MailboxApproved({ mailboxId });
    case 2:
      return Mailbox.MailboxRejected({ mailboxId });
    case 3:
      return Mailbox.ChannelTestSucceeded({ ...tested, warnings: [] });
    case 4:
      return Mailbox.ChannelEnabled({ mailboxId, channel: 'incoming' });
    default:
      return Mailbox.ChannelTestFailed({
        ...tested,
        personId,
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
  }
};

const metadata = {
  commandId: uuid(1),
  correlationId: uuid(1),
  causationId: uuid(1),
  actorId: 'ada',
  actorKind: 'person' as const,
  organizationId: 'org-1',
  command: 'Anything',
};

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const keptRows = async (store: ViewStore): Promise<Rows> => {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const { name } of views) {
    const active = await store.active(name)();
    const found: Record<string, unknown> = {};
    const version = E.isRight(active) ? active.right : null;
    if (version !== null) {
      for await (const batch of store.scan({ name, version })) for (const [key, row] of batch.rows) found[key] = row;
    }
    rows[name] = structuredClone(found);
  }
  return rows;
};

/** Writes the steps at their times while a runner follows live, and notes what the runner has after each. */
const live = async (file: string, steps: readonly Step[]) => {
  let now = Date.UTC(2026, 0, 1);
  const store = sqliteEventStore({ file, durability: 'normal', now: () => new Date(now) });
  const kept = memoryViewStore();
  const env = { store, views: kept, timers: systemTimers, backoff: defaultBackoff, distance: () => null };
  const followers = views.map((view) => follower(env, view, { kind: 'view', onPoison: 'halt', batch: 100 }));
  const stop = new AbortController();
  const running = followers.map(({ run }) => run(stop.signal));
  const moments: { readonly at: number; readonly position: Position; readonly rows: Rows }[] = [];
  const revisions = new Map<number, number>();
  for (const [n, one] of steps.entries()) {
    now += one.waitMs;
    const revision = revisions.get(one.box);
    const event = { ...mailboxEvents.encode(eventOf(one, revision === undefined, n)), id: uuid(n + 1000), metadata };
    const written = await store.append(StreamName.orThrow(`mailbox-${uuid(one.box)}`), revision ?? 'noStream', [
      event,
    ])();
    if (E.isLeft(written)) throw new Error(written.left._tag);
    revisions.set(one.box, written.right.revision);
    for (const { whenReached } of followers) expect(E.isRight(await whenReached(written.right.position)())).toBe(true);
    moments.push({ at: now, position: written.right.position, rows: await keptRows(kept) });
  }
  stop.abort();
  await Promise.all(running);
  return { store, moments, end: now };
};

const runs = runsOf({ small: 5, ci: 50, full: 100 });
const timesOfEach = 20;

test(`as of a random time, every view is what a runner that stopped then had (${runs * timesOfEach} times)`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-as-of-'));
  let files = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { minLength: timesOfEach, maxLength: timesOfEach }),
        async (steps, fractions) => {
          const { store, moments, end } = await live(join(folder, `${(files += 1)}.db`), steps);
          const start = moments[0]?.at ?? end;
          for (const fraction of fractions) {
            const at = Math.round(start + fraction * (end - start + 1));
            const stopped = moments.filter((moment) => moment.at <= at).at(-1);
            const asOf = await replay(store, views, { until: new Date(at) })();
            if (E.isLeft(asOf)) throw new Error(asOf.left._tag);
            const rows = Object.fromEntries(
              [...asOf.right.rows].map(([name, found]) => [name, Object.fromEntries(found)]),
            );
            const nothing = Object.fromEntries(views.map(({ name }) => [name, {}]));
            expect(rows).toEqual(stopped?.rows ?? nothing);
            expect(asOf.right.position).toBe(stopped?.position ?? null);
          }
          await store.close();
        },
      ),
      { numRuns: runs },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 3_600_000);
