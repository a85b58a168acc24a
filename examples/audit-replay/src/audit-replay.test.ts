import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type History, openHistory } from '@mailroom/projections/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesUntil, momentsOf, secondsToWorking, standingAt } from './questions.ts';

interface Document {
  readonly mailboxes: readonly {
    readonly address: string;
    readonly incoming: { readonly status: string; readonly kind?: string };
    readonly outgoing: { readonly status: string };
  }[];
}

let root: string;
let folder: string;
let document: Document;
let history: History;

const runs = async (program: string, args: readonly string[]): Promise<readonly [number | null, string, string]> => {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@mailroom/source', path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', MAILROOM_DATA: root },
  });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return [code, output, complaints];
};

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mailroom-audit-'));
  folder = join(root, 'quickstart');
  const [code, output, complaints] = await runs('../../quickstart/src/main.ts', ['--json']);
  if (code !== 0) throw new Error(`the quickstart ended with ${code ?? 'a signal'}: ${complaints}`);
  document = JSON.parse(output) as Document;
  history = await openHistory({
    store: join(folder, 'mailroom.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'vault.key') } },
  });
}, 120_000);
afterAll(async () => {
  await history.close();
  rmSync(root, { recursive: true, force: true });
});

test('before anything happened there was nothing, and now the mailboxes stand as the quickstart says', async () => {
  expect(await standingAt(history, new Date(0))).toEqual([]);
  const now = await standingAt(history, new Date());
  const pairs = (boxes: readonly { incoming: string; outgoing: string }[]) =>
    boxes.map(({ incoming, outgoing }) => `${incoming} ${outgoing}`).sort();
  expect(pairs(now)).toEqual(
    pairs(
      document.mailboxes.map(({ incoming, outgoing }) => ({ incoming: incoming.status, outgoing: outgoing.status })),
    ),
  );
});

test('each moment shows what had been done by then, and no more', async () => {
  const moments = await momentsOf(history);
  expect(moments.length).toBeGreaterThan(10);
  for (const until of moments) {
    for (const { mailboxId, approval, incoming } of await standingAt(history, until)) {
      const done = (await linesUntil(history, mailboxId, until)).map(({ type }) => type);
      expect(done[0]).toBe('MailboxRegistered');
      expect(approval === 'approved').toBe(done.includes('MailboxApproved'));
      if (incoming === 'success') expect(done).toContain('ChannelTestSucceeded');
      if (incoming === 'failure') expect(done).toContain('ChannelTestFailed');
    }
  }
});

test('a view of our own answers what nobody had thought of', async () => {
  const answers = [...(await secondsToWorking(history)).values()];
  const working = document.mailboxes.filter(
    ({ incoming, outgoing }) => incoming.status === 'success' || outgoing.status === 'success',
  );
  expect(answers.filter(({ seconds }) => seconds !== null)).toHaveLength(working.length);
  expect(answers.some(({ failures }) => failures.some((failure) => failure.startsWith('InvalidCredentials')))).toBe(
    true,
  );
  // One that healed by itself works now, and what was in its way is remembered.
  expect(answers.some(({ seconds, failures }) => seconds !== null && failures.length > 0)).toBe(true);
});

test('without the vault people have no names', async () => {
  const closed = await openHistory({ store: join(folder, 'mailroom.db') });
  try {
    const names = (await standingAt(closed, new Date())).map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(['[erased]']));
  } finally {
    await closed.close();
  }
});

test('the program tells it all, and names what it cannot open', async () => {
  const [code, output] = await runs('./main.ts', [folder]);
  expect(code).toBe(0);
  expect(output).toMatch(/administrator, RegisterMailbox: /);
  expect(output).toMatch(/does not work yet.*InvalidCredentials/);
  expect(await runs('./main.ts', [join(root, 'nowhere')])).toEqual([2, '', expect.stringContaining('store')]);
  expect(await runs('./main.ts', [folder, 'yesterday'])).toEqual([2, '', expect.stringContaining('date-time')]);
});
