import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

/** Where one story, or one configuration file, keeps what it stores: a git-ignored folder of the checkout. */
export interface DataFolder {
  readonly directory: string;
  /** As a person would type it from the checkout. */
  readonly shown: string;
  readonly events: string;
  readonly vault: { readonly directory: string; readonly key: { readonly file: string } };
  /** Small files that are replaced as a whole, so that a kill leaves the old one or the new one. */
  readonly read: (name: string) => string | undefined;
  readonly write: (name: string, text: string) => void;
  /** Random, made once: what the ids of the reader's mailboxes derive from, because addresses could be guessed. */
  readonly seed: string;
}

/** Opens the folder below `root`, or makes it. `reset` empties it first. */
export const openDataFolder = (root: string, config: string | undefined, reset: boolean): DataFolder => {
  const directory = join(root, nameOf(config));
  if (reset) rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });

  const read = (name: string): string | undefined => {
    const file = join(directory, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const write = (name: string, text: string): void => {
    const file = join(directory, name);
    const fresh = `${file}.${randomUUID()}`;
    writeFileSync(fresh, text, { mode: 0o600, flush: true });
    renameSync(fresh, file);
  };
  const seed = read('seed') ?? randomUUID();
  if (read('seed') === undefined) write('seed', seed);

  return {
    directory,
    shown: relative(process.cwd(), directory) || directory,
    events: join(directory, 'mailroom.db'),
    vault: { directory: join(directory, 'vault'), key: { file: join(directory, 'vault.key') } },
    read,
    write,
    seed,
  };
};

/** One folder for the story, one for each configuration file. */
const nameOf = (config: string | undefined): string => {
  if (config === undefined) return 'quickstart';
  const file = resolve(config);
  const digest = createHash('sha256').update(file).digest('hex').slice(0, 8);
  return `${basename(file).replace(/[^A-Za-z0-9.-]/g, '_')}-${digest}`;
};
