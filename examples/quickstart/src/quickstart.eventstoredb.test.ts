import { start } from '@mailroom/eventstoredb-sandbox';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { essenceOf } from './test-support/essence.ts';
import { historyOf } from './test-support/history.ts';
import { dataFolder, documentOf, hasPrinted, startQuickstart } from './test-support/quickstart-process.ts';

/** Commands have been written; results have not come, or not all of them. */
const testing = /^Testing \d+ mailboxes/m;

/** A real server when EVENTSTOREDB_URL names one, else the scripted one. */
const real = process.env['EVENTSTOREDB_URL'];
let expected: Awaited<ReturnType<typeof runOn>>;

type Run = ReturnType<typeof startQuickstart>;

/** Statuses and alerts as the run printed them, and the history as its store tells it. */
const endOf = async ({ finished }: Run, data: string, store: string | undefined) => {
  const document = documentOf(await finished);
  return { ...essenceOf(document), history: await historyOf(data, store) };
};
const runOn = (data: string, store: string | undefined) =>
  endOf(startQuickstart(data, ['--json', ...(store === undefined ? [] : ['--store', store])]), data, store);

/** What was said of tests once each, everything else as often as it was said. */
const oncePerTest = <End extends { readonly history: Awaited<ReturnType<typeof historyOf>> }>(end: End): End => ({
  ...end,
  history: Object.fromEntries(
    Object.entries(end.history).map(([subject, lines]) => [
      subject,
      lines.filter((line, index) => !line.includes('Test') || lines.indexOf(line) === index),
    ]),
  ),
});

/**
 * A scripted server of its own for each test: a history has one vault, and here each run has another. What one run still
 * owes, the next would carry out on the same server, and seal with keys of its own.
 */
const ownServer = async () => {
  const sandbox = await start();
  onTestFinished(() => sandbox.close());
  return sandbox;
};
const ownAddress = async (): Promise<string> => real ?? (await ownServer()).connectionString;

beforeAll(async () => {
  const data = dataFolder();
  expected = await runOn(data.path, undefined);
  data.remove();
}, 120_000);

test('on EventStoreDB the story ends with the same statuses, alerts and history as on SQLite', async () => {
  const data = dataFolder();
  expect(await runOn(data.path, await ownAddress())).toEqual(expected);
  data.remove();
}, 120_000);

test('killed on the way and started again, it ends the same', async () => {
  const data = dataFolder();
  const address = await ownAddress();
  const { child, finished } = startQuickstart(data.path, ['--json', '--store', address]);
  await hasPrinted(child, testing);
  child.kill('SIGKILL');
  await finished;
  // A new run tests anew what does not work: it may say of tests twice what an undisturbed one says once, and no more.
  expect(oncePerTest(await runOn(data.path, address))).toEqual(oncePerTest(expected));
  data.remove();
}, 120_000);

test.runIf(real === undefined)(
  'a server that is killed on the way and comes back does not change the end',
  async () => {
    const data = dataFolder();
    const sandbox = await ownServer();
    const address = sandbox.connectionString;
    const running = startQuickstart(data.path, ['--json', '--store', address]);
    await hasPrinted(running.child, testing);
    await sandbox.kill();
    // How long the server is away.
    await delay(1_000);
    await sandbox.restart();
    expect(await endOf(running, data.path, address)).toEqual(expected);
    data.remove();
  },
  120_000,
);
