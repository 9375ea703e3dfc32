import type {
  KeyIdentifier,
  RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';

/** A registry as ARM answered, with its ids as values. `inventory/` parses them once. */
export interface Registry extends RegistryFacts {
  /** `id`, parsed. */
  registryId: RegistryId;
  /** `encryption.keyIdentifier`, parsed. Absent without one, and for a key outside of Key Vault. */
  key?: KeyIdentifier;
  /** `encryption.versionedKeyIdentifier`, parsed. */
  keyInUse?: KeyIdentifier;
}

/** Registries that use the same key, whatever version and identity. */
export function usingKey(
  registries: readonly Registry[],
  key: KeyIdentifier,
): Registry[] {
  return registries.filter(registry => registry.key?.keyOfKey === key.keyOfKey);
}
