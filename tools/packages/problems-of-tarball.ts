import { join } from 'node:path';
import { run } from './run.ts';
import type { Tarball } from './pack.ts';

/** What tests need and nobody else does. */
const isOnlyForTests = (file: string): boolean =>
  /\.test\.|(^|\/)(test-support|__fixtures__)(\/|\.)|\.tsbuildinfo/.test(file);

/** What is in a tarball that should not be, and what is missing. */
const problemsOfContents = ({ name, files }: Tarball): readonly string[] => {
  const present = new Set(files);
  return [
    ...files.filter(isOnlyForTests).map((file) => `${name}: ${file} is for tests only`),
    ...['package.json', 'README.md'].filter((file) => !present.has(file)).map((file) => `${name}: no ${file}`),
  ];
};

/** What publint and attw say, for packages that are ESM only: `require` of them needs Node 20.19, which is asked for. */
export const problemsOfTarball = async (root: string, tarball: Tarball): Promise<readonly string[]> => {
  const bin = (path: string): string => join(root, 'node_modules', path);
  const linters = [
    [bin('publint/src/cli.js'), tarball.file, '--strict'],
    [bin('@arethetypeswrong/cli/dist/index.js'), tarball.file, '--profile', 'esm-only', '--no-color', '--no-emoji'],
  ];
  const problems = [...problemsOfContents(tarball)];
  for (const args of linters) {
    const { code, output } = await run(process.execPath, args, { cwd: root });
    if (code !== 0) problems.push(`${tarball.name}: ${output.trim()}`);
  }
  return problems;
};
