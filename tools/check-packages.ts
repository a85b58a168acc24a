// Packs every package as it would be published, looks at each tarball, and runs the embedded host from them: as ES
// modules installed by pnpm, and as CommonJS installed by npm.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPersonas } from '@mailroom/mail-sandbox';
import { tryHost, type Variant } from './packages/embedded-host.ts';
import { packAll } from './packages/pack.ts';
import { problemsOfTarball } from './packages/problems-of-tarball.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const variants: readonly Variant[] = [
  { modules: 'module', installer: 'pnpm' },
  { modules: 'commonjs', installer: 'npm' },
];
const folder = mkdtempSync(join(tmpdir(), 'mailroom-packages-'));
const say = (text: string): void => console.log(text);
let problems = 0;

const attempt = async (what: string, work: () => Promise<readonly string[]>): Promise<void> => {
  const startedAt = performance.now();
  let found: readonly string[];
  try {
    found = await work();
  } catch (error) {
    found = [error instanceof Error ? error.message : String(error)];
  }
  problems += found.length;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`${found.length === 0 ? '✓' : '✗'} ${what} (${seconds} s)`);
  for (const problem of found) say(`    ${problem.replaceAll('\n', '\n    ')}`);
};

try {
  const tarballs = await packAll(root, join(folder, 'tarballs'));
  for (const tarball of tarballs) await attempt(tarball.name, () => problemsOfTarball(root, tarball));
  const sandbox = await startPersonas();
  try {
    for (const variant of variants) {
      await attempt(`embedded-host as ${variant.modules}, installed by ${variant.installer}`, async () => {
        await tryHost(root, join(folder, variant.modules), variant, tarballs, sandbox);
        return [];
      });
    }
  } finally {
    await sandbox.close();
  }
} finally {
  if (process.env['KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
  else say(`kept ${folder}`);
}
process.exitCode = problems > 0 ? 1 : 0;
