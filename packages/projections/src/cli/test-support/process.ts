import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The command as a process of its own, without one in between: a signal to it reaches nobody else. */
export interface CommandProcess {
  readonly signal: (signal: 'SIGTERM' | 'SIGKILL') => void;
  /** Everything that it has said so far, on both streams. */
  readonly said: () => string;
  /** Resolves when it has said this, or has ended. */
  readonly says: (text: string) => Promise<void>;
  /** Resolves with its exit code; null: a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts the command from its sources. */
export const startMailroom = (args: readonly string[]): CommandProcess => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@mailroom/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let onText: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      onText();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    signal: (signal) => void child.kill(signal),
    said: () => said,
    says: (text) =>
      Promise.race([
        ended.then(() => undefined),
        new Promise<void>((resolve) => {
          onText = () => {
            if (said.includes(text)) resolve();
          };
          onText();
        }),
      ]),
    ended,
  };
};
