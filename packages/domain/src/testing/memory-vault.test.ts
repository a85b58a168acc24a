import { memoryVault } from './memory-vault.ts';
import { secretVaultLaws } from './secret-vault-laws.ts';

secretVaultLaws('memory', async () => {
  const vault = memoryVault();
  return { vault, reopen: async () => vault.reopen(), dispose: async () => undefined };
});
