import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const file = 'docs/seed-coverage.md';
/** The least number of rows of each table: one that lost some would still look complete. */
const leastRows = [70, 17];

/** A test as the page names it: its file, and its name with those of the groups around it. */
interface NamedTest {
  readonly line: number;
  readonly file: string;
  readonly name: readonly string[];
}

/**
 * What is wrong with the page: a table cut short, a row that names no test, a test that there is not. With a report,
 * the JSON that Vitest's own reporter wrote: a test that did not run and pass.
 */
export const problemsOfCoverage = (root: string, report: string | undefined): readonly string[] => {
  const tables = tablesOf(readFileSync(join(root, file), 'utf8'));
  const rows = tables.flat();
  const named = rows.flatMap(namedIn);
  const known = report === undefined ? testsIn(root, named) : testsThatPassed(root, report);
  return [
    ...leastRows
      .filter((least, index) => (tables[index]?.length ?? 0) < least)
      .map((least) => `${file}: a table has less than ${least} rows`),
    ...rows.filter((row) => namedIn(row).length === 0).map(({ line }) => `${file}:${line}: names no test`),
    ...named
      .filter(({ file: of, name }) => !known.has(keyOf(of, name)))
      .map(({ line, file: of, name }) => `${file}:${line}: ${of} › ${name.join(' › ')} ${problemWith(report)}`),
  ];
};

const problemWith = (report: string | undefined): string =>
  report === undefined ? 'does not exist' : 'did not run and pass';

const keyOf = (path: string, name: readonly string[]): string => [path.replaceAll('\\', '/'), ...name].join(' › ');

const testsThatPassed = (root: string, report: string): ReadonlySet<string> => {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  return new Set(
    testResults.flatMap(({ name: path, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'passed')
        .map(({ ancestorTitles, title }) => keyOf(relative(root, path), [...ancestorTitles, title])),
    ),
  );
};

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly ancestorTitles: readonly string[];
      readonly title: string;
    }[];
  }[];
}

interface Row {
  readonly line: number;
  readonly text: string;
}

/** The rows of each table, without its head. */
const tablesOf = (page: string): readonly (readonly Row[])[] => {
  const tables: Row[][] = [];
  const lines = page.split('\n');
  for (const [index, text] of lines.entries()) {
    if (/^\|[ -]+\|/.test(text) && /^[|\s-]+$/.test(text)) tables.push([]);
    else if (text.startsWith('|') && lines[index - 1]?.startsWith('|')) tables.at(-1)?.push({ line: index + 1, text });
  }
  return tables;
};

/** A test stands as `` `packages/x.test.ts` › group › name ``, several of them apart by `<br>`, in the last cell. */
const namedIn = ({ line, text }: Row): readonly NamedTest[] =>
  (text.replaceAll('\\|', '¦').split('|').at(-2) ?? '')
    .split('<br>')
    .map((part) => /^`([^`]+\.test\.ts)` › (.+)$/.exec(part.trim()))
    .filter((match) => match !== null)
    .map(([, path = '', name = '']) => ({ line, file: path, name: name.replaceAll('¦', '|').split(' › ') }));

/** Every test of the files that are named, as Vitest itself finds them: many get their names while a file is loaded. */
const testsIn = (root: string, named: readonly NamedTest[]): ReadonlySet<string> => {
  const files = [...new Set(named.map(({ file: path }) => path))].filter((path) => existsSync(join(root, path)));
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  // The option comes last: what follows it would be taken for a file to write to.
  const { stdout, status } = spawnSync(process.execPath, [vitest, 'list', ...files, '--json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  if (status !== 0) throw new Error('vitest list failed: a test file cannot be loaded');
  const listed = JSON.parse(stdout.slice(stdout.indexOf('['))) as readonly Listed[];
  return new Set(listed.map(({ name, file: path }) => keyOf(relative(root, path), name.split(' > '))));
};

interface Listed {
  readonly name: string;
  readonly file: string;
}
