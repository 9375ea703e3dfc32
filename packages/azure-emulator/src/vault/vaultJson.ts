import { same, vaultUri } from '../state/ids';
import { Vault } from '../state/model';
import { systemDataJson, vaultTime } from '../arm/systemData';
import type { Azure } from '../types';

/** A vault as ARM returns it: settings that were never turned on are absent, not false. */
export function vaultJson({ clock }: Azure, vault: Vault) {
  const ready = vault.readyAt === undefined || vault.readyAt <= clock.now();
  return {
    id: vault.id,
    name: vault.name,
    type: 'Microsoft.KeyVault/vaults',
    location: vault.location,
    tags: vault.tags,
    systemData: systemDataJson(vault, vaultTime),
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
      provisioningState: ready ? 'Succeeded' : 'RegisteringDns',
      publicNetworkAccess: same(vault.publicNetworkAccess, 'disabled')
        ? 'Disabled'
        : 'Enabled',
    },
  };
}
