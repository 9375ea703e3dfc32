import type { Azure } from '../azure';
import { keyUri, parseKeyUri } from '../ids';
import { Registry, RegistryEncryption } from '../model';

/** ISO 8601 with seven decimals, as .NET formats it. */
const dotnetTime = (ms: number, zone: 'Z' | '+00:00') =>
  new Date(ms).toISOString().replace('Z', `0000${zone}`);

/** A registry as ARM returns it. */
export function registryJson(azure: Azure, registry: Registry) {
  const state = registry.change?.kind ?? registry.provisioningState;
  const isNew = state === 'Creating';
  return {
    sku: { name: registry.sku, tier: registry.sku },
    type: 'Microsoft.ContainerRegistry/registries',
    // Absent while the registry is being created, null when there is none.
    ...(!isNew && { identity: identityJson(azure, registry) }),
    id: registry.id,
    name: registry.name,
    location: registry.location,
    tags: registry.tags,
    systemData: {
      createdBy: registry.createdBy,
      createdByType: 'Application',
      createdAt: dotnetTime(registry.createdAt, '+00:00'),
      lastModifiedBy: registry.modifiedBy,
      lastModifiedByType: 'Application',
      lastModifiedAt: dotnetTime(registry.modifiedAt, '+00:00'),
    },
    properties: {
      loginServer: `${registry.name.toLowerCase()}.azurecr.io`,
      creationDate: dotnetTime(registry.createdAt, 'Z'),
      provisioningState: state,
      ...registry.settings,
      encryption: encryptionJson(registry.encryption),
      dataEndpointHostNames: [],
      privateEndpointConnections: [],
    },
  };
}

function identityJson(azure: Azure, { identity }: Registry) {
  const { system, users } = identity;
  if (!system && !users.length) {
    return null;
  }
  const type = [
    ...(system ? ['systemAssigned'] : []),
    ...(users.length ? ['userAssigned'] : []),
  ].join(', ');
  return {
    type,
    ...(system && {
      principalId: system.principalId,
      tenantId: azure.settings.tenantId,
    }),
    ...(users.length && {
      userAssignedIdentities: Object.fromEntries(
        users.map(id => {
          const found = azure.store.get('identities', id);
          return [
            id,
            found
              ? { principalId: found.principalId, clientId: found.clientId }
              : {},
          ];
        }),
      ),
    }),
  };
}

function encryptionJson(encryption: RegistryEncryption | undefined) {
  const uri = encryption && parseKeyUri(encryption.keyIdentifier);
  if (!encryption || !uri) {
    return { status: 'disabled' };
  }
  return {
    status: 'enabled',
    keyVaultProperties: {
      keyIdentifier: encryption.keyIdentifier,
      versionedKeyIdentifier: keyUri(
        uri.vault,
        uri.name,
        encryption.versionInUse,
      ),
      identity: encryption.identity,
      keyRotationEnabled: uri.version === undefined,
      ...(encryption.lastRotatedAt !== undefined && {
        lastKeyRotationTimestamp: dotnetTime(
          encryption.lastRotatedAt,
          '+00:00',
        ),
      }),
    },
  };
}
