import {
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
} from '@backstage/catalog-model';
import {
  AZURE_RESOURCE_ID_ANNOTATION,
  KeyIdentifier,
  REGISTRY_ID_ANNOTATION,
  registriesNamedBy,
  vaultNameOfId,
} from 'backstage-plugin-acr-cmk-common';

/**
 * Names a key by its identifier without a version. Its own annotation, since the ARM id of a key in
 * the general one would make every reader of that one read all keys.
 */
export const KEY_ID_ANNOTATION = 'azure.com/key-vault-key-id';

/** Annotations that name a registry, a key or a vault. */
export const ANNOTATIONS = [
  REGISTRY_ID_ANNOTATION,
  AZURE_RESOURCE_ID_ANNOTATION,
  KEY_ID_ANNOTATION,
] as const;

const VAULT_ID =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/(?:vaults|managedhsms)\/[a-z][a-z0-9-]{1,22}[a-z0-9]$/;

/** Things that an entity names, by ids in lower case. */
export interface Named {
  /** ARM ids of registries. */
  registries: readonly string[];
  /** `<vault>/<key>`. */
  keys: readonly string[];
  /** Names of vaults, which are unique in Azure. */
  vaults: readonly string[];
}

export function namedBy(
  annotations: Readonly<Record<string, string>> | undefined,
): Named {
  const key = KeyIdentifier.tryParse(annotations?.[KEY_ID_ANNOTATION]?.trim());
  const vault = VAULT_ID.exec(
    annotations?.[AZURE_RESOURCE_ID_ANNOTATION]?.trim().toLowerCase() ?? '',
  );
  return {
    registries: registriesNamedBy(annotations).flatMap(named =>
      'id' in named ? [named.id.key] : [],
    ),
    keys: key ? [keyOf(key.vaultName, key.keyName)] : [],
    vaults: vault ? [vaultNameOfId(vault[0])] : [],
  };
}

export function keyOf(vault: string, key: string): string {
  return `${vault}/${key}`.toLowerCase();
}

/** Location of the entities that this module offers. */
export const LOCATION = 'acr-cmk:inventory';

export function isOwn({ metadata }: Pick<Entity, 'metadata'>): boolean {
  return metadata.annotations?.[ANNOTATION_ORIGIN_LOCATION] === LOCATION;
}
