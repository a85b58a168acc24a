import { aggregateStories, stories } from '../../packages/domain/src/testing/stories/index.ts';
import { readRefusals } from './read-refusals.ts';

/** Proved for every command at once: what needs a privilege. */
const ofEvery = 'PrivilegeMissing';

/**
 * Rules by which the code can turn a command down, and no test proves it: each needs a story of its command in
 * packages/domain/src/testing/stories, or a reason there why it never comes up. A story of a rule that is no longer
 * there is a problem too.
 */
export const problemsOfRefusals = (root: string): readonly string[] => {
  const { hosts, aggregates } = readRefusals(root);
  const problems: string[] = [];
  for (const [command, { refused, never }] of Object.entries(stories)) {
    const told = new Set([...Object.keys(refused), ...Object.keys(never)]);
    const found = hosts.get(command) ?? new Set();
    problems.push(
      ...without(found, told).map((rule) => `${command}: no story of ${rule}`),
      ...without(told, found).map((rule) => `${command}: a story of ${rule}, which it never gives`),
    );
  }
  for (const [command, rules] of aggregates) {
    const own = Object.keys(aggregateStories[command] ?? {});
    const ofHost = Object.entries(stories).find(([name]) => name === command)?.[1].refused ?? {};
    problems.push(
      ...without(rules, new Set([...own, ...Object.keys(ofHost)])).map((rule) => `${command}: no story of ${rule}`),
      ...without(own, rules).map((rule) => `${command}: a story of ${rule}, which it never gives`),
    );
  }
  return problems;
};

const without = (rules: Iterable<string>, others: ReadonlySet<string>): readonly string[] =>
  [...rules].filter((rule) => rule !== ofEvery && !others.has(rule));
