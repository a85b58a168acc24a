import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Sandbox, start } from '@mailroom/eventstoredb-sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aHistory, type TestHistory } from '../test-support/history.ts';
import { documentOf, mailroom } from '../test-support/mailroom.ts';

/** One record of the file in which the server keeps its log; a line of it is a commit. */
interface Stored {
  readonly stream: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly createdTicks: string;
  readonly revision: string;
  readonly id: string;
}
type Log = readonly (readonly Stored[])[];

let history: TestHistory;
let log: Log;
let anchor: readonly string[];

beforeAll(async () => {
  history = await aHistory('eventstoredb');
  const key = await mailroom(['audit', 'key', history.at('audit.key'), '--new']);
  writeFileSync(history.at('audit.pub'), key.out);
  const taken = await mailroom(['audit', 'anchor', '--store', history.store, '--key', history.at('audit.key')]);
  expect(taken).toMatchObject({ code: 0, error: '' });
  writeFileSync(history.at('anchor.json'), taken.out);
  anchor = ['--anchor', history.at('anchor.json'), '--public-key', history.at('audit.pub')];
  const text = readFileSync(history.at('server.log'), 'utf8');
  log = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Stored[]);
});
afterAll(() => history.close());

/** The report on a server that has come up with this log. */
const reportOn = async (tampered: Log, ...args: readonly string[]) => {
  const dataFile = history.at('tampered.log');
  rmSync(dataFile, { force: true });
  copyFileSync(history.at('server.log'), dataFile);
  writeFileSync(dataFile, tampered.map((commit) => `${JSON.stringify(commit)}\n`).join(''));
  const server: Sandbox = await start({ dataFile });
  try {
    const ran = await mailroom(['audit', 'verify', '--store', server.connectionString, '--json', ...args]);
    const { checks } = documentOf<{ checks: readonly { check: string; status: string }[] }>(ran);
    return { code: ran.code, chain: checks.find(({ check }) => check === 'chain')?.status };
  } finally {
    await server.close();
  }
};

const isOurs = ({ stream }: Stored): boolean => stream.startsWith('mailbox-');
const inBase64 = (text: string, change: (text: string) => string): string =>
  Buffer.from(change(Buffer.from(text, 'base64').toString('utf8')), 'utf8').toString('base64');
const edited = (change: (record: Stored) => Stored): Log => {
  let isDone = false;
  return log.map((commit) =>
    commit.map((record) => {
      if (isDone || !isOurs(record)) return record;
      isDone = true;
      return change(record);
    }),
  );
};
/** The place of the newest commit of a mailbox: without it no stream has a gap. */
const lastOfOurs = (): number => log.findLastIndex((commit) => commit.some(isOurs));

/** The rows of a runner that has followed the true history: with them also the chain of every event as it was written. */
const keptChain = async (): Promise<readonly string[]> => {
  const views = history.at('chain-views.db');
  const where = ['--views', views, '--vault', history.at('vault'), '--vault-key', history.at('vault.key')];
  const ran = await mailroom([
    'projections',
    'run',
    '--once',
    '--store',
    history.store,
    ...where,
    '--log-level',
    'silent',
  ]);
  expect(ran).toMatchObject({ code: 0, error: '' });
  return where;
};

test('without an anchor, the chain that the runner kept shows what was changed or cut off', async () => {
  const kept = await keptChain();
  expect(await reportOn(log, ...kept)).toEqual({ code: 0, chain: 'passed' });
  for (const what of ['changed who did it', 'removed the last event of a mailbox', 'cut off the end'] as const) {
    const tampered = tampering[what]?.() ?? log;
    expect(await reportOn(tampered)).toEqual({ code: 0, chain: 'passed' });
    expect(await reportOn(tampered, ...kept)).toEqual({ code: 1, chain: 'failed' });
  }
});

test('a server that nobody touched passes, also after it came up again', async () => {
  expect(await reportOn(log)).toEqual({ code: 0, chain: 'passed' });
  expect(await reportOn(log, ...anchor)).toEqual({ code: 0, chain: 'passed' });
});

const tampering: Readonly<Record<string, () => Log>> = {
  'changed what an event says': () =>
    edited((record) => ({ ...record, data: inBase64(record.data, (text) => text.replace('"org-1"', '"org-2"')) })),
  'changed who did it': () =>
    edited((record) => ({
      ...record,
      metadata: inBase64(record.metadata, (text) => text.replace('"admin"', '"nobody"')),
    })),
  'changed when it was': () =>
    edited((record) => ({ ...record, createdTicks: String(BigInt(record.createdTicks) + 10_000_000n) })),
  'rewrote the whole with another actor everywhere': () =>
    log.map((commit) =>
      commit.map((record) => ({
        ...record,
        metadata: inBase64(record.metadata, (text) => text.replaceAll('"admin"', '"nobody"')),
      })),
    ),
  'removed the last event of a mailbox': () => log.filter((_, n) => n !== lastOfOurs()),
  'cut off the end': () => log.slice(0, lastOfOurs()),
  'removed everything of ours': () => log.filter((commit) => !commit.some(isOurs)),
};

test.each(Object.keys(tampering))('with the anchor it shows that somebody %s', async (what) => {
  const tampered = tampering[what]?.() ?? log;
  expect(tampered).not.toEqual(log);
  expect(await reportOn(tampered, ...anchor)).toEqual({ code: 1, chain: 'failed' });
});

test('an event that was put in shows', async () => {
  // Written by the server itself before everything else that is newer: as somebody who restored a backup and went on.
  const cut = lastOfOurs();
  const dataFile = history.at('inserted.log');
  writeFileSync(
    dataFile,
    log
      .slice(0, cut)
      .map((commit) => `${JSON.stringify(commit)}\n`)
      .join(''),
  );
  const server = await start({ dataFile });
  const forged = await mailroom([
    ...['audit', 'export', '--store', server.connectionString, '--format', 'ndjson', '--as', 'forger'],
  ]);
  expect(forged.code).toBe(0);
  await server.close();
  const inserted = readFileSync(dataFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Stored[]);
  expect(inserted.length).toBeGreaterThan(cut);
  expect(await reportOn(inserted)).toEqual({ code: 0, chain: 'passed' });
  expect(await reportOn(inserted, ...anchor)).toEqual({ code: 1, chain: 'failed' });
});
