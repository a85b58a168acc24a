export { memoryVault, type MemoryVault } from './memory-vault.ts';
export { secretVaultLaws, type VaultPorts, type VaultUnderTest } from './secret-vault-laws.ts';
