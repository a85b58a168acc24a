import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningPersonas } from '@mailroom/mail-sandbox';
import { environmentOf } from '../../examples/embedded-host/src/test-support/company.ts';
import { drive } from '../../examples/embedded-host/src/test-support/drive.ts';
import type { Tarball } from './pack.ts';
import { mustRun } from './run.ts';

/** A host application as its developers would set it up: which kind of modules, and what installs them. */
export interface Variant {
  readonly modules: 'module' | 'commonjs';
  readonly installer: 'pnpm' | 'npm';
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

const readManifest = (root: string, path: string): Manifest & Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as Manifest & Record<string, unknown>;

/** The application in an empty folder: its sources, and a manifest that names tarballs where a registry would be. */
const layOut = (root: string, folder: string, { modules, installer }: Variant, tarballs: readonly Tarball[]): void => {
  const example = join(root, 'examples/embedded-host');
  cpSync(join(example, 'src'), join(folder, 'src'), {
    recursive: true,
    filter: (path) => !/(\.test\.ts|test-support|demo\.ts)$/.test(path),
  });
  const packed = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  const { dependencies } = readManifest(root, 'examples/embedded-host');
  const own = Object.entries(dependencies).filter(([name]) => !(name in packed));
  // With pnpm a package gets at what it names and nothing else; with npm everything lies side by side.
  const named = installer === 'npm' ? Object.keys(packed) : Object.keys(dependencies).filter((name) => name in packed);
  const manifest = {
    name: 'somebodys-application',
    private: true,
    type: modules,
    dependencies: { ...Object.fromEntries(own), ...Object.fromEntries(named.map((name) => [name, packed[name]])) },
    devDependencies: { typescript: '~5.9.3', '@types/node': '^20.19.0' },
    ...(installer === 'pnpm' ? { pnpm: { overrides: packed } } : {}),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    rewriteRelativeImportExtensions: true,
    types: ['node'],
    rootDir: 'src',
    outDir: 'dist',
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }, null, 2));
};

const install = async (root: string, folder: string, { installer }: Variant): Promise<void> => {
  if (installer === 'npm') {
    await mustRun('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
    return;
  }
  const { packageManager } = readManifest(root, '.') as unknown as { readonly packageManager: string };
  // Whatever the checkout has installed already comes out of the store.
  await mustRun('npx', ['-y', packageManager, 'install', '--prefer-offline', '--ignore-workspace'], { cwd: folder });
};

/** Starts what was built, lives a day with it over HTTP, and asks it to stop: then it has to end by itself. */
const live = async (folder: string, sandbox: RunningPersonas): Promise<void> => {
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '', ...environmentOf(folder, sandbox) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => void (complaints += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /listening on (\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      void ended.then(() => reject(new Error(`it ended before it listened:\n${output}${complaints}`)));
    });
    const streams = await drive(url, sandbox);
    child.kill('SIGTERM');
    const [code, signal] = await ended;
    await Promise.all(streams.map((stream) => stream.ended));
    if (code !== 0 || !output.includes('stopped')) {
      throw new Error(`it did not stop by itself (${code ?? signal ?? 'unknown'}):\n${output}${complaints}`);
    }
    if (complaints !== '') throw new Error(`it complained:\n${complaints}`);
  } finally {
    child.kill('SIGKILL');
  }
};

/** Every entry point loads as an ES module and by `require`, as the same module, without a word. */
const loadEntries = async (folder: string, tarballs: readonly Tarball[]): Promise<void> => {
  const entries = tarballs.flatMap(({ name, entries }) =>
    // The law suites need the test runner of whoever runs them; `main` of a sandbox is a program.
    entries.filter((entry) => !['./testing', './main'].includes(entry)).map((entry) => `${name}${entry.slice(1)}`),
  );
  const script = `
    const entries = ${JSON.stringify(entries)};
    (async () => {
      for (const entry of entries) {
        const required = require(entry);
        if (entry.endsWith('.json')) continue;
        if (required !== await import(entry)) throw new Error(entry + ': two copies');
      }
    })();`;
  writeFileSync(join(folder, 'load-entries.cjs'), script);
  const said = await mustRun(process.execPath, ['load-entries.cjs'], { cwd: folder, env: { NODE_OPTIONS: '' } });
  if (said !== '') throw new Error(`loading the entry points says:\n${said}`);
};

/** Installs, compiles, runs and stops one host. Rejects with what went wrong. */
export const tryHost = async (
  root: string,
  folder: string,
  variant: Variant,
  tarballs: readonly Tarball[],
  sandbox: RunningPersonas,
): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  layOut(root, folder, variant, tarballs);
  await install(root, folder, variant);
  await mustRun(process.execPath, ['node_modules/typescript/bin/tsc'], { cwd: folder });
  await live(folder, sandbox);
  if (variant.installer === 'npm') await loadEntries(folder, tarballs);
  // The command is there as well, and reads what the application has stored.
  const trail = await mustRun('npx', ['--no', 'mailroom', 'audit', 'trail', '--store', 'data/mailroom.db'], {
    cwd: folder,
  });
  if (!trail.includes('MailboxRegistered') && !trail.includes('RegisterMailbox'))
    throw new Error(`the trail says:\n${trail}`);
};
