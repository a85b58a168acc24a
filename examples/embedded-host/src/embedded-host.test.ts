import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningPersonas, startPersonas } from '@mailroom/mail-sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentOf } from './test-support/company.ts';
import { drive } from './test-support/drive.ts';
import { readSettings } from './settings.ts';
import { start } from './start.ts';

let folder: string;
let sandbox: RunningPersonas;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-embedded-'));
  sandbox = await startPersonas();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a day over HTTP; stopping ends every stream', async () => {
  const running = await start(readSettings(environmentOf(folder, sandbox)));
  const streams = await drive(running.url, sandbox);
  await running.stop();
  await Promise.all(streams.map(({ ended }) => ended));
  await expect(fetch(running.url)).rejects.toThrow();
});

test('once stopped, nothing keeps its process alive', async () => {
  const program = fileURLToPath(new URL('./test-support/open-drive-close.ts', import.meta.url));
  const args = ['--import', 'tsx', '--conditions=@mailroom/source', program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  const { before, after } = JSON.parse(output) as { before: string[]; after: string[] };
  expect(after).toEqual(before);
});

test.each(['PORT', 'USERS', 'STARTS_AT'])('without a usable %s it says what it expects', (name) =>
  expect(() => readSettings({ USERS: 'users.json', [name]: name === 'USERS' ? undefined : 'x' })).toThrow(
    new RegExp(`^${name}: expected`),
  ),
);
