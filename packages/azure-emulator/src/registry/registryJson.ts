import { seconds } from '../state/durations';
import { keyUri, parseKeyUri } from '../state/ids';
import { Registry, RegistryEncryption } from '../state/model';
import { defaultSoftDelete } from './registrySettings';
import { attachedIdentitiesJson } from '../arm/attachedIdentities';
import { dotnetTime, systemDataJson } from '../arm/systemData';
import type { Azure } from '../types';

/** The api-version in which Resource Graph and generic lists show a registry. */
const NEWEST_STABLE = '2025-11-01';

/** A registry as ARM returns it in an api-version. */
export function registryJson(
  azure: Azure,
  registry: Registry,
  version: string = NEWEST_STABLE,
) {
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
    systemData: systemDataJson(registry, ms => dotnetTime(ms, '+00:00')),
    properties: {
      loginServer: `${registry.name.toLowerCase()}.azurecr.io`,
      creationDate: dotnetTime(registry.createdAt),
      provisioningState: state,
      ...settingsJson(registry, version),
      encryption: encryptionJson(registry.encryption),
      dataEndpointHostNames: dataEndpoints(registry),
      privateEndpointConnections: [],
    },
  };
}

/**
 * A registry as Resource Graph shows it: the newest stable api-version, and of the version in use what
 * the assumptions say.
 */
export function registryRowJson(azure: Azure, registry: Registry) {
  const { resourceGraphShowsVersionInUse, resourceGraphFollowDelaySeconds } =
    azure.assumptions;
  const { encryption } = registry;
  const followed = encryption?.beforeFollow;
  const isUnknown =
    followed &&
    (resourceGraphFollowDelaySeconds === null ||
      encryption.lastRotatedAt! + seconds(resourceGraphFollowDelaySeconds) >
        azure.now());
  const known = isUnknown
    ? {
        ...registry,
        encryption: { ...encryption, lastRotatedAt: undefined, ...followed },
      }
    : registry;
  const json = registryJson(azure, known);
  const { keyVaultProperties } = json.properties.encryption;
  if (resourceGraphShowsVersionInUse || !keyVaultProperties) return json;
  const {
    versionedKeyIdentifier: _version,
    lastKeyRotationTimestamp: _time,
    ...shown
  } = keyVaultProperties;
  return {
    ...json,
    properties: {
      ...json.properties,
      encryption: { ...json.properties.encryption, keyVaultProperties: shown },
    },
  };
}

/** The first api-versions that show newer settings and policies. */
const SINCE = {
  policies: '2022-02-01',
  roleAssignmentMode: '2024-11-01',
  bypassForTasks: '2025-05-01',
};

/** Registries below Premium have no network rules, and older api-versions lack newer settings. */
function settingsJson({ sku, settings, createdAt }: Registry, version: string) {
  const {
    networkRuleSet,
    policies,
    softDeletePolicy = defaultSoftDelete(createdAt),
    roleAssignmentMode,
    networkRuleBypassAllowedForTasks,
    ...rest
  } = settings;
  return {
    ...(sku === 'Premium' && { networkRuleSet }),
    policies: policiesJson(
      policies as Record<string, unknown>,
      softDeletePolicy,
      version,
    ),
    ...rest,
    ...(version >= SINCE.roleAssignmentMode && { roleAssignmentMode }),
    ...(version >= SINCE.bypassForTasks && {
      networkRuleBypassAllowedForTasks,
    }),
  };
}

/** Stable versions share the stored object: Resource Graph reads thousands of them at once. */
function policiesJson(
  policies: Record<string, unknown>,
  softDeletePolicy: unknown,
  version: string,
) {
  if (version < SINCE.policies) {
    const { azureADAuthenticationAsArmPolicy: _newer, ...older } = policies;
    return older;
  }
  return version.endsWith('-preview')
    ? { ...policies, softDeletePolicy }
    : policies;
}

function dataEndpoints({ name, location, settings }: Registry): string[] {
  return settings.dataEndpointEnabled === true
    ? [`${name.toLowerCase()}.${location}.data.azurecr.io`]
    : [];
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
    ...attachedIdentitiesJson(azure, identity),
  };
}

interface EncryptionJson {
  status: string;
  keyVaultProperties?: {
    keyIdentifier: string;
    versionedKeyIdentifier: string;
    identity: string;
    keyRotationEnabled: boolean;
    lastKeyRotationTimestamp?: string;
  };
}

function encryptionJson(
  encryption: RegistryEncryption | undefined,
): EncryptionJson {
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
