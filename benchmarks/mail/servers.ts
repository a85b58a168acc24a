import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Where the servers listen (implicit TLS, 127.0.0.1), and the authority that signed their certificate. */
export interface Servers {
  readonly ca: string;
  readonly imap: number;
  readonly pop3: number;
  readonly smtp: number;
}

export const host = '127.0.0.1';

/** The loader of every other script: a compiler in the process would be counted as memory. */
const sources = ['--import', 'tsx', '--conditions=@mailroom/source'];

/** Starts a file beside this one as a process of its own and gives the first thing it says. */
export const startProcess = async (
  file: string,
  options: { readonly args?: readonly string[]; readonly flags?: readonly string[] } = {},
): Promise<{ readonly child: ChildProcess; readonly message: unknown }> => {
  const { args = [], flags = [] } = options;
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [...args], { execArgv: [...sources, ...flags] });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`${file} ended early`);
    }),
  ])) as [unknown];
  return { child, message };
};

/** Runs something with servers in another process. */
export const withServers = async <T>(use: (servers: Servers) => Promise<T>): Promise<T> => {
  const { child, message } = await startProcess('./servers-process.ts');
  try {
    return await use(message as Servers);
  } finally {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }
};
