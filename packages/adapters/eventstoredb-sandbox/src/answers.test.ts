import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { start } from './start.ts';
import type { Sandbox } from './sandbox.ts';
import { recorded } from './test-support.ts';

const probe = fileURLToPath(new URL('../test-data/probe.mjs', import.meta.url));
const here = fileURLToPath(new URL('..', import.meta.url));
const { answers } = JSON.parse(recorded('answers-23.10.8.json')) as { answers: Record<string, unknown> };

/** Not imitated: see the README. */
const ASIDE = ['persistent subscription life'];

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
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: here });
      Object.assign(given, JSON.parse(stdout));
    };
    await Promise.all(GROUPS.map(ask));
  }, 120_000);
  afterAll(() => sandbox.close());

  it.each(Object.keys(answers).filter((question) => !ASIDE.includes(question)))('%s', (question) => {
    expect(given[question]).toEqual(answers[question]);
  });
});
