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

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  env: process.env,
  isTerminal: process.stdout.isTTY && process.stderr.isTTY,
  signal: stopping.signal,
});
