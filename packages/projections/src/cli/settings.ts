import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defaultDeployment, type DeploymentPolicy } from '@mailroom/domain';
import { type Command, Option } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { sentenceOf } from '../configuration/findings.ts';
import { type ProcessKey, processSettings, type ProcessSettings } from '../configuration/process-settings.ts';
import type { ConfiguredAlertMail } from '../configuration/read-alert-mail.ts';
import { type ProcessFile, readProcessFile } from '../configuration/read-process-file.ts';
import { resolveProcess } from '../configuration/read-process.ts';
import { BadInput, type Io } from './io.ts';

/** As commander hands them over: by the names of the flags. */
export type SettingFlags = Readonly<Record<string, unknown>> & { readonly config?: string };

const optionOf = (key: ProcessKey): Option => {
  const { flag, description, variable, fallback } = processSettings[key];
  const otherwise = fallback === null ? '' : `; default: ${String(fallback)}`;
  return new Option(flag, `${description}${otherwise} (${variable})`);
};

/** Adds the flags of these settings, and of the file that may hold them. */
export const withSettings = (command: Command, keys: readonly ProcessKey[]): Command => {
  for (const key of keys) command.addOption(optionOf(key));
  return command.option(
    '--config <file>',
    'the configuration file, whose part "process" may say all of it (MAILROOM_CONFIG)',
  );
};

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const fileOf = (path: string | undefined): ProcessFile => {
  if (path === undefined) return { process: {}, deployment: defaultDeployment };
  const text = existsSync(path) ? readIfThere(path) : undefined;
  if (text === undefined) throw new BadInput(['--config: expected a file that exists and can be read']);
  const folder = dirname(resolve(path));
  const read = readProcessFile(text, { folder, readText: (name) => readIfThere(resolve(folder, name)) });
  if (E.isLeft(read)) throw new BadInput(read.left.map((finding) => `--config: ${sentenceOf(finding)}`));
  return read.right;
};

export interface Resolved {
  readonly settings: ProcessSettings;
  readonly deployment: DeploymentPolicy;
  readonly alertMail: ConfiguredAlertMail | null;
}

/** The settings that a subcommand uses: flags before variables before the file. Throws `BadInput` with every finding. */
export const resolveSettings = (
  flags: SettingFlags,
  { env }: Pick<Io, 'env'>,
  keys: readonly ProcessKey[],
): Resolved => {
  const variable = env['MAILROOM_CONFIG'];
  const file = fileOf(flags.config ?? (variable === '' ? undefined : variable));
  const given = keys.flatMap((key) => {
    const value = flags[optionOf(key).attributeName()];
    // A flag without an argument is there or not.
    return typeof value === 'string' ? [[key, value] as const] : value === true ? [[key, 'true'] as const] : [];
  });
  const { settings, findings } = resolveProcess(
    { flags: Object.fromEntries(given), environment: env, file: file.process },
    keys,
  );
  if (findings.length > 0) throw new BadInput(findings.map(sentenceOf));
  return { settings, deployment: file.deployment, alertMail: file.process.alertMail ?? null };
};
