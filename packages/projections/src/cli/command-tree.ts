import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

/** Where a group of subcommands hangs itself up. */
export interface CommandTree {
  readonly program: Command;
  readonly io: Io;
  readonly done: (code: ExitCode) => void;
}

/** Lines for `--help`, below the options. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => (line.startsWith('#') ? `  ${line}\n` : `  $ ${line}\n`)).join('')}`;
