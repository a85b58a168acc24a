import { existsSync } from 'node:fs';
import { eventFamilies, type EventStore, type PersonalCipher, protectPersonalData } from '@mailroom/domain';
import { placesOf } from '../configuration/read-process.ts';
import type { ProcessSettings } from '../configuration/process-settings.ts';
import { closedCipher } from '../host/closed-cipher.ts';
import { isEventStoreDb, type LoadedStore, loadStore } from '../host/load-store.ts';
import { loadVault, type MailroomVault } from '../host/load-vault.ts';
import { BadInput } from './io.ts';

/** Settings of every subcommand that reads the history. */
export const historySettings = ['store', 'vault', 'vaultKey', 'vaultKeyVariable'] as const;

/** The history of `--store`, opened for reading. */
export interface OpenHistory {
  readonly loaded: LoadedStore;
  /** Personal data is readable where there is a vault and the person has not been erased. */
  readonly store: EventStore;
  readonly vault: MailroomVault | null;
  readonly cipher: PersonalCipher;
  readonly close: () => Promise<void>;
}

/** What is wrong with where the history is said to be, before anything is opened. */
export const findingsOfStore = ({ store }: ProcessSettings): readonly string[] => {
  if (store === null) return [`${placesOf('store')}: expected a SQLite file, or an esdb:// address`];
  return isEventStoreDb(store) || existsSync(store)
    ? []
    : ['--store: expected a file that exists, or an esdb:// address'];
};

export const findingsOfVault = ({ vault, vaultKey, vaultKeyVariable }: ProcessSettings): readonly string[] => {
  const findings: string[] = [];
  if (vaultKey !== null && vaultKeyVariable !== null)
    findings.push('--vault-key, --vault-key-env: expected one of them');
  else if ((vault === null) !== (vaultKey === null && vaultKeyVariable === null)) {
    findings.push('--vault, --vault-key (or --vault-key-env): expected both or none');
  }
  if (vault !== null && !existsSync(vault)) findings.push('--vault: expected a folder that exists');
  if (vaultKey !== null && !existsSync(vaultKey)) findings.push('--vault-key: expected a key file that exists');
  return findings;
};

/** The vault that the settings name; null when they name none. */
export const openVaultOf = async ({
  vault,
  vaultKey,
  vaultKeyVariable,
}: ProcessSettings): Promise<Awaited<ReturnType<typeof loadVault>> | null> => {
  if (vault === null) return null;
  if (vaultKey !== null) return loadVault({ directory: vault, key: { file: vaultKey } });
  return loadVault({ directory: vault, key: { environment: vaultKeyVariable ?? '' } });
};

/** Opens the history. What does not exist is bad input: nothing is created. */
export const openHistory = async (settings: ProcessSettings): Promise<OpenHistory> => {
  const findings = [...findingsOfStore(settings), ...findingsOfVault(settings)];
  if (findings.length > 0) throw new BadInput(findings);

  const loaded = await loadStore(settings.store ?? '');
  try {
    const opened = await openVaultOf(settings);
    const cipher = opened?.vault ?? closedCipher;
    return {
      loaded,
      store: protectPersonalData({ store: loaded.store, cipher, families: eventFamilies }),
      vault: opened?.vault ?? null,
      cipher,
      close: async () => {
        await loaded.close();
        await opened?.close();
      },
    };
  } catch (error) {
    await loaded.close();
    throw error;
  }
};
