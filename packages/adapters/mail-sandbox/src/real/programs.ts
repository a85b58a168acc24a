import { spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps servers in sbin, which is not in everybody's PATH. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/** The file of a program, or undefined when this machine does not have it. */
export const programFile = (name: string): string | undefined =>
  folders
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/** What of the real servers this machine can start, and how to get the rest. */
export interface RealServerPrograms {
  readonly dovecot: boolean;
  /** Postfix needs root besides being installed. */
  readonly postfix: boolean;
  /** One line for a person; empty when nothing is missing. */
  readonly hint: string;
}

export const realServerPrograms = (): RealServerPrograms => {
  const dovecot = programFile('dovecot') !== undefined;
  const postfix = programFile('postfix') !== undefined && process.getuid?.() === 0;
  const missing = [...(dovecot ? [] : ['Dovecot']), ...(postfix ? [] : ['Postfix (as root)'])];
  const hint =
    missing.length === 0
      ? ''
      : `${missing.join(' and ')} not found: on Debian, apt-get install dovecot-imapd dovecot-pop3d dovecot-submissiond postfix libsasl2-modules`;
  return { dovecot, postfix, hint };
};

/**
 * Starts a program that puts itself into the background. Its output goes to a file and not to a pipe, which the daemon
 * would keep open for ever. Throws with that output when the start fails.
 */
export const startDaemon = (file: string, args: readonly string[], output: string): void => {
  const log = openSync(output, 'w');
  try {
    const { status } = spawnSync(file, args, { stdio: ['ignore', log, log], timeout: 30_000 });
    if (status !== 0) throw new Error(`${file} ended with ${String(status)}: ${readFileSync(output, 'utf8')}`.trim());
  } finally {
    closeSync(log);
  }
};
