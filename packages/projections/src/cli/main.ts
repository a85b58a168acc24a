import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { run } from './program.ts';

/** What a process is given to end by itself after a signal. */
const patienceMs = 5000;
/** A terminal sends Ctrl-C to the whole group, and some of it pass it on: what comes together is one signal. */
const togetherMs = 300;

const stopping = new AbortController();
let stoppedAt = 0;
const stop = (): void => {
  if (!stopping.signal.aborted) {
    stoppedAt = performance.now();
    setTimeout(() => process.exit(3), patienceMs).unref();
    stopping.abort();
  } else if (performance.now() - stoppedAt > togetherMs) process.exit(3);
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
