import { changePolicy } from './az';
import { holds, observePolicy, WRITE_POLICIES } from './accessPolicy';
import { defineStep } from './step';
import { lastPart } from './words';

/** Grants one by one what `all` granted before it was removed, in a vault with access policies. */
export interface KeepPermissions {
  kind: 'keep-permissions';
  version: 1;
  vaultId: string;
  tenantId: string;
  objectId: string;
  keyPermissions: string[];
}

/**
 * A step of its own, beside adding an access policy: the principal gets nothing that it did not have, so
 * nobody has to agree to a grant.
 */
export const keepPermissions = defineStep<KeepPermissions>({
  kind: 'keep-permissions',
  version: 1,
  credential: 'revoke',

  title: ({ keyPermissions, objectId, vaultId }) =>
    `Leave the other permissions of "all" to the object id ${objectId} in the vault ${lastPart(
      vaultId,
    )}: ${keyPermissions.join(', ')}`,
  target: ({ vaultId }) => vaultId,
  commands: ({ vaultId, ...spec }) => [
    changePolicy('add', vaultId, entryFor(spec)),
  ],
  effects: ({ vaultId, objectId }) => [
    { does: 'remove-access', scope: vaultId, principalId: objectId },
  ],
  rights: ({ vaultId }) => [{ scope: vaultId, action: WRITE_POLICIES }],
  lockedScope: ({ vaultId }) => ({ scope: vaultId, deletes: false }),

  async observe({ spec, azure }) {
    const { value: vault } = await azure.vaults.get(spec.vaultId);
    const { held, observations } = observePolicy(vault, spec.objectId);
    return spec.keyPermissions.every(permission => holds(held, permission))
      ? {
          status: 'done',
          observations,
          message: `Left in the access policy: ${held.join(', ')}`,
        }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure }) =>
    azure.vaults.addAccessPolicy(spec.vaultId, entryFor(spec)),
});

function entryFor({
  tenantId,
  objectId,
  keyPermissions,
}: Pick<KeepPermissions, 'tenantId' | 'objectId' | 'keyPermissions'>) {
  return {
    tenantId,
    objectId,
    keys: keyPermissions,
    secrets: [],
    certificates: [],
    storage: [],
  };
}
