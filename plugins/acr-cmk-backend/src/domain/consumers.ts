import type { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { Registry } from './registry';

/** Registries that use the same key, whatever version and identity. */
export function usingKey(
  registries: readonly Registry[],
  key: KeyIdentifier,
): Registry[] {
  return registries.filter(registry => registry.key?.keyOfKey === key.keyOfKey);
}
