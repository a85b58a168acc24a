import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, Position, Seal } from '@mailroom/domain';
import { runsOf } from '@mailroom/domain/testing';
import { describe, expect, it } from 'vitest';
import { sqliteEventStore } from './index.ts';
import { right, temporaryFolder } from './test-support.ts';

const program = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
const loader = ['--import', 'tsx', '--conditions=@mailroom/source'];

/**
 * A process that has loaded its code and will write when it is told to (loading takes longer than all the rest, so the
 * next one loads meanwhile). `acknowledged` grows by the events that it said were written.
 */
const prepareWriter = (file: string, name: string, writers: number, total?: number) => {
  const child: ChildProcess = spawn(
    process.execPath,
    [...loader, program, file, name, String(writers), ...(total === undefined ? [] : [String(total)])],
    { stdio: ['pipe', 'pipe', 'pipe'] },
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
    start: () => child.stdin?.end('go\n'),
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

/** What is in the store after a position: one line an event, as writers acknowledge them. Each may stand there once. */
const linesAfter = async (store: EventStore, after: Position | undefined): Promise<ReadonlySet<string>> => {
  const seen = new Set<string>();
  let count = 0;
  for await (const batch of store.readAll(after === undefined ? {} : { after })) {
    if (E.isLeft(batch)) throw new Error(batch.left._tag);
    count += batch.right.length;
    for (const { id, stream } of batch.right) seen.add(`${stream} ${id}`);
  }
  expect(seen.size).toBe(count);
  return seen;
};

/** After a kill: the chain holds from the seal of the kill before on, and whatever was acknowledged since is there. */
const checkSince = async (file: string, acknowledged: readonly string[], seal: Seal | null): Promise<Seal | null> => {
  const store = sqliteEventStore({ file });
  const verified = await right(store.verify(seal === null ? {} : { after: seal }));
  const seen = await linesAfter(store, seal?.position);
  expect(acknowledged.filter((line) => !seen.has(line))).toEqual([]);
  await store.close();
  return verified.seal;
};

/** Checks the whole file in every way there is: by SQLite, by the chain, by stream, and against what was acknowledged. */
const checkAll = async (file: string, acknowledged: readonly string[], known: readonly Seal[]): Promise<void> => {
  const store = sqliteEventStore({ file });
  await right(store.verify({ known }));
  expect(await right(store.checkIntegrity)).toEqual([]);
  const seen = await linesAfter(store, undefined);
  expect(acknowledged.filter((line) => !seen.has(line))).toEqual([]);

  const byStream = new Map<string, number>();
  for (const line of seen) {
    const [stream = ''] = line.split(' ');
    byStream.set(stream, (byStream.get(stream) ?? 0) + 1);
  }
  for (const [stream, count] of byStream) {
    const revisions = (await right(store.readStream(stream as never))).map(({ revision }) => revision);
    expect(revisions).toEqual(Array.from({ length: count }, (_, revision) => revision));
  }
  await store.close();
};

describe('a process that writes', () => {
  const runs = runsOf({ small: 3, ci: 50, full: 1000 });
  /** Kills of one file: it meets indexing and checkpoints many times, and stays small enough to be read whole. */
  const killsOfFile = 100;
  /** Appends are written together, and every third time each is written alone. */
  const writersOf = (run: number): number => (run % 3 === 1 ? 1 : 16);

  it(
    `loses and doubles nothing when it is killed at any moment (${runs} times)`,
    async () => {
      let total = 0;
      for (let from = 0; from < runs; from += killsOfFile) {
        const file = join(temporaryFolder(), 'events.db');
        await sqliteEventStore({ file }).close();
        const acknowledged: string[] = [];
        const seals: Seal[] = [];
        const upTo = Math.min(runs, from + killsOfFile);
        let next = prepareWriter(file, `run${from}`, writersOf(from));
        for (let run = from; run < upTo; run++) {
          const writer = next;
          writer.start();
          if (run + 1 < upTo) next = prepareWriter(file, `run${run + 1}`, writersOf(run + 1));
          // From the first acknowledgement on, a moment that differs from run to run.
          await writer.hasWritten(1 + Math.floor(Math.random() * (writersOf(run) === 1 ? 300 : 3000)));
          writer.child.kill('SIGKILL');
          await writer.ended;
          expect(writer.problem()).toBe('');
          const seal = await checkSince(file, writer.acknowledged, seals.at(-1) ?? null);
          if (seal !== null) seals.push(seal);
          acknowledged.push(...writer.acknowledged);
        }
        await checkAll(file, acknowledged, seals);
        total += acknowledged.length;
      }
      expect(total).toBeGreaterThan(runs);
    },
    60_000 + runs * 5000,
  );

  it('shares the file with others that write at the same time', async () => {
    const file = join(temporaryFolder(), 'events.db');
    const total = 800;
    const writers = ['a', 'b', 'c'].map((name) => prepareWriter(file, name, name === 'c' ? 1 : 8, total));
    // One of them dies with its lock, in the middle.
    const victim = prepareWriter(file, 'victim', 8);
    for (const { start } of [...writers, victim]) start();
    await victim.hasWritten(50);
    victim.child.kill('SIGKILL');
    await victim.ended;
    for (const writer of writers) {
      expect(await writer.ended).toBe(0);
      expect(writer.problem()).toBe('');
      expect(writer.acknowledged.length).toBeGreaterThanOrEqual(total);
    }
    await checkAll(
      file,
      [...writers, victim].flatMap(({ acknowledged }) => acknowledged),
      [],
    );
  }, 120_000);
});
