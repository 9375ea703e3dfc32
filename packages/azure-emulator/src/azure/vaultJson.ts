import { same, vaultUri } from '../ids';
import { Vault } from '../model';

/** Vault times have three decimals. */
const time = (ms: number) => new Date(ms).toISOString();

/** A vault as ARM returns it: settings that were never turned on are absent, not false. */
export function vaultJson(vault: Vault) {
  return {
    id: vault.id,
    name: vault.name,
    type: 'Microsoft.KeyVault/vaults',
    location: vault.location,
    tags: vault.tags,
    systemData: {
      createdBy: vault.createdBy,
      createdByType: 'Application',
      createdAt: time(vault.createdAt),
      lastModifiedBy: vault.modifiedBy,
      lastModifiedByType: 'Application',
      lastModifiedAt: time(vault.modifiedAt),
    },
    properties: {
      sku: vault.sku,
      tenantId: vault.tenantId,
      ...(vault.networkAcls && { networkAcls: vault.networkAcls }),
      accessPolicies: vault.accessPolicies,
      enabledForDeployment: false,
      ...vault.flags,
      enableSoftDelete: true,
      softDeleteRetentionInDays: vault.softDeleteRetentionInDays,
      ...(vault.enableRbacAuthorization !== undefined && {
        enableRbacAuthorization: vault.enableRbacAuthorization,
      }),
      ...(vault.enablePurgeProtection && { enablePurgeProtection: true }),
      vaultUri: `${vaultUri(vault.name)}/`,
      provisioningState: 'Succeeded',
      publicNetworkAccess: same(vault.publicNetworkAccess, 'disabled')
        ? 'Disabled'
        : 'Enabled',
    },
  };
}

export function deletedVaultJson(vault: Vault) {
  const { subscriptionId, location, name, deleted } = vault;
  return {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`,
    name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: vault.id,
      location,
      tags: vault.tags,
      deletionDate: time(deleted!.at),
      scheduledPurgeDate: time(deleted!.purgeAt),
      ...(vault.enablePurgeProtection && { purgeProtectionEnabled: true }),
    },
  };
}
