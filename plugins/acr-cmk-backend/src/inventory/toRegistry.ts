import {
  KeyIdentifier,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Registry } from '../cmk/registry';

/** The door for ids in Azure's answers. Nothing for an answer that names no registry we could ask for. */
export function toRegistry(facts: RegistryFacts): Registry | undefined {
  const registryId = RegistryId.tryParse(facts.id);
  if (!registryId) return undefined;
  const { keyIdentifier, versionedKeyIdentifier } = facts.encryption;
  return {
    ...facts,
    registryId,
    key: KeyIdentifier.tryParse(keyIdentifier),
    keyInUse: KeyIdentifier.tryParse(versionedKeyIdentifier),
  };
}
