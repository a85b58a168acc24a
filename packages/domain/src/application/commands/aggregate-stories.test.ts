import { describe, expect, test } from 'vitest';
import { aggregateStories, stories } from '../../testing/stories/index.ts';
import { sentences } from '../sentences.ts';

describe.each(Object.keys(aggregateStories))('%s', (command) => {
  test.each(Object.entries(aggregateStories[command] ?? {}))('is turned down: %s', (rule, decided) => {
    expect(decided()).toMatchObject({ left: { _tag: rule } });
  });
});

test('there is no rejection that no story meets', () => {
  const met = [...Object.values(stories).map(({ refused }) => refused), ...Object.values(aggregateStories)];
  // Wrong input and missing privileges are tried with every command.
  const known = new Set(['InvalidCommand', 'PrivilegeMissing', ...met.flatMap((rules) => Object.keys(rules))]);
  const declared = sentences.rejections.map(({ key }) => key.replace('rejection.', ''));
  expect(declared.filter((rule) => !known.has(rule))).toEqual([]);
});
