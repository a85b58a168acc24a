// Writes the generated pages of docs/ and checks every code block of every Markdown file.
// With --check nothing is written: a page that is stale is a problem too.
// With --ran FILE, where FILE is what Vitest's JSON reporter wrote, each test that proves a row of docs/seed-coverage.md
// must have run and passed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { asyncApi, asyncApiDocument } from './docs/asyncapi.ts';
import { brokenLinksOf, looseBlocksOf, markdownFiles, problemsOfBlocks, withFreshBlocks } from './docs/code-blocks.ts';
import { compileBlocks } from './docs/compile-blocks.ts';
import { eventCatalogue } from './docs/event-catalogue.ts';
import { failures } from './docs/failures.ts';
import { problemsOfRefusals } from './docs/refusals.ts';
import { problemsOfCoverage } from './docs/seed-coverage.ts';
import { settings } from './docs/settings.ts';
import { texts } from './docs/texts.ts';
import { pictures } from './docs/pictures.ts';
import { problemsOfAsyncApi } from './docs/validate-asyncapi.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const problems: string[] = [];

for (const { file, text } of [asyncApi, eventCatalogue, failures, settings, texts, ...pictures]) {
  const path = join(root, file);
  const fresh = file.endsWith('.svg')
    ? text()
    : await format(text(), { ...(await resolveConfig(path)), filepath: path });
  const stored = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (fresh === stored) continue;
  if (check) problems.push(`${file}: is stale; run npm run docs`);
  else writeFileSync(path, fresh);
}

problems.push(...problemsOfAsyncApi(asyncApiDocument()).map((problem) => `${asyncApi.file}: ${problem}`));

const report = process.argv.includes('--ran') ? process.argv[process.argv.indexOf('--ran') + 1] : undefined;
problems.push(...problemsOfCoverage(root, report));
problems.push(...problemsOfRefusals(root));

const files = markdownFiles(root);
if (!check) {
  for (const file of files) {
    const stored = readFileSync(join(root, file), 'utf8');
    const fresh = withFreshBlocks(root, stored);
    if (fresh !== stored) writeFileSync(join(root, file), fresh);
  }
}
problems.push(...files.flatMap((file) => [...problemsOfBlocks(root, file), ...brokenLinksOf(root, file)]));
problems.push(
  ...compileBlocks(
    root,
    files.flatMap((file) => looseBlocksOf(root, file)),
  ),
);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
