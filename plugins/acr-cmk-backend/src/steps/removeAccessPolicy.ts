import { changePolicy } from './az';
import { holds, observePolicy, WRITE_POLICIES } from './accessPolicy';
import { defineStep } from './step';
import { lastPart } from './words';

/** Takes permissions of one principal away from a vault that works with access policies. */
export interface RemoveAccessPolicy {
  kind: 'remove-access-policy';
  version: 1;
  vaultId: string;
  tenantId: string;
  objectId: string;
  /** As the vault spells them. */
  keyPermissions: string[];
}

/** Takes exactly the planned permissions away; others of the same principal stay. */
export const removeAccessPolicy = defineStep<RemoveAccessPolicy>({
  kind: 'remove-access-policy',
  version: 1,
  credential: 'revoke',

  title: ({ keyPermissions, objectId, vaultId }) =>
    `Take ${keyPermissions.join(
      ', ',
    )} from the object id ${objectId} in the vault ${lastPart(vaultId)}`,
  target: ({ vaultId }) => vaultId,
  commands: ({ vaultId, tenantId, objectId, keyPermissions }) => [
    changePolicy('remove', vaultId, {
      tenantId,
      objectId,
      keys: keyPermissions,
      secrets: [],
      certificates: [],
      storage: [],
    }),
  ],
  effects: ({ vaultId, objectId }) => [
    { does: 'remove-access', scope: vaultId, principalId: objectId },
  ],
  rights: ({ vaultId }) => [{ scope: vaultId, action: WRITE_POLICIES }],
  lockedScope: ({ vaultId }) => ({ scope: vaultId, deletes: false }),

  async observe({ spec, azure }) {
    const { value: vault } = await azure.vaults.get(spec.vaultId);
    const { held, observations } = observePolicy(vault, spec.objectId);
    return spec.keyPermissions.some(permission => holds(held, permission))
      ? { status: 'needs-write', observations }
      : {
          status: 'done',
          observations,
          message: 'The vault no longer grants these permissions',
        };
  },

  act: ({ spec, azure }) =>
    azure.vaults.removeAccessPolicy(spec.vaultId, {
      tenantId: spec.tenantId,
      objectId: spec.objectId,
      keys: spec.keyPermissions,
      secrets: [],
      certificates: [],
      storage: [],
    }),
});
