import type { AccessPolicyEntry } from 'backstage-plugin-acr-cmk-common';
import { changePolicy } from './az';
import { changesPolicies, holds, observePolicy } from './accessPolicy';
import { principalInWords, principalOf } from './principal';
import { defineStep } from './step';
import { lastPart } from './words';

/** Gives one principal permissions in a vault that works with access policies. */
export interface AddAccessPolicy {
  kind: 'add-access-policy';
  version: 1;
  vaultId: string;
  /** Its `objectId` is a `Principal`. */
  entry: AccessPolicyEntry;
}

/** The vault merges the permissions into what is there. */
export const addAccessPolicy = defineStep<AddAccessPolicy>({
  kind: 'add-access-policy',
  ...changesPolicies,

  title: ({ entry, vaultId }) =>
    `Give ${entry.keys.join(', ')} to ${principalInWords(
      entry.objectId,
    )} in the vault ${lastPart(vaultId)}`,
  commands: ({ vaultId, entry }) => [changePolicy('add', vaultId, entry)],
  effects: ({ vaultId, entry }) => [
    { does: 'grant', scope: vaultId, principalId: entry.objectId },
  ],
  givesBack: ({ vaultId, entry }) => ({
    what: 'access',
    of: [vaultId, entry.objectId, [...entry.keys].sort()],
  }),

  async observe({ spec, azure, outputs }) {
    const objectId = principalOf(spec.entry.objectId, outputs);
    const { value: vault } = await azure.vaults.get(spec.vaultId);
    const { held, observations } = observePolicy(vault, objectId);
    return spec.entry.keys.every(permission => holds(held, permission))
      ? {
          status: 'done',
          observations,
          message: 'The vault grants these permissions',
        }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure, outputs }) =>
    azure.vaults.addAccessPolicy(spec.vaultId, {
      ...spec.entry,
      objectId: principalOf(spec.entry.objectId, outputs),
    }),
});
