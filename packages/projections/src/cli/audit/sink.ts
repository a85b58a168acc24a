import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Io, Trouble } from '../io.ts';

/** Where lines go, at the pace of whoever takes them. */
export interface Sink {
  readonly write: (text: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

export const standardOutput = (io: Io): Sink => ({
  write: async (text) => {
    if (text !== '') io.out(text);
    await io.flushed?.();
  },
  end: async () => undefined,
});

/** A new file, readable by its owner only. Never writes over one that is there. */
export const fileSink = (path: string): Sink => {
  const stream = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let problem: Error | undefined;
  stream.on('error', (error) => (problem = error));
  const check = (): void => {
    if (problem !== undefined) throw new Trouble('The file cannot be written.');
  };
  return {
    write: async (text) => {
      check();
      if (!stream.write(text) && problem === undefined) {
        await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined);
      }
      check();
    },
    end: async () => {
      stream.end();
      await finished(stream).catch(() => undefined);
      check();
    },
  };
};
