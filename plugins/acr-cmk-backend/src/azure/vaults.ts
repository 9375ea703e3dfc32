import type { Permissions, Vault } from '@azure/arm-keyvault';
import type {
  AccessPolicyEntry,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import {
  guidOf,
  refusedInput,
  subscriptionIdOf,
  vaultIdOf,
  vaultIdText,
} from './armIds';
import { read, write } from './call';
import type { AzureClients } from './clients';
import { withoutDuplicates } from './pipeline';
import type { AzureReceipt, CredentialName, VaultsPort } from './ports';
import { tagged } from './tagged';

const RESOURCE = 'Microsoft.KeyVault/vaults';

/** Days that a vault keeps what was deleted, when it does not say otherwise. */
const DEFAULT_RETENTION_DAYS = 90;

function vaultIdShown(id: string): string {
  try {
    return vaultIdText(vaultIdOf(id));
  } catch {
    return id;
  }
}

/**
 * A vault of ARM as facts. What is absent means: access policies, no purge protection, an open
 * firewall, trusted services let in (docs/azure.md).
 */
export function toVaultFacts(vault: Vault): VaultFacts {
  const { properties } = vault;
  const access = properties.publicNetworkAccess?.toLowerCase() ?? 'enabled';
  const acls = properties.networkAcls ?? undefined;
  return {
    id: vaultIdShown(vault.id ?? ''),
    name: vault.name ?? '',
    ...(vault.location ? { location: vault.location } : {}),
    tenantId: properties.tenantId,
    sku: properties.sku?.name ?? '',
    permissionModel:
      properties.enableRbacAuthorization === true ? 'rbac' : 'access-policy',
    purgeProtection: properties.enablePurgeProtection === true,
    softDeleteRetentionDays:
      properties.softDeleteRetentionInDays ?? DEFAULT_RETENTION_DAYS,
    publicNetworkAccess: access === 'enabled',
    defaultAction:
      acls?.defaultAction?.toLowerCase() === 'deny' ? 'deny' : 'allow',
    // A network security perimeter does not let trusted services in by itself.
    trustedServicesBypass:
      access !== 'securedbyperimeter' &&
      (acls?.bypass ?? 'AzureServices').toLowerCase() === 'azureservices',
    ...tagged(vault.tags),
    accessPolicies: (properties.accessPolicies ?? []).map(policy => ({
      tenantId: policy.tenantId,
      objectId: policy.objectId,
      ...(policy.applicationId ? { applicationId: policy.applicationId } : {}),
      keys: policy.permissions?.keys ?? [],
      secrets: policy.permissions?.secrets ?? [],
      certificates: policy.permissions?.certificates ?? [],
      storage: policy.permissions?.storage ?? [],
    })),
  };
}

/** The permissions of an entry as ARM takes them: a list that is empty is not sent. */
export function permissionsOf(entry: AccessPolicyEntry): Permissions {
  return Object.fromEntries(
    (['keys', 'secrets', 'certificates', 'storage'] as const)
      .filter(kind => entry[kind].length > 0)
      .map(kind => [kind, [...entry[kind]]]),
  );
}

export function createVaults(clients: AzureClients): VaultsPort {
  const { limits } = clients;

  async function changePolicy(
    kind: 'add' | 'remove',
    change: {
      vaultId: string;
      entry: AccessPolicyEntry;
      credential: CredentialName;
    },
  ): Promise<AzureReceipt> {
    const { vaultId, entry, credential } = change;
    const { receipt } = await write(
      {
        doing:
          kind === 'add'
            ? 'give key permissions by an access policy'
            : 'take key permissions out of an access policy',
        scope: vaultId,
        action: `${RESOURCE}/accessPolicies/write`,
        role: 'Key Vault Contributor',
        credential,
      },
      limits,
      async () => {
        const vault = vaultIdOf(vaultId);
        const permissions = permissionsOf(entry);
        if (Object.keys(permissions).length === 0) {
          // What Azure makes of an entry without permissions is not written down anywhere.
          throw refusedInput('The access policy entry has no permission in it');
        }
        await clients
          .keyVault(credential, vault.subscriptionId)
          .vaults.updateAccessPolicy(vault.resourceGroup, vault.name, kind, {
            properties: {
              accessPolicies: [
                {
                  tenantId: guidOf(entry.tenantId, 'the id of a tenant'),
                  objectId: guidOf(entry.objectId, 'the id of a principal'),
                  ...(entry.applicationId
                    ? { applicationId: entry.applicationId }
                    : {}),
                  permissions,
                },
              ],
            },
          });
      },
    );
    return receipt;
  }

  return {
    get(vaultId) {
      return read(
        {
          doing: 'read the vault',
          scope: vaultId,
          action: `${RESOURCE}/read`,
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const vault = vaultIdOf(vaultId);
          return toVaultFacts(
            await clients
              .keyVault('read', vault.subscriptionId)
              .vaults.get(vault.resourceGroup, vault.name),
          );
        },
      );
    },

    listBySubscription(subscription) {
      return read(
        {
          doing: 'list the vaults of a subscription',
          scope: `/subscriptions/${subscription}`,
          action: `${RESOURCE}/read`,
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const subscriptionId = subscriptionIdOf(subscription);
          const found: VaultFacts[] = [];
          for await (const vault of clients
            .keyVault('read', subscriptionId)
            .vaults.listBySubscription()) {
            found.push(toVaultFacts(vault));
          }
          return withoutDuplicates(found, vault => vault.id);
        },
      );
    },

    addAccessPolicy: (vaultId, entry, credential) =>
      changePolicy('add', { vaultId, entry, credential }),

    removeAccessPolicy: (vaultId, entry, credential) =>
      changePolicy('remove', { vaultId, entry, credential }),
  };
}
