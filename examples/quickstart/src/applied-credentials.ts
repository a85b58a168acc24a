import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { ConfigurationTarget } from '@mailroom/projections/configuration';
import type { DataFolder } from './data-folder.ts';

/**
 * Remembers which credentials were applied, so that a run does not set them again. What is stored is a digest under
 * the key of the vault: without that key it tells nothing about a password.
 */
export const appliedCredentials = (folder: DataFolder): ConfigurationTarget['credentials'] => {
  const name = 'applied-credentials.json';
  const applied = JSON.parse(folder.read(name) ?? '{}') as Record<string, string>;
  const digestOf = (ownerId: string, userName: string, password: string): string =>
    createHmac('sha256', keyOf(folder))
      .update(JSON.stringify([ownerId, userName, password]))
      .digest('base64');
  return {
    areApplied: (ownerId, userName, password) => applied[ownerId] === digestOf(ownerId, userName, password),
    markApplied: (ownerId, userName, password) => {
      applied[ownerId] = digestOf(ownerId, userName, password);
      folder.write(name, JSON.stringify(applied));
    },
  };
};

const keyOf = ({ vault }: DataFolder): Buffer => {
  if (!existsSync(vault.key.file)) throw new Error('The vault has no key yet');
  return readFileSync(vault.key.file);
};
