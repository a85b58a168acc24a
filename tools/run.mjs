// Runs a script of package.json on a machine that has nothing but Node and npm. Plain JavaScript without dependencies,
// because it is what installs them; Node and not a shell, because people work on Windows too.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pnpm = 'pnpm@10.34.9';

const bin = (path) => [join(root, 'node_modules', path)];
const source = (path) => ['--import', 'tsx', '--conditions=@mailroom/source', join(root, path)];
/** As it is published: what the loader of the other scripts adds for readable stacks must not be measured. */
const bench = (path) => [
  '--import',
  './benchmarks/support/as-published.mjs',
  '--conditions=@mailroom/source',
  join(root, path),
];
const vitest = (...args) => [...bin('vitest/vitest.mjs'), 'run', ...args];

/** What each script runs, one after the other. The arguments of the caller go to the last one. */
const scripts = {
  quickstart: () => [source('examples/quickstart/src/main.ts')],
  'example:audit-replay': () => [source('examples/audit-replay/src/main.ts')],
  'example:embedded-host': () => [source('examples/embedded-host/src/demo.ts')],
  test: () => [vitest()],
  lint: () => [[...bin('eslint/bin/eslint.js'), '.', '--max-warnings=0']],
  build: () => [[...bin('typescript/bin/tsc'), '-b']],
  pack: () => [[...bin('typescript/bin/tsc'), '-b'], source('tools/pack.ts')],
  check: () => [
    [...bin('typescript/bin/tsc'), '-b'],
    [...bin('typescript/bin/tsc'), '-p', 'tools'],
    [...bin('typescript/bin/tsc'), '-p', 'benchmarks'],
    [
      ...bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'packages',
      'examples',
    ],
    [...bin('knip/bin/knip.js')],
    [...bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
    [...source('tools/docs.ts'), '--check'],
  ],
  'check:packages': () => [[...bin('typescript/bin/tsc'), '-b'], source('tools/check-packages.ts')],
  format: () => [[...bin('prettier/bin/prettier.cjs'), '--write', '--log-level=warn', '.']],
  docs: () => [source('tools/docs.ts')],
  mutation: () => [[...bin('@stryker-mutator/core/bin/stryker.js'), 'run']],
  'bench:mail': () => [bench('benchmarks/mail/main.ts')],
  'bench:events': () => [bench('benchmarks/events/main.ts')],
  'bench:projections': () => [bench('benchmarks/projections/main.ts')],
  'test:crash': () => [vitest('.crash.test.ts')],
  'test:fuzz': () => [vitest('.fuzz.test.ts')],
  'test:faults': () => [vitest('.faults.test.ts')],
  'test:eventstoredb': () => [vitest('.eventstoredb.test.ts')],
};

/** The random tests run in their full size when they are asked for by name; `--runs N` says how often instead. */
const sized = new Set(['test:crash', 'test:fuzz', 'test:faults']);

const run = (command, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.on('error', (error) => {
      console.error(error.message);
      resolve(3);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });

/** Installs what the lock file names, unless exactly that is installed. Its output goes to standard error. */
const install = async () => {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.mailroom-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return 0;
  console.error('Setting up: installing the packages of the lock file (once).');
  // On Windows npx is a .cmd file, which only a shell can start.
  const code = await run('npx', ['-y', pnpm, 'install', '--frozen-lockfile'], {
    stdio: ['inherit', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, CI: process.env.CI ?? 'true' },
  });
  if (code === 0) writeFileSync(stamp, lock);
  return code;
};

const [name = '', ...given] = process.argv.slice(2);
const steps = scripts[name];
if (steps === undefined) {
  console.error(`Unknown script "${name}". Known: ${Object.keys(scripts).join(', ')}.`);
  process.exit(2);
}

let code = await install();
if (code !== 0) process.exit(3);

const env = { ...process.env };
let args = given;
if (sized.has(name)) {
  env.MAILROOM_SIZE = 'full';
  const at = args.indexOf('--runs');
  if (at >= 0) {
    env.MAILROOM_RUNS = args[at + 1];
    args = [...args.slice(0, at), ...args.slice(at + 2)];
  }
}

const all = steps();
for (const [index, step] of all.entries()) {
  const failed = await run(process.execPath, index === all.length - 1 ? [...step, ...args] : step, { env });
  if (failed !== 0) {
    // `check` shows everything that is wrong, not only the first thing.
    code = failed;
    if (name !== 'check') break;
  }
}
process.exit(code);
