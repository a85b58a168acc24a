import * as E from 'fp-ts/lib/Either.js';
import { type ExitCode, type Io, printJson, Trouble } from '../io.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { openNamedVault, vaultSettings } from './open-named-vault.ts';

export type RotateFlags = SettingFlags & { readonly json?: boolean };

/**
 * Makes a new version of the master key (in key files; from a variable the highest version is taken) and wraps every key
 * under it. Nothing has to stop for it; run again after it was killed, it goes on.
 */
export const vaultRotate = async (flags: RotateFlags, io: Io): Promise<ExitCode> => {
  const { settings } = resolveSettings(flags, io, vaultSettings);
  const vault = await openNamedVault(settings);
  try {
    const rotated = await vault.rotate()();
    if (E.isLeft(rotated)) throw new Trouble('The vault cannot be read or written now.');
    const { master, rewrapped } = rotated.right;
    if (flags.json === true) printJson(io, { master, rewrapped });
    else io.out(`Version ${master} of the master key wraps everything now; ${rewrapped} keys were wrapped anew.\n`);
    return 0;
  } finally {
    await vault.close();
  }
};
