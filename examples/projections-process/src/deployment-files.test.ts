import { readFileSync } from 'node:fs';
import { processKeys, processSettings } from '@mailroom/projections/configuration';
import { expect, test } from 'vitest';
import { mailroom } from './test-support/running.ts';

const text = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const variables: readonly string[] = ['MAILROOM_CONFIG', ...processKeys.map((key) => processSettings[key].variable)];

test.each(['Dockerfile', 'mailroom-projections.service', 'README.md'])(
  '%s names only variables that there are',
  (name) => {
    for (const [variable] of text(name).matchAll(/MAILROOM_[A-Z_]+/g)) expect(variables).toContain(variable);
  },
);

const commandsOf: Readonly<Record<string, () => readonly string[]>> = {
  Dockerfile: () => {
    const file = text('Dockerfile');
    const listAfter = (word: string): readonly string[] =>
      JSON.parse(new RegExp(`^${word} (\\[.*\\])$`, 'm').exec(file)?.[1] ?? '[]') as string[];
    return [...listAfter('ENTRYPOINT').slice(2), ...listAfter('CMD')];
  },
  'mailroom-projections.service': () =>
    /^ExecStart=\S+ (.*)$/m.exec(text('mailroom-projections.service'))?.[1]?.split(' ') ?? [],
};

test.each(Object.keys(commandsOf))('the command of %s is one that there is', async (name) => {
  const args = commandsOf[name]?.() ?? [];
  expect(args.slice(0, 2)).toEqual(['projections', 'run']);
  const { ended, said } = mailroom([...args, '--help'], {});
  expect(await ended).toBe(0);
  expect(said()).toContain('--stale-after');
});

test('the image and the unit leave it the five seconds that it may take to end', () => {
  expect(text('Dockerfile')).toMatch(/^STOPSIGNAL SIGTERM$/m);
  const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(text('mailroom-projections.service')) ?? [];
  expect(Number(seconds)).toBeGreaterThan(5);
});
