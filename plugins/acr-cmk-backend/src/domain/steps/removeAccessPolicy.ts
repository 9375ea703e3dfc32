import { changePolicy } from './az';
import {
  changesPolicies,
  entryFor,
  holds,
  losesAccess,
  observePolicy,
  type PermissionsOfOne,
} from './accessPolicy';
import { defineStep } from './step';
import { lastPart } from './words';

/** Takes permissions of one principal away from a vault that works with access policies. */
export interface RemoveAccessPolicy extends PermissionsOfOne {
  kind: 'remove-access-policy';
  version: 1;
}

/** Takes exactly the planned permissions away; others of the same principal stay. */
export const removeAccessPolicy = defineStep<RemoveAccessPolicy>({
  kind: 'remove-access-policy',
  ...changesPolicies,

  title: ({ keyPermissions, objectId, vaultId }) =>
    `Take ${keyPermissions.join(
      ', ',
    )} from the object id ${objectId} in the vault ${lastPart(vaultId)}`,
  commands: spec => [changePolicy('remove', spec.vaultId, entryFor(spec))],
  effects: losesAccess,

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
    azure.vaults.removeAccessPolicy(spec.vaultId, entryFor(spec)),
});
