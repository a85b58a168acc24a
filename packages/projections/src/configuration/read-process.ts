import { isAbsolute, resolve } from 'node:path';
import type { Finding } from './findings.ts';
import {
  processKeys,
  type ProcessKey,
  type ProcessSetting,
  processSettings,
  type ProcessSettings,
} from './process-settings.ts';
import { type ConfiguredAlertMail, readAlertMail } from './read-alert-mail.ts';
import type { ObjectReader } from './reader.ts';

type Some = { readonly [Key in ProcessKey]?: unknown } & { readonly alertMail?: ConfiguredAlertMail };

const settingOf = (key: ProcessKey): ProcessSetting<unknown> => processSettings[key];
const isAddress = (text: string): boolean => /^[a-z][a-z+]*:\/\//i.test(text);

/** The part `process` of a configuration file; paths in it are relative to `folder`. */
export const readProcess = (file: ObjectReader, folder: string): Some => {
  const reader = file.object('process');
  if (reader === undefined) return {};
  const found: Partial<Record<ProcessKey, unknown>> = {};
  for (const key of processKeys) {
    const { codec, isPath } = settingOf(key);
    const value = reader.optional(key, codec);
    if (value === undefined) continue;
    const isRelative = isPath && typeof value === 'string' && !isAddress(value) && !isAbsolute(value);
    found[key] = isRelative ? resolve(folder, value) : value;
  }
  const alertMail = readAlertMail(reader);
  reader.end();
  return alertMail === undefined ? found : { ...found, alertMail };
};

/** The name of a flag alone: `--store`. */
const flagNameOf = (key: ProcessKey): string => settingOf(key).flag.split(' ')[0] ?? '';

/** Every place in which a setting can be given, for a finding about one that nobody gave. */
export const placesOf = (key: ProcessKey): string => `${flagNameOf(key)}, ${settingOf(key).variable} or process.${key}`;

/** What was said where. `file` has been read and checked already. */
export interface ProcessSources {
  readonly flags: { readonly [Key in ProcessKey]?: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: Some;
}

/**
 * Flags win over variables, variables over the file. A text that does not fit is a finding that names the flag or the
 * variable it came from, and never repeats it.
 */
export const resolveProcess = (
  { flags, environment, file }: ProcessSources,
  keys: readonly ProcessKey[] = processKeys,
): { readonly settings: ProcessSettings; readonly findings: readonly Finding[] } => {
  const findings: Finding[] = [];
  const settings: Partial<Record<ProcessKey, unknown>> = {};
  for (const key of processKeys) {
    const { variable, codec, parse, fallback } = settingOf(key);
    settings[key] = fallback;
    if (!keys.includes(key)) continue;
    const flag = flags[key];
    // An empty variable is one that was not set: that is how a unit file or a compose file leaves it out.
    const text = flag ?? (environment[variable] === '' ? undefined : environment[variable]);
    if (text === undefined) {
      settings[key] = file[key] ?? fallback;
      continue;
    }
    const value = parse(text);
    if (codec.is(value)) settings[key] = value;
    else findings.push({ path: flag === undefined ? variable : flagNameOf(key), problem: `expected ${codec.name}` });
  }
  return { settings: settings as ProcessSettings, findings };
};
