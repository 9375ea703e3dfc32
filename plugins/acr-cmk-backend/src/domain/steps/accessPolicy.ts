/** Access policies of a vault. */
import {
  type AccessPolicyEntry,
  KEY_USES,
  opensData,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Observation } from './step';

/** Azure compares permissions without case. */
export const holds = (held: readonly string[], permission: string) =>
  held.some(one => one.toLowerCase() === permission.toLowerCase());

/** Uses of keys that an entry allows. */
export const usesOfEntry = ({ keys }: Pick<AccessPolicyEntry, 'keys'>) =>
  KEY_USES.filter(use => holds(keys, use) || holds(keys, 'all'));

/** Entries of others that let them open data keys: Key Vault does not say which object ids are groups. */
export const othersThatOpen = (
  { accessPolicies }: Pick<VaultFacts, 'accessPolicies'>,
  principalId: string,
): AccessPolicyEntry[] =>
  accessPolicies.filter(
    entry =>
      entry.objectId.toLowerCase() !== principalId.toLowerCase() &&
      opensData(usesOfEntry(entry)),
  );

/**
 * The entry of a principal in a vault. Entries for an application on behalf of a user do not count:
 * a registry comes as itself.
 */
export function entryOf(
  vault: VaultFacts,
  principalId: string,
): AccessPolicyEntry | undefined {
  return vault.accessPolicies.find(
    entry =>
      entry.objectId.toLowerCase() === principalId.toLowerCase() &&
      !entry.applicationId,
  );
}

/** Key permissions of a principal, and evidence that the others stayed. */
export function observePolicy(
  vault: VaultFacts,
  objectId: string,
): { held: string[]; observations: Observation[] } {
  const held = entryOf(vault, objectId)?.keys ?? [];
  return {
    held,
    observations: [
      {
        what: `key permissions of ${objectId}`,
        value: held.length > 0 ? held.join(', ') : 'none',
      },
      {
        what: 'access policies of the vault',
        value: String(vault.accessPolicies.length),
      },
    ],
  };
}

/**
 * Permissions that `all` stands for in a vault, except purge: whether `all` includes it is not
 * documented, and this plugin never grants it.
 */
export const KEY_PERMISSIONS = [
  'get',
  'list',
  'update',
  'create',
  'import',
  'delete',
  'recover',
  'backup',
  'restore',
  'decrypt',
  'encrypt',
  'unwrapKey',
  'wrapKey',
  'verify',
  'sign',
  'release',
  'rotate',
  'getrotationpolicy',
  'setrotationpolicy',
] as const;

/** Right to change the access policies of a vault. */
const WRITE_POLICIES = 'Microsoft.KeyVault/vaults/accessPolicies/write';

interface OfVault {
  vaultId: string;
}

/** Parts shared by all kinds of steps that change the access policies of a vault. */
export const changesPolicies = {
  version: 1,
  credential: 'revoke',
  target: ({ vaultId }: OfVault) => vaultId,
  rights: ({ vaultId }: OfVault) => [
    { scope: vaultId, action: WRITE_POLICIES },
  ],
  lockedScope: ({ vaultId }: OfVault) => ({ scope: vaultId, deletes: false }),
} as const;

/** Some of the key permissions that one principal has in a vault. */
export interface PermissionsOfOne extends OfVault {
  tenantId: string;
  objectId: string;
  /** As the vault spells them. */
  keyPermissions: string[];
}

/** Changed permissions, as a vault takes them. */
export const entryFor = ({
  tenantId,
  objectId,
  keyPermissions,
}: PermissionsOfOne): AccessPolicyEntry => ({
  tenantId,
  objectId,
  keys: keyPermissions,
  secrets: [],
  certificates: [],
  storage: [],
});

/** A principal has less than before, whichever permissions stay. */
export const losesAccess = ({ vaultId, objectId }: PermissionsOfOne) => [
  {
    does: 'remove-access' as const,
    scope: vaultId,
    principalId: objectId,
  },
];
