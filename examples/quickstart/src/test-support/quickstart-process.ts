import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = join(dirname(fileURLToPath(import.meta.url)), '../main.ts');

/** What `--json` prints, as other programs read it. */
export interface Document {
  readonly mailboxes: readonly {
    readonly address: string;
    readonly approved: boolean;
    readonly incoming: ChannelDocument;
    readonly outgoing: ChannelDocument;
    readonly appointments: ChannelDocument;
    readonly missing: readonly string[];
  }[];
  readonly alerts: readonly {
    readonly severity: string;
    readonly kind: string;
    readonly about: string;
    readonly for: readonly string[];
    readonly text: string;
  }[];
}

export interface ChannelDocument {
  readonly status: string;
  readonly enabled: boolean;
  readonly kind?: string;
  readonly disposition?: string;
  readonly scope?: string;
  readonly field?: string | null;
  readonly advice?: string;
  readonly nextAttemptAt?: string;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for the data of one test. */
export const dataFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'mailroom-quickstart-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** Starts the quickstart as its own process, from the sources. */
export const startQuickstart = (
  data: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly finished: Promise<Finished> } => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@mailroom/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', MAILROOM_DATA: data, ...environment },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes: Buffer) => (output.stdout += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (output.stderr += bytes.toString('utf8')));
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code) => resolve({ code, ...output }));
  });
  return { child, finished };
};

/** Resolves as soon as the process has printed this for people, or has ended. */
export const hasPrinted = (child: ChildProcess, wanted: RegExp): Promise<void> =>
  new Promise((resolve) => {
    let printed = '';
    child.once('close', () => resolve());
    child.stderr?.on('data', (bytes: Buffer) => {
      printed += bytes.toString('utf8');
      if (wanted.test(printed)) resolve();
    });
  });

export const documentOf = ({ code, stdout, stderr }: Finished): Document => {
  if (code !== 0) throw new Error(`The quickstart ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout) as Document;
};

/**
 * Everything that Mailroom has written, as one text of bytes: names of files and their content. What the scripted mail
 * servers keep for themselves is theirs: a mail server knows the addresses it serves.
 */
export const everythingIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('sandbox-'))
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name)).toString('latin1')}`)
    .join('\n');
