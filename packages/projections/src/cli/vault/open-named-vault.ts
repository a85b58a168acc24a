import type { Vault } from '@mailroom/secret-vault';
import * as E from 'fp-ts/lib/Either.js';
import type { ProcessSettings } from '../../configuration/process-settings.ts';
import { placesOf } from '../../configuration/read-process.ts';
import { OpenFailure } from '../../host/open-failure.ts';
import { BadInput } from '../io.ts';
import { findingsOfVault } from '../open-history.ts';

export const vaultSettings = ['vault', 'vaultKey', 'vaultKeyVariable'] as const;

/** The vault that the settings name, with what only its operator may do. What does not exist is bad input. */
export const openNamedVault = async (settings: ProcessSettings): Promise<Vault> => {
  const { vault: directory, vaultKey, vaultKeyVariable } = settings;
  const unnamed = directory === null ? [`${placesOf('vault')}: expected a folder that exists`] : [];
  const findings = [...unnamed, ...findingsOfVault(settings)];
  if (directory === null || findings.length > 0) throw new BadInput(findings);
  const { openVault } = await import('@mailroom/secret-vault');
  const key = vaultKey === null ? { environment: vaultKeyVariable ?? '' } : { file: vaultKey };
  const opened = await openVault({ directory, key })();
  if (E.isLeft(opened)) throw new OpenFailure('vault', opened.left.cause);
  return opened.right;
};
