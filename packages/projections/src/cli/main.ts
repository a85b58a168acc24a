import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { run } from './program.ts';

const stopping = new AbortController();
const stop = (): void => {
  // The second signal ends the process at once.
  if (stopping.signal.aborted) process.exit(3);
  stopping.abort();
};
process.on('SIGINT', stop).on('SIGTERM', stop);

// Whoever read the output has enough of it: `mailroom audit trail … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));

const isTerminal = process.stdout.isTTY && process.stderr.isTTY;

const ask = async (question: string): Promise<string> => {
  const person = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await person.question(question, { signal: stopping.signal });
  } catch {
    return '';
  } finally {
    person.close();
  }
};

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  flushed: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
  env: process.env,
  isTerminal,
  showsProgress: process.stderr.isTTY,
  ...(isTerminal && process.stdin.isTTY ? { ask } : {}),
  signal: stopping.signal,
});
