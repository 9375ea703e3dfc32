import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
} from '@backstage/catalog-model';
import {
  AZURE_RESOURCE_ID_ANNOTATION,
  REGISTRY_ID_ANNOTATION,
} from 'backstage-plugin-acr-cmk-common';
import { KEY_ID_ANNOTATION, LOCATION } from './annotations';
import type { KeyRecord, RegistryRecord } from './records';

/** Types of the resources. */
export const TYPES = {
  registries: 'container-registry',
  keys: 'encryption-key',
  vaults: 'key-vault',
} as const;

/** Attributes of an entity of ours that do not come from Azure. */
interface Place {
  name: string;
  namespace: string;
  owner: string;
  /** Ref of what it depends on. */
  dependsOn?: string;
}

/*
 * Only identifying values go into an entity: the catalog processes an entity again when one
 * byte of it differs, and a version, a state or a date would differ all day long.
 */

export function registryEntity({ id }: RegistryRecord, place: Place): Entity {
  return resource(place, {
    type: TYPES.registries,
    title: id.name,
    annotations: { [REGISTRY_ID_ANNOTATION]: id.key },
  });
}

export function keyEntity({ keyName, vault }: KeyRecord, place: Place): Entity {
  return resource(place, {
    type: TYPES.keys,
    title: `${vault.name}/${keyName}`,
    annotations: {
      [KEY_ID_ANNOTATION]: `https://${vault.host}/keys/${keyName}`,
    },
  });
}

export function vaultEntity(vault: KeyRecord['vault'], place: Place): Entity {
  return resource(place, {
    type: TYPES.vaults,
    title: vault.name,
    annotations: vault.id ? { [AZURE_RESOURCE_ID_ANNOTATION]: vault.id } : {},
  });
}

function resource(
  { name, namespace, owner, dependsOn }: Place,
  of: { type: string; title: string; annotations: Record<string, string> },
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      namespace,
      title: of.title,
      annotations: {
        [ANNOTATION_LOCATION]: LOCATION,
        [ANNOTATION_ORIGIN_LOCATION]: LOCATION,
        ...of.annotations,
      },
    },
    spec: {
      type: of.type,
      owner,
      ...(dependsOn && { dependsOn: [dependsOn] }),
    },
  };
}
