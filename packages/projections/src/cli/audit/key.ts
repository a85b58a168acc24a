import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { KeyObject } from 'node:crypto';
import { newSigningKey, publicKeyInPem, publicKeyOf, signingKeyOf } from '../../history/anchor.ts';
import { BadInput, type ExitCode, type Io, printJson } from '../io.ts';

const textOf = (name: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new BadInput([`${name}: expected a key file that exists and can be read`]);
  }
};

/** The private key of `--key`. */
export const readSigningKey = (file: string): KeyObject => {
  const key = signingKeyOf(textOf('--key', file));
  if (key === null)
    throw new BadInput(['--key: expected an Ed25519 private key in PEM (mailroom audit key --new FILE)']);
  return key;
};

/** The public key of a file that holds it, or the private one. */
export const readPublicKey = (name: string, file: string): string => {
  const key = publicKeyOf(textOf(name, file));
  if (key === null) throw new BadInput([`${name}: expected an Ed25519 key in PEM (mailroom audit key FILE)`]);
  return key;
};

/** Prints the public key of a key file; `--new` makes the file first, readable by its owner only. */
export const auditKey = (
  file: string,
  flags: { readonly new?: boolean; readonly json?: boolean },
  io: Io,
): ExitCode => {
  if (flags.new === true) {
    if (existsSync(file)) throw new BadInput(['FILE: expected a file that does not exist yet']);
    try {
      writeFileSync(file, newSigningKey(), { mode: 0o600, flag: 'wx' });
    } catch {
      throw new BadInput(['FILE: expected a place where a file can be made']);
    }
    io.error('The private key was written. Keep it away from those who can write the store.\n');
  }
  const publicKey = publicKeyOf(textOf('FILE', file));
  if (publicKey === null) throw new BadInput(['FILE: expected an Ed25519 key in PEM']);
  if (flags.json === true) printJson(io, { publicKey });
  else io.out(publicKeyInPem(publicKey));
  return 0;
};
