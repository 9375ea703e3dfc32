import {
  KeyIdentifier,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import type { AzureAnswer } from '../../azure/transport/answer';
import type { Registry } from '../../domain/registry';

/** Parses without an error, since most registries lack one of the two identifiers. */
function keyOf(uri: string | undefined): KeyIdentifier | undefined {
  return uri === undefined ? undefined : KeyIdentifier.tryParse(uri);
}

/** The door for ids in Azure's answers. Nothing for an answer that names no registry we could ask for. */
export function toRegistry(facts: RegistryFacts): Registry | undefined {
  const registryId = RegistryId.tryParse(facts.id);
  if (!registryId) return undefined;
  const { keyIdentifier, versionedKeyIdentifier } = facts.encryption;
  return {
    ...facts,
    registryId,
    key: keyOf(keyIdentifier),
    keyInUse: keyOf(versionedKeyIdentifier),
  };
}

/** The door for a registry's own answer. */
export function withUsableId(
  id: RegistryId,
  { value, ...answer }: AzureAnswer<RegistryFacts>,
): AzureAnswer<Registry> {
  const registry = toRegistry(value);
  if (registry) return { ...answer, value: registry };
  throw new AzureError(
    {
      kind: 'unavailable',
      code: 'UnexpectedAnswer',
      message: `Azure's answer for the registry ${id.name} does not hold its resource id`,
    },
    { effect: 'refused' },
  );
}
