import { processKeys, type ProcessSetting, processSettings } from '@mailroom/projections/configuration';
import { generatedNotice, type GeneratedPage, tableOf } from './generated-page.ts';

const shown = (fallback: unknown): string =>
  fallback === null ? '' : `\`${JSON.stringify(fallback).replaceAll('"', '')}\``;

/** Every setting of a process of the command: how it is named in each place, what it may be, and its default. */
export const settings: GeneratedPage = {
  file: 'docs/settings.md',
  text: () =>
    [
      generatedNotice,
      '# Settings of the command `mailroom`',
      'Each can be given as a flag, as an environment variable, or in the part `process` of the [configuration file](configuration.md) that `--config` (or `MAILROOM_CONFIG`) names. A flag wins over a variable, a variable over the file; a variable that is set to nothing counts as not set. Paths in the file are relative to it. What does not fit ends the command with exit code 2 and a sentence that names the flag, the variable or the key, and never the value.',
      tableOf(
        ['flag', 'variable', 'key in `process`', 'what it is', 'expected', 'default'],
        processKeys.map((key) => {
          const { flag, variable, description, codec, fallback }: ProcessSetting<unknown> = processSettings[key];
          return [`\`${flag}\``, `\`${variable}\``, `\`${key}\``, description, codec.name, shown(fallback)];
        }),
      ),
      'An address may hold a password: then a variable is the place for it, because a command line can be seen by everybody on the machine and a file is easily passed on. `mailroom SUBCOMMAND --help` says which settings a subcommand uses.',
      '',
    ].join('\n\n'),
};
