import { WRAP_PERMISSIONS } from 'backstage-plugin-acr-cmk-common';
/** Registries for tables: a healthy one, and what makes it otherwise. */
import type {
  Fact,
  KeyFacts,
  KeyVersionFacts,
  RegistryFacts,
  RegistryNetwork,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { ChangeHistory } from '../domain/changeHistory';
import {
  type DeletedKey,
  type RegistryFactBundle,
  type EncryptedRegistry,
  encryptedRegistryOf,
} from '../domain/encryptedRegistry';
import type { Registry } from '../domain/registry';
import { toRegistry } from '../inventory/rows/toRegistry';

export const NOW = Date.parse('2026-11-25T12:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
export const ago = (span: { minutes?: number; days?: number }) =>
  new Date(
    NOW - (span.minutes ?? 0) * MINUTE - (span.days ?? 0) * DAY,
  ).toISOString();
export const ahead = (span: { minutes?: number; days?: number }) =>
  ago({ minutes: -(span.minutes ?? 0), days: -(span.days ?? 0) });

export const OLD = 'a'.repeat(32);
export const NEW = 'b'.repeat(32);
const PRINCIPAL = '77777777-0000-4000-8000-000000000000';
const CLIENT = '66666666-0000-4000-8000-000000000000';
const PROVIDER =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault';
const VAULT_ID = `${PROVIDER}/vaults/kv1`;
const HSM = 'hsm1.managedhsm';

export const OPEN_NETWORK: RegistryNetwork = {
  publicNetworkAccess: true,
  defaultAction: 'allow',
  ipRules: [],
};

export const known = <T>(value: T): Fact<T> => ({
  known: true,
  value,
  observedAt: NOW,
  azureAt: NOW,
});
export const denied: Fact<never> = {
  known: false,
  problem: {
    kind: 'denied',
    code: 'AuthorizationFailed',
    message: 'The read credential may not look',
  },
};

export const version = (
  id: string,
  change: Partial<KeyVersionFacts> = {},
): KeyVersionFacts => ({
  version: id,
  enabled: true,
  created: ago({ days: 90 }),
  ...change,
});

/** Differences from the healthy registry, as a table of cases states them. */
export interface Change {
  /** Kind of key store. Default: `vault`. */
  home?: 'vault' | 'hsm';
  mode?: 'automatic' | 'manual';
  inUse?: string;
  registry?: Partial<RegistryFacts>;
  /** Newest first. */
  versions?: KeyVersionFacts[];
  key?: Partial<KeyFacts> | Fact<KeyFacts>;
  vault?: Partial<VaultFacts> | Fact<VaultFacts>;
  assignments?: Fact<RoleAssignmentFacts[]>;
  /** Does the encryption identity exist? Not known when absent. */
  identityExists?: boolean;
  /** Time since which the registry is as it is. */
  registrySince?: number;
  /** Changes by this portal. */
  changes?: ChangeHistory;
  deletedKey?: Fact<DeletedKey>;
}

const isFact = (value: object | undefined): value is Fact<never> =>
  value !== undefined && 'known' in value;

/** A registry with its ids parsed, as the inventory hands it on. */
export function registryOf(facts: RegistryFacts): Registry {
  const registry = toRegistry(facts);
  if (!registry) throw new Error(`${facts.id} is not the id of a registry`);
  return registry;
}

/** The healthy key rotates by policy where the registry follows it; a case that says otherwise has no policy by default. */
function rotationIn({
  mode,
  key = {},
}: Change): Pick<KeyFacts, 'rotatesByPolicy' | 'rotationPolicy'> {
  return mode === 'manual' || 'rotatesByPolicy' in key
    ? { rotatesByPolicy: false }
    : { rotatesByPolicy: true, rotationPolicy: { timeAfterCreate: 'P90D' } };
}

export function bundleWith(change: Change = {}): RegistryFactBundle {
  const inUse = change.inUse ?? OLD;
  const inHsm = change.home === 'hsm';
  const host = inHsm ? `${HSM}.azure.net` : 'kv1.vault.azure.net';
  const versionless = `https://${host}/keys/shop`;
  const vault: VaultFacts = {
    id: VAULT_ID,
    name: 'kv1',
    tenantId: '99999999-8888-4777-8666-555555555555',
    sku: 'premium',
    permissionModel: 'access-policy',
    purgeProtection: true,
    softDeleteRetentionDays: 90,
    publicNetworkAccess: true,
    defaultAction: 'allow',
    trustedServicesBypass: true,
    accessPolicies: [
      {
        tenantId: '99999999-8888-4777-8666-555555555555',
        objectId: PRINCIPAL,
        keys: ['Get', 'WrapKey', 'UnwrapKey'],
        secrets: [],
        certificates: [],
        storage: [],
      },
    ],
    ...(inHsm && {
      id: `${PROVIDER}/managedHSMs/hsm1`,
      name: HSM,
      permissionModel: 'rbac',
      accessPolicies: [],
    }),
    ...(isFact(change.vault) ? {} : change.vault),
  };
  const key: KeyFacts = {
    vaultName: inHsm ? HSM : 'kv1',
    name: 'shop',
    type: inHsm ? 'RSA-HSM' : 'RSA',
    size: 4096,
    operations: ['wrapKey', 'unwrapKey'],
    versions: change.versions ?? [version(inUse)],
    ...rotationIn(change),
    ...(isFact(change.key) ? {} : change.key),
  };
  return {
    registry: registryOf({
      id: '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/shopimages',
      name: 'shopimages',
      location: 'westeurope',
      sku: 'Premium',
      loginServer: 'shopimages.azurecr.io',
      provisioningState: 'Succeeded',
      tags: {},
      network: OPEN_NETWORK,
      encryption: {
        status: 'enabled',
        keyIdentifier:
          change.mode === 'manual' ? `${versionless}/${inUse}` : versionless,
        identity: CLIENT,
        versionedKeyIdentifier: `${versionless}/${inUse}`,
        keyRotationEnabled: change.mode !== 'manual',
      },
      userAssignedIdentities: [
        { resourceId: '/x/id-shop', clientId: CLIENT, principalId: PRINCIPAL },
      ],
      ...change.registry,
    }),
    vault: isFact(change.vault) ? change.vault : known(vault),
    key: isFact(change.key) ? change.key : known(key),
    assignments: change.assignments,
    ...(change.identityExists !== undefined && {
      identityExists: change.identityExists,
    }),
    registrySince: change.registrySince,
    changes: change.changes,
    deletedKey: change.deletedKey,
  };
}

/** Does a text, or one within a value, say that a key is in a vault? Ids and what code names so are left out. */
export function saysVault(value: unknown): string[] {
  if (typeof value === 'string') {
    return /(?<![.\w])vaults?\b(?!\.)/i.test(
      value.replace(/acrCmk\.vaults|Key Vault/g, ''),
    )
      ? [value]
      : [];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, part]) =>
        /^(id|kind|commands)$/.test(name) ? [] : saysVault(part),
      )
    : [];
}

export function encryptedRegistryWith(change: Change = {}): EncryptedRegistry {
  const encrypted = encryptedRegistryOf(bundleWith(change), NOW);
  if (!encrypted) throw new Error('The registry has no customer-managed key');
  return encrypted;
}

export const assignment = (
  change: Partial<RoleAssignmentFacts> = {},
): RoleAssignmentFacts => ({
  id: `${VAULT_ID}/keys/shop/providers/Microsoft.Authorization/roleAssignments/1`,
  name: '1',
  scope: `${VAULT_ID}/keys/shop`,
  principalId: PRINCIPAL,
  principalType: 'ServicePrincipal',
  roleDefinitionId:
    '/providers/Microsoft.Authorization/roleDefinitions/e147488a-f6f5-4113-8e2d-b22465e65bf6',
  roleName: 'Key Vault Crypto Service Encryption User',
  keyUses: [...WRAP_PERMISSIONS],
  ...change,
});
