import type { Azure } from '../azure';
import { keyUri, parseKeyUri } from '../ids';
import { Registry, RegistryEncryption } from '../model';
import { dotnetTime, systemDataJson } from './systemData';

/** What Resource Graph and generic lists show a registry in. */
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

/** Settings and policies that older api-versions do not show: the date of the first one that does. */
const SHOWN_SINCE: Record<string, string> = {
  azureADAuthenticationAsArmPolicy: '2022-02-01',
  softDeletePolicy: '2022-02-01',
  roleAssignmentMode: '2024-11-01',
  networkRuleBypassAllowedForTasks: '2025-05-01',
};

/** Only preview versions show these. */
const PREVIEW_ONLY = ['softDeletePolicy'];

function isShown(name: string, version: string): boolean {
  const since = SHOWN_SINCE[name];
  return (
    since === undefined ||
    (version >= since &&
      (!PREVIEW_ONLY.includes(name) || /-preview$/i.test(version)))
  );
}

const shown = (fields: Record<string, unknown>, version: string) =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => isShown(name, version)),
  );

/** Registries below Premium have no network rules. */
function settingsJson({ sku, settings }: Registry, version: string) {
  const { networkRuleSet, policies, ...rest } = settings;
  return {
    ...(sku === 'Premium' && { networkRuleSet }),
    policies: shown(policies as Record<string, unknown>, version),
    ...shown(rest, version),
  };
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
