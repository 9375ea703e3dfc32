import type {
  AccessPolicyEntry,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { entryOf } from '../cmk/accessPaths';
import type { AddAccessPolicy, RemoveAccessPolicy } from '../cmk/steps';
import type { Observation } from '../operations/engine/types';
import { principalOf } from './principal';
import { defineStep } from './step';

function heldKeys(vault: VaultFacts, objectId: string): string[] {
  return entryOf(vault, objectId)?.keys ?? [];
}

function observationsOf(vault: VaultFacts, objectId: string): Observation[] {
  const keys = heldKeys(vault, objectId);
  return [
    {
      what: `key permissions of ${objectId}`,
      value: keys.length > 0 ? keys.join(', ') : 'none',
    },
    {
      what: 'access policies of the vault',
      value: String(vault.accessPolicies.length),
    },
  ];
}

const has = (held: readonly string[], permission: string) =>
  held.some(one => one.toLowerCase() === permission.toLowerCase());

/** Takes exactly the planned permissions away; others of the same principal stay. */
export const removeAccessPolicy = defineStep<RemoveAccessPolicy>({
  kind: 'remove-access-policy',
  version: 1,
  credential: 'revoke',

  async observe({ spec, azure }) {
    const { value: vault } = await azure.vaults.get(spec.vaultId);
    const observations = observationsOf(vault, spec.objectId);
    const held = heldKeys(vault, spec.objectId);
    const left = spec.keyPermissions.filter(permission =>
      has(held, permission),
    );
    return left.length === 0
      ? {
          status: 'done',
          observations,
          message: 'The vault no longer grants these permissions',
        }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure }) =>
    azure.vaults.removeAccessPolicy(
      spec.vaultId,
      entryWith(spec, spec.keyPermissions),
      'revoke',
    ),
});

/** Gives the planned permissions; the vault merges them into what is there. */
export const addAccessPolicy = defineStep<AddAccessPolicy>({
  kind: 'add-access-policy',
  version: 1,
  credential: 'revoke',

  async observe({ spec, azure, outputs }) {
    const objectId = principalOf(spec.entry.objectId, outputs);
    const { value: vault } = await azure.vaults.get(spec.vaultId);
    const observations = observationsOf(vault, objectId);
    const held = heldKeys(vault, objectId);
    return spec.entry.keys.every(permission => has(held, permission))
      ? {
          status: 'done',
          observations,
          message: 'The vault grants these permissions',
        }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure, outputs }) =>
    azure.vaults.addAccessPolicy(
      spec.vaultId,
      { ...spec.entry, objectId: principalOf(spec.entry.objectId, outputs) },
      'revoke',
    ),
});

function entryWith(
  { tenantId, objectId }: { tenantId: string; objectId: string },
  keys: string[],
): AccessPolicyEntry {
  return {
    tenantId,
    objectId,
    keys,
    secrets: [],
    certificates: [],
    storage: [],
  };
}
