import type {
  KeyVaultManagementClient,
  ManagedHsm,
  Permissions,
  Vault,
} from '@azure/arm-keyvault';
import { RestError } from '@azure/core-rest-pipeline';
import {
  type AccessPolicyEntry,
  hsmName,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import {
  guidOf,
  isHsmScope,
  refusedInput,
  subscriptionIdOf,
  vaultIdOf,
  vaultIdText,
} from '../armIds';
import { read, write } from '../transport/call';
import type { AzureClients } from '../client';
import { withoutDuplicates } from '../transport/pipeline';
import type { AzureReceipt, CredentialName, VaultsPort } from '../ports';
import { tagged } from '../transport/tagged';

const RESOURCE = 'Microsoft.KeyVault/vaults';
const HSM_RESOURCE = 'Microsoft.KeyVault/managedHSMs';

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
    ...networkOf(properties),
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

/** Access that the firewall of a vault or Managed HSM allows. */
function networkOf({
  publicNetworkAccess,
  networkAcls,
}: Pick<Vault['properties'], 'publicNetworkAccess' | 'networkAcls'>) {
  const access = publicNetworkAccess?.toLowerCase() ?? 'enabled';
  const acls = networkAcls ?? undefined;
  return {
    publicNetworkAccess: access === 'enabled',
    defaultAction:
      acls?.defaultAction?.toLowerCase() === 'deny'
        ? ('deny' as const)
        : ('allow' as const),
    // A network security perimeter does not let trusted services in by itself.
    trustedServicesBypass:
      access !== 'securedbyperimeter' &&
      (acls?.bypass ?? 'AzureServices').toLowerCase() === 'azureservices',
  };
}

/**
 * A Managed HSM of ARM as facts. It has no access policies, and role assignments of its own, which ARM
 * does not show.
 */
export function toHsmFacts(hsm: ManagedHsm): VaultFacts {
  const properties = hsm.properties ?? {};
  const { activationStatus } = properties.securityDomainProperties ?? {};
  return {
    id: vaultIdShown(hsm.id ?? ''),
    name: hsmName(hsm.name ?? ''),
    ...(hsm.location ? { location: hsm.location } : {}),
    tenantId: properties.tenantId ?? '',
    sku: hsm.sku?.name ?? '',
    permissionModel: 'rbac',
    // The specification's default is true, and whether Azure always sends it was not seen.
    ...(typeof properties.enablePurgeProtection === 'boolean' && {
      purgeProtection: properties.enablePurgeProtection,
    }),
    softDeleteRetentionDays:
      properties.softDeleteRetentionInDays ?? DEFAULT_RETENTION_DAYS,
    ...networkOf(properties),
    ...(activationStatus ? { securityDomain: activationStatus } : {}),
    ...tagged(hsm.tags),
    accessPolicies: [],
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

/**
 * Error codes of ARM (400, 404 and 409) where Key Vault has no Managed HSMs, as in a cloud that does not offer them.
 * Any other error except 403 fails the listing, so that unread HSMs are not taken for absent.
 */
const WITHOUT_HSMS = [
  'InvalidResourceType',
  'NoRegisteredProviderFound',
  'MissingSubscriptionRegistration',
];

/** Does a listing that was refused mean that no Managed HSM is known, and not that it failed? */
const knowsNoHsms = ({ statusCode, code }: RestError) =>
  // A role from before this product knew Managed HSMs lacks the right to list them.
  statusCode === 403 || WITHOUT_HSMS.includes(code ?? '');

async function hsmsOf(client: KeyVaultManagementClient): Promise<VaultFacts[]> {
  const found: VaultFacts[] = [];
  try {
    for await (const hsm of client.managedHsms.listBySubscription()) {
      found.push(toHsmFacts(hsm));
    }
  } catch (error) {
    if (!(error instanceof RestError) || !knowsNoHsms(error)) throw error;
  }
  return found;
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
          doing: isHsmScope(vaultId)
            ? 'read the Managed HSM'
            : 'read the vault',
          scope: vaultId,
          action: `${isHsmScope(vaultId) ? HSM_RESOURCE : RESOURCE}/read`,
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const { isHsm, ...vault } = vaultIdOf(vaultId);
          const client = clients.keyVault('read', vault.subscriptionId);
          return isHsm
            ? toHsmFacts(
                await client.managedHsms.get(vault.resourceGroup, vault.name),
              )
            : toVaultFacts(
                await client.vaults.get(vault.resourceGroup, vault.name),
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
          const client = clients.keyVault('read', subscriptionId);
          for await (const vault of client.vaults.listBySubscription()) {
            found.push(toVaultFacts(vault));
          }
          found.push(...(await hsmsOf(client)));
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
