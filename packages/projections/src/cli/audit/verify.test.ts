import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { sqliteEventStore } from '@mailroom/event-store-sqlite';
import type { NewEvent, RecordedEvent } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aHistory, type TestHistory } from '../test-support/history.ts';
import { documentOf, mailroom } from '../test-support/mailroom.ts';
import type { Check } from './report.ts';

interface Report {
  readonly sound: boolean;
  readonly checks: readonly Check[];
}

let history: TestHistory;
let anchorFile: string;
let publicKeyFile: string;
let tampered: string;

beforeAll(async () => {
  history = await aHistory('sqlite');
  publicKeyFile = history.at('audit.pub');
  anchorFile = history.at('anchor.json');
  tampered = history.at('tampered.db');
  const key = await mailroom(['audit', 'key', history.at('audit.key'), '--new']);
  expect(key.code).toBe(0);
  writeFileSync(publicKeyFile, key.out);
  const anchor = await mailroom(['audit', 'anchor', '--store', history.store, '--key', history.at('audit.key')]);
  expect(anchor).toMatchObject({ code: 0, error: '' });
  writeFileSync(anchorFile, anchor.out);
});
afterAll(() => history.close());

/** The report on a copy of the file that somebody has worked on behind the store's back. */
const reportOn = async (file: string, ...args: readonly string[]): Promise<Report & { readonly code: number }> => {
  const vault = ['--vault', history.at('vault'), '--vault-key', history.at('vault.key')];
  const ran = await mailroom(['audit', 'verify', '--store', file, ...vault, '--json', ...args]);
  return { code: ran.code, ...documentOf<Report>(ran) };
};
const statusOf = ({ checks }: Report, which: Check['check']) => checks.find(({ check }) => check === which)?.status;

const bySql = (...statements: readonly string[]): string => {
  for (const end of ['', '-wal', '-shm']) rmSync(`${tampered}${end}`, { force: true });
  copyFileSync(history.store, tampered);
  const database = new Database(tampered);
  for (const statement of statements) database.exec(statement);
  database.close();
  return tampered;
};

/** The whole history written anew by the store itself, with hashes that fit: what somebody with time could do. */
const rewritten = async (change: (events: readonly RecordedEvent[]) => readonly RecordedEvent[]): Promise<string> => {
  for (const end of ['', '-wal', '-shm']) rmSync(`${tampered}${end}`, { force: true });
  const old = sqliteEventStore({ file: history.store });
  const events: RecordedEvent[] = [];
  for await (const batch of old.readAll()) if (E.isRight(batch)) events.push(...batch.right);
  await old.close();
  let now = new Date();
  const fresh = sqliteEventStore({ file: tampered, now: () => now });
  const revisions = new Map<string, number>();
  for (const { stream, recordedAt, ...event } of change(events)) {
    now = recordedAt;
    const revision = revisions.get(stream) ?? -1;
    const written = await fresh.append(stream, revision < 0 ? 'noStream' : revision, [event satisfies NewEvent])();
    if (E.isLeft(written)) throw new Error(written.left._tag);
    revisions.set(stream, revision + 1);
  }
  await fresh.close();
  return tampered;
};

const withAnchor = ['--anchor', '', '--public-key', ''];
beforeAll(() => {
  withAnchor[1] = anchorFile;
  withAnchor[3] = publicKeyFile;
});

test('nobody touched it: everything passes, and the exit code is 0', async () => {
  const report = await reportOn(history.store, ...withAnchor, '--views', history.at('views.db'));
  expect(report.checks.map(({ check, status }) => [check, status])).toEqual([
    ['anchors', 'passed'],
    ['chain', 'passed'],
    ['events', 'passed'],
    ['views', 'passed'],
  ]);
  expect(report).toMatchObject({ code: 0, sound: true });
});

test('a history that went on after the anchor still passes', async () => {
  const file = await rewritten((events) => events);
  // Written event by event it has other commits, so another chain: the anchor holds only for the true one.
  expect(await reportOn(file)).toMatchObject({ code: 0 });
  const copy = bySql();
  const store = sqliteEventStore({ file: copy });
  const [first] = E.getOrElseW(() => [])(await store.readStream(`profile-${history.profileId}` as never)());
  if (first === undefined) throw new Error('there is no profile');
  const more = await store.append(first.stream, first.revision, [
    {
      ...first,
      id: '00000000-0000-4000-8000-000000000001',
      type: 'ProfileActivated',
      data: { profileId: history.profileId },
    },
  ])();
  expect(more._tag).toBe('Right');
  await store.close();
  expect(await reportOn(copy, ...withAnchor)).toMatchObject({ code: 0, sound: true });
});

describe('with the anchor it shows that somebody', () => {
  const shift = (from: number): string[] => [
    `UPDATE events SET position = -position WHERE position >= ${from}`,
    `UPDATE events SET position = 1 - position WHERE position < 0`,
  ];
  const bySqlCases: readonly (readonly [string, readonly string[]])[] = [
    ['changed what an event says', [`UPDATE events SET data = replace(data, 'Support', 'Sales') WHERE position = 1`]],
    [
      'changed who did it',
      [`UPDATE events SET metadata = replace(metadata, '"admin"', '"nobody"') WHERE position = 3`],
    ],
    ['changed when it was', [`UPDATE events SET head = replace(head, '0', '1') WHERE position = 3`]],
    ['removed an event', ['DELETE FROM events WHERE position = 5']],
    [
      'removed an event and closed the gap',
      ['DELETE FROM events WHERE position = 5', 'UPDATE events SET position = position - 1 WHERE position > 5'],
    ],
    [
      'inserted an event',
      [
        ...shift(5),
        'INSERT INTO events SELECT 5, stream, revision, type, head, data, metadata, hash FROM events WHERE position = 4',
      ],
    ],
    ['cut off the end', ['DELETE FROM events WHERE position > 8']],
    ['removed everything', ['DELETE FROM events']],
  ];
  test.each(bySqlCases)('%s', async (_what, statements) => {
    const report = await reportOn(bySql(...statements), ...withAnchor);
    expect(statusOf(report, 'chain')).toBe('failed');
    expect(report).toMatchObject({ code: 1, sound: false });
  });

  const rewrites: readonly (readonly [string, (events: readonly RecordedEvent[]) => readonly RecordedEvent[]])[] = [
    [
      'rewrote the whole with one actor changed',
      (events) =>
        events.map((event, n) => (n === 2 ? { ...event, metadata: { ...event.metadata, actorId: 'nobody' } } : event)),
    ],
    ['rewrote the whole without its last events', (events) => events.slice(0, 9)],
    [
      'rewrote the whole with an event left out and its stream closed up',
      (events) => events.filter(({ type }) => type !== 'MailboxRenamed'),
    ],
    [
      'rewrote the whole with an event put in',
      (events) =>
        events.flatMap((event, n) =>
          n === 3 ? [event, { ...event, id: '00000000-0000-4000-8000-000000000002' }] : [event],
        ),
    ],
  ];
  test.each(rewrites)('%s, which nothing but the anchor shows', async (_what, change) => {
    const file = await rewritten(change);
    expect(statusOf(await reportOn(file), 'chain')).toBe('passed');
    const report = await reportOn(file, ...withAnchor);
    expect(statusOf(report, 'chain')).toBe('failed');
    expect(report).toMatchObject({ code: 1, sound: false });
  });
});

describe('an anchor', () => {
  const forged = (change: Readonly<Record<string, unknown>>): string => {
    const file = history.at('forged.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(anchorFile, 'utf8')) as object), ...change }));
    return file;
  };

  test('that was changed, or signed by somebody else, is not believed', async () => {
    const changed = await reportOn(history.store, '--anchor', forged({ events: 1 }));
    expect(statusOf(changed, 'anchors')).toBe('failed');
    expect(changed.code).toBe(1);

    await mailroom(['audit', 'key', history.at('other.key'), '--new']);
    const other = await mailroom(['audit', 'anchor', '--store', history.store, '--key', history.at('other.key')]);
    writeFileSync(history.at('other.json'), other.out);
    const args = ['--anchor', history.at('other.json')];
    expect(await reportOn(history.store, ...args)).toMatchObject({ code: 0 });
    expect(await reportOn(history.store, ...args, '--public-key', publicKeyFile)).toMatchObject({ code: 1 });
  });

  test.each([
    [['--anchor', 'no-such-file'], '--anchor'],
    [['--public-key', 'no-such-file'], '--public-key'],
  ])('%j is bad input', async (args, name) => {
    const ran = await mailroom(['audit', 'verify', ...history.args, ...args]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.error).toContain(`${name}: expected`);
  });

  test('of another kind of store, or that is none, is bad input', async () => {
    for (const file of [forged({ store: 'eventstoredb' }), forged({ hash: 'x' }), publicKeyFile]) {
      const ran = await mailroom(['audit', 'verify', ...history.args, '--anchor', file]);
      expect(ran).toMatchObject({ code: 2, out: '' });
    }
  });

  test('is not made of a damaged history, nor with what is no key', async () => {
    const damaged = bySql('DELETE FROM events WHERE position = 5');
    const args = ['audit', 'anchor', '--store', damaged, '--key'];
    expect(await mailroom([...args, history.at('audit.key')])).toMatchObject({ code: 1, out: '' });
    for (const key of [publicKeyFile, history.at('no-such-key')]) {
      expect(await mailroom([...args, key])).toMatchObject({ code: 2, out: '' });
    }
  });

  test('is signed by a key that only its owner can read, and that is never overwritten', async () => {
    if (process.platform !== 'win32') expect(statSync(history.at('audit.key')).mode & 0o777).toBe(0o600);
    const before = readFileSync(history.at('audit.key'), 'utf8');
    expect(await mailroom(['audit', 'key', history.at('audit.key'), '--new'])).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(history.at('audit.key'), 'utf8')).toBe(before);
  });
});

test('an event that cannot be read is found, and told by its place and type', async () => {
  const file = await rewritten((events) =>
    events.map((event) => (event.type === 'MailboxApproved' ? { ...event, data: { mailboxId: 'none' } } : event)),
  );
  const report = await reportOn(file);
  expect(statusOf(report, 'events')).toBe('failed');
  expect(report.checks.find(({ check }) => check === 'events')?.detail).toMatchObject({
    unreadable: 2,
    examples: [{ type: 'MailboxApproved' }, { type: 'MailboxApproved' }],
  });
});

test('a kept row that is not what the history says is found', async () => {
  const views = history.at('changed-views.db');
  copyFileSync(history.at('views.db'), views);
  const args = ['--views', views];
  expect(statusOf(await reportOn(history.store, ...args), 'views')).toBe('passed');
  const database = new Database(views);
  const tables = database.prepare(
    `SELECT name FROM sqlite_master WHERE name GLOB 'view_rows_[0-9]*' AND type = 'table'`,
  );
  for (const { name } of tables.all() as { name: string }[]) {
    database.exec(`UPDATE ${name} SET row = replace(row, '"approved"', '"rejected"')`);
  }
  database.close();
  const report = await reportOn(history.store, ...args);
  expect(statusOf(report, 'views')).toBe('failed');
  expect(report).toMatchObject({ code: 1, sound: false });
});

test('the report can be read by a person', async () => {
  const { code, out } = await mailroom(['audit', 'verify', ...history.args, '--anchor', anchorFile]);
  expect(code).toBe(0);
  expect(out).toMatch(/✓ chain of hashes +\d+ events/);
  expect(out).toContain('- views');
});
