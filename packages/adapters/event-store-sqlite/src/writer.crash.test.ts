import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import { runsOf } from '@mailroom/domain/testing';
import { describe, expect, it } from 'vitest';
import { type Seal, sqliteEventStore } from './index.ts';
import { right, temporaryFolder } from './test-support.ts';

const program = fileURLToPath(new URL('./writer-process.ts', import.meta.url));

/** Starts a writer; `acknowledged` grows by the events that it said were written. */
const startWriter = (file: string, name: string, writers: number, total?: number) => {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--conditions=@mailroom/source',
      program,
      file,
      name,
      String(writers),
      ...(total ? [String(total)] : []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const acknowledged: string[] = [];
  let rest = '';
  let problem = '';
  let onLine: () => void = () => undefined;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    acknowledged.push(...lines);
    onLine();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (problem += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    acknowledged,
    ended,
    problem: () => problem,
    /** Resolves when so many events have been acknowledged (or the process ended). */
    hasWritten: (count: number) =>
      Promise.race([
        ended,
        new Promise<void>((resolve) => {
          onLine = () => {
            if (acknowledged.length >= count) resolve();
          };
          onLine();
        }),
      ]),
  };
};

/** The history of the file, checked in every way there is: by the chain, by stream, and against what was acknowledged. */
const check = async (file: string, acknowledged: readonly string[], seal: Seal | null): Promise<Seal | null> => {
  const store = sqliteEventStore({ file });
  const verified = await store.verify(...(seal === null ? [] : [seal]))();
  if (E.isLeft(verified)) throw new Error(JSON.stringify(verified.left));
  expect(await right(store.checkIntegrity)).toEqual([]);

  const seen = new Set<string>();
  const revisions = new Map<string, number>();
  let count = 0;
  for await (const batch of store.readAll()) {
    if (E.isLeft(batch)) throw new Error(batch.left._tag);
    for (const { id, stream, revision } of batch.right) {
      count += 1;
      seen.add(`${stream} ${id}`);
      expect(revision).toBe((revisions.get(stream) ?? -1) + 1);
      revisions.set(stream, revision);
    }
  }
  // Nothing doubled, nothing acknowledged lost.
  expect(seen.size).toBe(count);
  expect(acknowledged.filter((line) => !seen.has(line))).toEqual([]);
  for (const [stream, last] of revisions) {
    const ofStream = await right(store.readStream(stream as never));
    expect(ofStream).toHaveLength(last + 1);
  }
  await store.close();
  return verified.right.seal;
};

describe('a process that writes', () => {
  const runs = runsOf({ small: 3, ci: 50, full: 1000 });

  it(
    `loses and doubles nothing when it is killed at any moment (${runs} times)`,
    async () => {
      const file = join(temporaryFolder(), 'events.db');
      await sqliteEventStore({ file }).close();
      const acknowledged: string[] = [];
      let seal: Seal | null = null;
      for (let run = 0; run < runs; run++) {
        const writer = startWriter(file, `run${run}`, 16);
        // From the first acknowledgement on, a moment that differs from run to run.
        await writer.hasWritten(1 + Math.floor(Math.random() * 3000));
        writer.child.kill('SIGKILL');
        await writer.ended;
        expect(writer.problem()).toBe('');
        acknowledged.push(...writer.acknowledged);
        seal = await check(file, acknowledged, seal);
      }
      expect(acknowledged.length).toBeGreaterThan(runs);
    },
    60_000 + runs * 20_000,
  );

  it('shares the file with others that write at the same time', async () => {
    const file = join(temporaryFolder(), 'events.db');
    const total = 800;
    const writers = ['a', 'b', 'c'].map((name) => startWriter(file, name, 8, total));
    // One of them dies with its lock, in the middle.
    const victim = startWriter(file, 'victim', 8);
    await victim.hasWritten(50);
    victim.child.kill('SIGKILL');
    await victim.ended;
    for (const writer of writers) {
      expect(await writer.ended).toBe(0);
      expect(writer.problem()).toBe('');
      expect(writer.acknowledged.length).toBeGreaterThanOrEqual(total);
    }
    await check(
      file,
      [...writers, victim].flatMap(({ acknowledged }) => acknowledged),
      null,
    );
  }, 120_000);
});
