import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  derivedId,
  EmailAddress,
  Mailbox,
  type MailboxEvent,
  mailboxEvents,
  MailboxId,
  Name,
  type NewEvent,
  OrganizationId,
  PersonId,
  PrincipalId,
  StreamName,
} from '@mailroom/domain';
import { memoryVault, runsOf } from '@mailroom/domain/testing';
import { sqliteEventStore } from '@mailroom/event-store-sqlite';
import { sqliteViewStore } from '@mailroom/view-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allViews } from './create-views.ts';
import { openProjections } from './open-projections.ts';
import type { Projections } from './projections.ts';

const perMailbox = 10;
const mailboxes = Math.ceil(runsOf({ small: 2_000, ci: 20_000, full: 1_000_000 }) / perMailbox);
const first = allViews.mailboxes.version;
const vault = memoryVault();

const right = <L, A>(result: E.Either<L, A>): A => {
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};

let folder: string;
let store: ReturnType<typeof sqliteEventStore>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-rebuild-'));
  store = sqliteEventStore({ file: join(folder, 'events.db'), durability: 'normal' });
  for (let from = 0; from < mailboxes; from += 500) {
    const some = Array.from({ length: Math.min(500, mailboxes - from) }, (_, n) => from + n);
    await Promise.all(
      some.map((n) => write(n, [registered(n), ...Array.from({ length: 9 }, (_, m) => renamed(n, m))])),
    );
  }
}, 1_200_000);
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (n: number): string => derivedId('mailbox', String(n));
const renamed = (n: number, time: number): MailboxEvent =>
  Mailbox.MailboxRenamed({
    mailboxId: MailboxId.orThrow(idOf(n)),
    personId: PersonId.orThrow(idOf(n)),
    name: Name.orThrow(`Person ${n}, ${time}`),
  });
const registered = (n: number): MailboxEvent =>
  Mailbox.MailboxRegistered({
    mailboxId: MailboxId.orThrow(idOf(n)),
    organizationId: OrganizationId.orThrow('org-1'),
    personId: PersonId.orThrow(idOf(n)),
    kind: 'user',
    regardingId: PrincipalId.orThrow(`person-${n}`),
    ownerKind: 'user',
    ownerId: PrincipalId.orThrow(`person-${n}`),
    name: Name.orThrow(`Person ${n}`),
    address: EmailAddress.orThrow(`person.${n}@example.org`),
    profileId: null,
    profileConfiguration: 0,
    profileProcessEmailFrom: null,
    incoming: 'serverSide',
    outgoing: 'serverSide',
    act: 'none',
  });

const commandId = derivedId('command', 'of this test');
const metadata: NewEvent['metadata'] = {
  commandId,
  correlationId: commandId,
  causationId: commandId,
  actorId: 'admin',
  actorKind: 'person',
  organizationId: 'org-1',
  command: 'RenameMailbox',
};
const revisions = new Map<number, number>();
const write = async (n: number, events: readonly MailboxEvent[]): Promise<void> => {
  const before = revisions.get(n);
  const start = (before ?? -1) + 1;
  const stored = events.map((event, index) => ({
    ...mailboxEvents.encode(event),
    id: derivedId('event', String(n), String(start + index)),
    metadata,
  }));
  const written = right(await store.append(StreamName.orThrow(`mailbox-${idOf(n)}`), before ?? 'noStream', stored)());
  revisions.set(n, written.revision);
};

const opened = async (work: (projections: Projections) => Promise<void>): Promise<void> => {
  const options = { store: join(folder, 'events.db'), views: join(folder, 'rows.db'), vault, only: ['mailboxes'] };
  const projections = await openProjections(options);
  try {
    await work(projections);
  } finally {
    await projections.close();
  }
};

test(
  'whoever reads while a long history is folded anew sees the old rows, then the new ones, each going only forward, and no gap',
  () =>
    opened((leader) =>
      opened(async (builder) => {
        const views = sqliteViewStore({ file: join(folder, 'rows.db') });
        const stop = new AbortController();
        const leading = leader.run(stop.signal);
        while (leader.progress().some(({ state }) => state !== 'live'))
          await new Promise((done) => setTimeout(done, 20));

        /** Those that are changed meanwhile, and some of all that are not. */
        const busy = [0, 1, 2].filter((n) => n < mailboxes);
        const watched = [...busy, ...Array.from({ length: 20 }, (_, n) => Math.floor((n * mailboxes) / 20))].map(idOf);
        const seen = new Map<string, string>();
        const versions: number[] = [];
        const look = async (): Promise<void> => {
          const version = right(await views.active('mailboxes')()) ?? 0;
          if (versions.at(-1) !== version) versions.push(version);
          const rows = right(await views.load({ name: 'mailboxes', version }, watched)());
          for (const key of watched) {
            const changedAt = rows.get(key)?.['changedAt'];
            if (typeof changedAt !== 'string') throw new Error('a row is missing');
            expect(changedAt >= (seen.get(key) ?? '2')).toBe(true);
            seen.set(key, changedAt);
          }
        };
        let commands = 0;
        const rebuilding = new AbortController();
        const going = (async () => {
          for (; !rebuilding.signal.aborted; commands += 1) {
            await write(commands % busy.length, [renamed(commands % busy.length, commands)]);
            await look();
            await new Promise((done) => setImmediate(done));
          }
        })();
        const rebuilt = right(await builder.rebuild('mailboxes'));
        rebuilding.abort();
        await going;
        await look();

        expect(rebuilt).toMatchObject({ version: first + 1, before: first });
        expect(rebuilt.events).toBeGreaterThanOrEqual(mailboxes * perMailbox);
        expect(versions).toEqual([first, first + 1]);
        expect(commands).toBeGreaterThan(0);
        // Whoever leads has gone over; both builds say the same, each as far as it has come.
        const head = right(await store.head());
        const stands = async () => right(await views.checkpoint({ name: 'mailboxes', version: first + 1 })())?.position;
        while (((await stands()) ?? '') < (head ?? '')) await new Promise((done) => setTimeout(done, 20));
        let count = 0;
        for await (const { rows } of builder.rows('mailboxes')) count += rows.length;
        expect(count).toBe(mailboxes);
        stop.abort();
        await leading;
        await views.close();
      }),
    ),
  3_600_000,
);
