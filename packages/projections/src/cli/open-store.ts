import { existsSync } from 'node:fs';
import {
  addressEvents,
  alertEvents,
  type EventStore,
  mailboxEvents,
  type PersonalCipher,
  profileEvents,
  protectPersonalData,
  settingsEvents,
  testRunEvents,
} from '@mailroom/domain';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { isEventStoreDb, loadStore } from '../host/load-store.ts';
import { loadVault } from '../host/load-vault.ts';
import { BadInput } from './io.ts';

/** As commander hands them over: where the history is, and what opens personal data in it. */
export interface StoreFlags {
  readonly store: string;
  readonly vault?: string;
  readonly vaultKey?: string;
}

/** Without a vault nothing personal can be read: it shows as erased. */
const closedCipher: PersonalCipher = {
  prepare: () => TE.right(undefined),
  isPrepared: () => false,
  seal: () => {
    throw new Error('nothing is written here');
  },
  open: () => null,
  erase: () => TE.right(undefined),
};

const families = [addressEvents, alertEvents, mailboxEvents, profileEvents, settingsEvents, testRunEvents];

/** The history of `--store`, for reading. What does not exist is bad input: nothing is created. */
export const openStore = async (
  flags: StoreFlags,
): Promise<{ readonly store: EventStore; readonly close: () => Promise<void> }> => {
  const findings: string[] = [];
  if (!isEventStoreDb(flags.store) && !existsSync(flags.store)) {
    findings.push('--store: expected a file that exists, or an esdb:// address');
  }
  if ((flags.vault === undefined) !== (flags.vaultKey === undefined)) {
    findings.push('--vault, --vault-key: expected both or none');
  }
  if (flags.vault !== undefined && !existsSync(flags.vault)) findings.push('--vault: expected a folder that exists');
  if (flags.vaultKey !== undefined && !existsSync(flags.vaultKey)) {
    findings.push('--vault-key: expected a key file that exists');
  }
  if (findings.length > 0) throw new BadInput(findings);

  const loaded = await loadStore(flags.store);
  if (flags.vault === undefined || flags.vaultKey === undefined) {
    return { store: protectPersonalData({ store: loaded.store, cipher: closedCipher, families }), close: loaded.close };
  }
  const opened = await loadVault({ directory: flags.vault, key: { file: flags.vaultKey } });
  return {
    store: protectPersonalData({ store: loaded.store, cipher: opened.vault, families }),
    close: async () => {
      await loaded.close();
      await opened.close();
    },
  };
};
