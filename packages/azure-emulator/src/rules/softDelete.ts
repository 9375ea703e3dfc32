import type { Azure } from '../azure';
import { Key, Vault } from '../model';

/** Removes the key and all its versions permanently. */
export function purgeKey(azure: Azure, key: Key) {
  for (const { version } of key.versions) {
    azure.store.remove('material', `${key.id}/${version}`);
  }
  azure.store.remove('keys', key.id);
}

/** Removes the vault and its keys permanently. */
export function purgeVault(azure: Azure, vault: Vault) {
  for (const key of azure.keysByVault.find(vault.name)) {
    purgeKey(azure, key);
  }
  azure.store.remove('vaults', vault.id);
}
