import { start } from '@mailroom/eventstoredb-sandbox';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { essenceOf } from './test-support/essence.ts';
import { dataFolder, documentOf, hasPrinted, startQuickstart } from './test-support/quickstart-process.ts';

/** Commands have been written; results have not come, or not all of them. */
const testing = /^Testing \d+ mailboxes/m;

/** A real server when EVENTSTOREDB_URL names one, else the scripted one. */
const real = process.env['EVENTSTOREDB_URL'];
let sandbox: Awaited<ReturnType<typeof start>> | undefined;
let address: string;
let expected: ReturnType<typeof essenceOf>;

const runOn = async (data: string, store: string | undefined) => {
  const args = store === undefined ? [] : ['--store', store];
  return essenceOf(documentOf(await startQuickstart(data, ['--json', ...args]).finished));
};

beforeAll(async () => {
  sandbox = real === undefined ? await start() : undefined;
  address = real ?? sandbox?.connectionString ?? '';
  const data = dataFolder();
  expected = await runOn(data.path, undefined);
  data.remove();
}, 120_000);
afterAll(() => sandbox?.close());

test('on EventStoreDB the story ends with the same statuses and alerts as on SQLite', async () => {
  const data = dataFolder();
  expect(await runOn(data.path, address)).toEqual(expected);
  data.remove();
}, 120_000);

test('killed on the way and started again, it ends the same', async () => {
  const data = dataFolder();
  const { child, finished } = startQuickstart(data.path, ['--json', '--store', address]);
  await hasPrinted(child, testing);
  child.kill('SIGKILL');
  await finished;
  expect(await runOn(data.path, address)).toEqual(expected);
  data.remove();
}, 120_000);

test.runIf(real === undefined)(
  'a server that is killed on the way and comes back does not change the end',
  async () => {
    const data = dataFolder();
    const { child, finished } = startQuickstart(data.path, ['--json', '--store', address]);
    await hasPrinted(child, testing);
    await sandbox?.kill();
    // How long the server is away.
    await delay(1_000);
    await sandbox?.restart();
    expect(essenceOf(documentOf(await finished))).toEqual(expected);
    data.remove();
  },
  120_000,
);
