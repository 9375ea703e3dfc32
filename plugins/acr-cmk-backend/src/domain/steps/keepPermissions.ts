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

/** Grants one by one what `all` granted before it was removed, in a vault with access policies. */
export interface KeepPermissions extends PermissionsOfOne {
  kind: 'keep-permissions';
  version: 1;
}

/**
 * A step of its own, beside adding an access policy: the principal gets nothing that it did not have, so
 * nobody has to agree to a grant.
 */
export const keepPermissions = defineStep<KeepPermissions>({
  kind: 'keep-permissions',
  ...changesPolicies,

  title: ({ keyPermissions, objectId, vaultId }) =>
    `Leave the other permissions of "all" to the object id ${objectId} in the vault ${lastPart(
      vaultId,
    )}: ${keyPermissions.join(', ')}`,
  commands: spec => [changePolicy('add', spec.vaultId, entryFor(spec))],
  effects: losesAccess,

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
