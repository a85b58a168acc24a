import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonObject, mailboxIdOf, OrganizationId, privileges, StreamName } from '@mailroom/domain';
import { memoryVault } from '@mailroom/domain/testing';
import { sqliteEventStore } from '@mailroom/event-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allViews } from './create-views.ts';
import type { Mailroom } from './mailroom.ts';
import { openMailroom } from './open-mailroom.ts';
import { openProjections } from './open-projections.ts';
import type { Projections, ProjectionsOptions } from './projections.ts';

const right = <L, A>(result: E.Either<L, A>): A => {
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};

const vault = memoryVault();
const admin = { id: 'admin', organizationId: 'org-1', privileges: [...privileges] };
let folder: string;
let store: string;
let host: Mailroom;

/** The host answers from memory, so that the rows of the file are those of the processes under test alone. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-projections-'));
  store = join(folder, 'events.db');
  host = await openMailroom({ store, vault, views: 'memory', runChecks: false });
  for (const user of ['ada', 'bob', 'cleo']) await register(user);
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const boxOf = (user: string): string => mailboxIdOf(OrganizationId.orThrow('org-1'), 'user', user);
const register = async (user: string) => {
  const owner = { kind: 'user', id: user } as const;
  const address = `${user}@example.org`;
  const mailbox = { kind: 'user', regardingId: user, owner, name: user, address, profileId: null } as const;
  const methods = { incoming: 'serverSide', outgoing: 'none', act: 'none' } as const;
  return right(await host.as(admin).execute({ type: 'RegisterMailbox', ...mailbox, ...methods }));
};
const rename = async (user: string, name: string) =>
  right(await host.as(admin).execute({ type: 'RenameMailbox', mailboxId: boxOf(user), name }));

const opened = async (
  work: (projections: Projections) => Promise<void>,
  options: Partial<ProjectionsOptions> = {},
): Promise<void> => {
  const projections = await openProjections({ store, vault, views: join(folder, 'rows.db'), ...options });
  try {
    await work(projections);
  } finally {
    await projections.close();
  }
};

/** The number of the first build of the view: that of its definition. */
const first = allViews.mailboxes.version;

const rowsOf = async ({ rows }: Projections, version?: number): Promise<ReadonlyMap<string, JsonObject>> => {
  const found = new Map<string, JsonObject>();
  for await (const batch of rows('mailboxes', version)) for (const [key, row] of batch.rows) found.set(key, row);
  return found;
};

/** While these run, the work is done; then they are stopped, which must not take long. */
const whileRunning = async (all: readonly Projections[], work: () => Promise<void>): Promise<void> => {
  const stop = new AbortController();
  const running = all.map(({ run }) => run(stop.signal));
  try {
    await work();
  } finally {
    stop.abort();
    await Promise.all(running);
  }
};

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
};

test('catches up once and ends; what is kept is active, sealed, and stands at the head', () =>
  opened(async (projections) => {
    const head = right(await projections.catchUp(new AbortController().signal));
    const listed = right(await projections.list());
    const mailboxes = listed.find(({ name }) => name === 'mailboxes');
    expect(mailboxes).toMatchObject({ kind: 'view', active: first, builds: [{ version: first, position: head }] });
    expect(mailboxes?.builds[0]?.behind).toEqual({ unit: 'events', count: 0 });
    expect([...(await rowsOf(projections)).values()].map(({ address }) => address)).toContain('ada@example.org');
    await opened(
      async (blind) => {
        expect(JSON.stringify([...(await rowsOf(blind))])).not.toContain('example.org');
      },
      { vault: memoryVault() },
    );
  }));

test('a rebuild while commands go on: readers see the old build until the switch, then the new one, with nothing missing', () =>
  opened((leader) =>
    opened((builder) =>
      whileRunning([leader], async () => {
        const stop = new AbortController();
        const activeNow = async () => right(await builder.list()).find(({ name }) => name === 'mailboxes')?.active;
        const versions = [await activeNow()];
        await rename('bob', 'Bob the first');
        const renames = (async () => {
          for (let n = 0; !stop.signal.aborted; n += 1) {
            await rename('bob', `Bob the ${n}.`);
            versions.push(await activeNow());
            // Whatever is active is complete.
            expect((await rowsOf(builder)).size).toBe(3);
          }
          return rename('bob', 'Bob');
        })();
        const progress: number[] = [];
        const rebuilt = right(
          await builder.rebuild('mailboxes', { onProgress: ({ events }) => progress.push(events) }),
        );
        stop.abort();
        await renames;
        versions.push(await activeNow());
        expect(rebuilt).toMatchObject({ version: first + 1, before: first });
        expect(progress.at(-1)).toBeGreaterThan(3);
        expect([...new Set(versions)]).toEqual([first, first + 1]);
        // The leader has gone over, and is the one who keeps it up to date.
        await until(async () => (await rowsOf(builder)).get(boxOf('bob'))?.['name'] === 'Bob');
        expect(leader.progress().find(({ name }) => name === 'mailboxes')).toMatchObject({
          build: first + 1,
          isLeading: true,
        });
      }),
    ),
  ));

test('two builds are compared, an older one made active again, and dropped', () =>
  opened(async (projections) => {
    right(await projections.catchUp(new AbortController().signal));
    const { differences } = right(await projections.diff('mailboxes', first, first + 1));
    expect(differences.map(({ key, fields }) => [key, fields])).toEqual([[boxOf('bob'), ['name', 'changedAt']]]);
    right(await projections.activate('mailboxes', first));
    right(await projections.drop('mailboxes', first + 1));
    expect(await projections.activate('mailboxes', first + 1)).toMatchObject(E.left({ _tag: 'UnknownVersion' }));
    expect(await projections.rebuild('nonsense')).toMatchObject(E.left({ _tag: 'UnknownProjection' }));
  }));

test('of two processes one leads each view; when it stops the other goes on', () =>
  opened((one) =>
    opened((two) =>
      whileRunning([two], async () => {
        await whileRunning([one], async () => {
          const states = () => [one, two].map((each) => each.progress().map(({ isLeading }) => isLeading));
          await until(() => [one, two].every((each) => each.progress().every(({ state }) => state !== 'starting')));
          for (const [n, leads] of states()[0]!.entries()) expect(leads).not.toBe(states()[1]![n]);
        });
        await until(() => two.progress().every(({ state }) => state === 'live'));
        const { position } = await rename('ada', 'Ada King');
        await until(async () => (await rowsOf(two)).get(boxOf('ada'))?.['name'] === 'Ada King');
        expect(position).not.toBeNull();
      }),
    ),
  ));

test('an event that cannot be read parks its stream; retried it says why, dropped it is given up', async () => {
  const file = join(folder, 'broken.db');
  const broken = sqliteEventStore({ file });
  const metadata = {
    commandId: boxOf('x'),
    correlationId: boxOf('x'),
    causationId: boxOf('x'),
    actorId: 'ada',
    actorKind: 'person',
    organizationId: 'org-1',
    command: 'RenameMailbox',
  } as const;
  const event = { id: boxOf('y'), type: 'MailboxRenamed', schemaVersion: 1, data: { password: 'hunter2' }, metadata };
  right(await broken.append(StreamName.orThrow('mailbox-1'), 'noStream', [event])());
  await broken.close();
  await opened(
    async (projections) => {
      right(await projections.catchUp(new AbortController().signal));
      const parked = right(await projections.parked.list('mailboxes'));
      expect(parked).toMatchObject([{ name: 'mailboxes', key: 'stream:mailbox-1', events: [{ revision: 0 }] }]);
      expect(JSON.stringify(parked)).not.toContain('hunter2');
      const retried = await projections.parked.retry('mailboxes', 'stream:mailbox-1');
      expect(retried).toMatchObject(E.left({ _tag: 'StillParked' }));
      expect(await projections.parked.retry('mailboxes', 'other')).toMatchObject(E.left({ _tag: 'NotParked' }));
      right(await projections.parked.drop('mailboxes', 'stream:mailbox-1'));
      expect(right(await projections.parked.list('mailboxes'))).toEqual([]);
    },
    { store: file, views: join(folder, 'broken-rows.db'), onPoison: 'park' },
  );
});
