import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { identityOf } from '../encryptedRegistry';
import type { Registry } from '../registry';

/** Registries that use the same key, whatever version and identity. */
export function usingKey(
  registries: readonly Registry[],
  key: KeyIdentifier,
): Registry[] {
  return registries.filter(registry => registry.key?.keyOfKey === key.keyOfKey);
}

/** Registries that reach any key of the vault as the same principal. */
export function usingVaultAs(
  registries: readonly Registry[],
  vaultName: string,
  principalId: string,
): Registry[] {
  return registries.filter(registry => {
    const { identity } = registry.encryption;
    return (
      registry.key?.vaultName === vaultName &&
      identity !== undefined &&
      identityOf(registry, identity).principalId?.toLowerCase() ===
        principalId.toLowerCase()
    );
  });
}
