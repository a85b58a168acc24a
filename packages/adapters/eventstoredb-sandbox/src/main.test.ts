import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { NO_STREAM } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { connect, events, readAll, unary } from './test-support.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const run = async (): Promise<string> => {
  child = spawn(process.execPath, ['--import', 'tsx', main, '--data', join(folder, 'log')], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return line.toString('utf8').trim();
};

it('keeps what it acknowledged when it is killed, and recognises a repeat afterwards', async () => {
  const batch = events('A', 'B');
  const options = { ...unary, expectedRevision: NO_STREAM } as const;
  const first = connect(await run());
  await first.appendToStream('killed-1', batch, options);
  const gone = once(child ?? process, 'exit');
  child?.kill('SIGKILL');
  await gone;
  const second = connect(await run());
  await second.appendToStream('killed-1', batch, options);
  expect(await readAll(second, 'killed-1')).toEqual(['A@0', 'B@1']);
  await second.dispose();
});
