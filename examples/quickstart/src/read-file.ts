import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Configuration, readConfiguration } from '@mailroom/projections/configuration';
import * as E from 'fp-ts/lib/Either.js';
import { BadInput } from './bad-input.ts';

/** Reads the reader's own file. Throws `BadInput` with every finding at once. */
export const readFile = (file: string): Configuration => {
  const text = textOf(file);
  if (text === undefined)
    throw new BadInput([{ path: '--config', problem: `expected a file that can be read: ${file}` }]);
  const read = readConfiguration(text, {
    environment: process.env,
    terminal: process.stdin.isTTY,
    readText: (path) => textOf(resolve(dirname(file), path)),
  });
  if (E.isLeft(read)) throw new BadInput(read.left);
  return read.right;
};

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};
