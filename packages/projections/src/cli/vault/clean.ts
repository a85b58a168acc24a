import { eventFamilies, protectPersonalData } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { secretsInUse } from '../../history/secrets-in-use.ts';
import { loadStore } from '../../host/load-store.ts';
import { BadInput, type ExitCode, type Io, printJson, Trouble } from '../io.ts';
import { findingsOfStore } from '../open-history.ts';
import { readTrouble } from '../read-trouble.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { openNamedVault, vaultSettings } from './open-named-vault.ts';

export type CleanFlags = SettingFlags & { readonly json?: boolean };

export const cleanSettings = ['store', ...vaultSettings] as const;

/**
 * Removes the secrets that no mailbox and no profile stands on any more: what a process left that was killed between the
 * vault and the history. Those of the last day stay, since the event that names one may be on its way.
 */
export const vaultClean = async (flags: CleanFlags, io: Io): Promise<ExitCode> => {
  const { settings } = resolveSettings(flags, io, cleanSettings);
  const findings = findingsOfStore(settings);
  if (findings.length > 0) throw new BadInput(findings);
  const vault = await openNamedVault(settings);
  try {
    const loaded = await loadStore(settings.store ?? '');
    try {
      const store = protectPersonalData({ store: loaded.store, cipher: vault, families: eventFamilies });
      const inUse = await secretsInUse(store)();
      if (E.isLeft(inUse)) throw readTrouble(inUse.left);
      const removed = await vault.removeUnreferenced(inUse.right)();
      if (E.isLeft(removed)) throw new Trouble('The vault cannot be read or written now.');
      if (flags.json === true) printJson(io, { removed: removed.right });
      else io.out(`${removed.right.length} secrets that nothing refers to were removed.\n`);
      return 0;
    } finally {
      await loaded.close();
    }
  } finally {
    await vault.close();
  }
};
