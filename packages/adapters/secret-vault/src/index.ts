export { keyEnvironment } from './key-environment.ts';
export { keyFile } from './key-file.ts';
export type { MasterKeys } from './master-keys.ts';
export { openVault, type Rotation, type Vault, type VaultKey, type VaultOptions } from './open-vault.ts';
