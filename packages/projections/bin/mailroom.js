#!/usr/bin/env node
// Starts the command. An installed package runs what was built; a checkout runs the sources as long as they are newer
// than the build, so that nothing has to be built first. Plain JavaScript without dependencies.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = join(here, 'dist', 'cli', 'main.js');
const workspace = join(here, '..', '..');

const newestSource = (folder) => {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestSource(path));
    else if (entry.name.endsWith('.ts')) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
};

/** The packages that the command is made of; in a checkout each has its sources beside its build. */
const packages = () => {
  const adapters = join(workspace, 'packages', 'adapters');
  return [join(workspace, 'packages', 'domain'), here, ...readdirSync(adapters).map((name) => join(adapters, name))];
};

const isCheckout = existsSync(join(workspace, 'pnpm-workspace.yaml'));

const buildIsCurrent = () => {
  if (!existsSync(built)) return false;
  return packages().every((folder) => {
    const source = join(folder, 'src');
    const stamp = join(folder, 'dist', '.tsbuildinfo');
    if (!existsSync(source)) return true;
    return existsSync(stamp) && statSync(stamp).mtimeMs >= newestSource(source);
  });
};

if (!isCheckout || buildIsCurrent()) {
  await import(new URL('../dist/cli/main.js', import.meta.url).href);
} else {
  const tsx = import.meta.resolve('tsx');
  const main = join(here, 'src', 'cli', 'main.ts');
  const args = ['--import', tsx, '--conditions=@mailroom/source', main, ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  child.on('error', (error) => {
    console.error(`mailroom: ${error.message}`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
