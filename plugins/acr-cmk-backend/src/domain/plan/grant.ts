import {
  CRYPTO_SERVICE_ENCRYPTION_USER,
  HSM_CRYPTO_SERVICE_ENCRYPTION_USER,
  WRAP_PERMISSIONS,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../steps';
import { addAccessPolicy } from '../steps/addAccessPolicy';
import { createRoleAssignment } from '../steps/createRoleAssignment';
import type { EncryptedRegistry } from '../encryptedRegistry';
import { encryptionRole } from '../accessPaths';
import type { PlanContext } from './draft';

/**
 * The narrowest grant that lets the encryption identity of a registry use its key, by whatever the
 * vault works with: three permissions, or one role at the key itself.
 *
 * @returns nothing when the vault is not known
 */
export function narrowestGrant(
  {
    vault,
    identity,
    key,
  }: Pick<EncryptedRegistry, 'vault' | 'identity' | 'key'>,
  { guid }: Pick<PlanContext, 'guid'>,
): StepSpec | undefined {
  if (!vault.known) return undefined;
  if (!identity.principalId && identity.kind !== 'system') return undefined;
  const principalId = identity.principalId ?? 'system-identity';
  const { id, tenantId, permissionModel } = vault.value;
  if (permissionModel === 'access-policy') {
    return addAccessPolicy.build({
      vaultId: id,
      entry: {
        tenantId,
        objectId: principalId,
        keys: [...WRAP_PERMISSIONS],
        secrets: [],
        certificates: [],
        storage: [],
      },
    });
  }
  const scope = `${id}/keys/${key.keyName}`;
  const subscription = /^\/subscriptions\/[^/]+/i.exec(id)?.[0] ?? '';
  return createRoleAssignment.build({
    assignment: {
      scope,
      name: guid(`grant ${scope}`),
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: key.isInHsm
        ? `Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${HSM_CRYPTO_SERVICE_ENCRYPTION_USER}`
        : `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_SERVICE_ENCRYPTION_USER}`,
      roleName: encryptionRole(key),
    },
  });
}
