import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { start } from './start.ts';
import type { Sandbox } from './sandbox.ts';
import { recorded } from './test-support.ts';

const probe = fileURLToPath(new URL('../test-data/probe.mjs', import.meta.url));
const here = fileURLToPath(new URL('..', import.meta.url));
const { answers } = JSON.parse(recorded('answers-23.10.8.json')) as { answers: Record<string, unknown> };

/** Not imitated: see the README. */
const ASIDE = ['persistent subscription life'];

/** The questions listen for so many seconds, which is too short on a busy machine: a wrong answer is wrong every time. */
const ASKED = 3;
/** Processes that ask at the same time. */
const LANES = 8;

/** Beginnings of questions: the slow ones wait for silence, so they are asked side by side. */
const GROUPS = [
  'a',
  'b',
  'checkpoints',
  'd',
  'f',
  'l',
  'm',
  'n',
  'o',
  'partial',
  'r',
  'sa',
  'so',
  'sy',
  't',
  'subscribe to a stream',
  'subscribe to a missing',
  'subscribe,',
  'subscribe with',
  'subscribe to all after',
  'subscribe to all, type',
  'subscribe to all, stream',
  'subscribe to all, without',
  '1',
  '6',
];

describe('the questions that a real server was asked', () => {
  let sandbox: Sandbox;
  const given: Record<string, unknown> = {};

  beforeAll(async () => {
    sandbox = await start();
    const ask = async (group: string): Promise<void> => {
      const args = [probe, sandbox.connectionString, '--only', group];
      for (let asked = 0; asked < ASKED; asked += 1) {
        const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: here });
        const got = JSON.parse(stdout) as Record<string, unknown>;
        Object.assign(given, got);
        if (Object.entries(got).every(([question, answer]) => isDeepStrictEqual(answer, answers[question]))) return;
      }
    };
    const waiting = [...GROUPS];
    const lane = async (): Promise<void> => {
      for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) await ask(group);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }, 240_000);
  afterAll(() => sandbox.close());

  it.each(Object.keys(answers).filter((question) => !ASIDE.includes(question)))('%s', (question) => {
    expect(given[question]).toEqual(answers[question]);
  });
});
