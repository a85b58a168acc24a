import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../../../packages/projections/bin/mailroom.js', import.meta.url));

/** The command as a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  /** Everything that it has said so far, on both streams. */
  readonly said: () => string;
  /** Resolves with the first line of standard error that fits; rejects when the process ends without one. */
  readonly line: (fits: (line: string) => boolean) => Promise<string>;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

export const mailroom = (args: readonly string[], env: Readonly<Record<string, string>>): Running => {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listeners = new Set<() => void>();
  const hear = (text: unknown): void => {
    said += String(text);
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    child,
    said: () => said,
    line: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = said.split('\n').slice(0, -1).find(fits);
          if (found === undefined) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended before that; it said: ${said}`)));
      }),
    ended,
  };
};
