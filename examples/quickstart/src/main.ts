import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '@mailroom/projections/configuration';
import { colours } from './colours.ts';
import { askPasswords } from './ask-password.ts';
import { BadInput } from './bad-input.ts';
import { openDataFolder } from './data-folder.ts';
import { jsonDocument } from './json-document.ts';
import { type Options, readOptions } from './options.ts';
import { readFile } from './read-file.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { startSandbox } from './sandbox.ts';
import { storyConfiguration, storyRetry } from './story.ts';

/** Where every run keeps its data, unless MAILROOM_DATA names another folder. */
const dataRoot = process.env['MAILROOM_DATA'] ?? join(dirname(fileURLToPath(import.meta.url)), '../../../.mailroom');

const main = async (options: Options): Promise<void> => {
  const output = options.json ? process.stderr : process.stdout;
  const say = (text: string): void => void output.write(`${text}\n`);
  const own = options.config === undefined ? undefined : await askPasswords(readFile(options.config));
  const folder = openDataFolder(dataRoot, options.config, options.reset);
  say(colours.bold('Mailroom: from a server profile to an enabled mailbox'));
  say(`The data lies in ${folder.shown}; --reset starts over.`);

  const sandbox = own === undefined ? await startSandbox(folder) : undefined;
  try {
    if (sandbox !== undefined) {
      say('Scripted SMTP, IMAP and POP3 servers run on this machine, with people whose mailboxes work and fail.');
      say(`Retries come after ${storyRetry.firstDelaySeconds} s here; five minutes is the default.`);
    }
    const configuration: Configuration | undefined = own ?? (sandbox && storyConfiguration(sandbox));
    if (configuration === undefined) return;
    const outcome = await run({ configuration, folder, store: options.store, say, output });
    if (options.json) process.stdout.write(`${JSON.stringify(jsonDocument(outcome), null, 2)}\n`);
    else say(report(outcome, output.columns > 0 ? output.columns : 80));
  } finally {
    await sandbox?.close();
  }
};

const options = readOptions(process.argv.slice(2));
if ('_tag' in options) {
  process.exitCode = options.code;
} else {
  try {
    await main(options);
  } catch (error) {
    if (error instanceof BadInput) console.error(error.message);
    else
      console.error(`Something failed that is not your doing: ${error instanceof Error ? error.message : 'unknown'}`);
    process.exitCode = error instanceof BadInput ? 2 : 3;
  }
}
