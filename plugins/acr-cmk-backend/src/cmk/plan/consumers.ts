import {
  KeyIdentifier,
  type RegistryFacts,
} from 'backstage-plugin-acr-cmk-common';
import { identityOf } from '../encryptedRegistry';

/** Registries that use the same key, whatever version and identity. */
export function usingKey(
  registries: readonly RegistryFacts[],
  key: KeyIdentifier,
): RegistryFacts[] {
  return registries.filter(
    registry =>
      KeyIdentifier.tryParse(registry.encryption.keyIdentifier)?.keyOfKey ===
      key.keyOfKey,
  );
}

/** Registries that reach any key of the vault as the same principal. */
export function usingVaultAs(
  registries: readonly RegistryFacts[],
  vaultName: string,
  principalId: string,
): RegistryFacts[] {
  return registries.filter(registry => {
    const { keyIdentifier, identity } = registry.encryption;
    const key = KeyIdentifier.tryParse(keyIdentifier);
    return (
      key?.vaultName === vaultName &&
      identity !== undefined &&
      identityOf(registry, identity).principalId?.toLowerCase() ===
        principalId.toLowerCase()
    );
  });
}
