import {
  type KeyUse,
  missingUses,
  opensData,
} from 'backstage-plugin-acr-cmk-common';
import type { AzureAs } from '../../azure/azureAs';
import { entryOf, othersThatOpen, usesOfEntry } from './accessPolicy';
import type { Observation } from './step';

/** Access of a principal to a key, from Azure. */
export interface AccessInAzure {
  /** Grants by which it may open data keys, in words. */
  paths: string[];
  /** Permissions that a registry needs and none of its grants has. */
  missing: KeyUse[];
  /** Object ids of other access policies that may open data keys. Empty where the vault works with roles. */
  others: string[];
}

/** Reads the access of a principal to a key. */
export async function accessInAzure(
  azure: AzureAs,
  of: { vaultId: string; keyName: string; principalId: string },
): Promise<AccessInAzure> {
  const { value: vault } = await azure.vaults.get(of.vaultId);
  if (vault.permissionModel === 'access-policy') {
    const entry = entryOf(vault, of.principalId);
    const uses = entry ? usesOfEntry(entry) : [];
    return {
      paths:
        entry && opensData(uses)
          ? [`access policy: ${entry.keys.join(', ')}`]
          : [],
      missing: missingUses(uses),
      others: othersThatOpen(vault, of.principalId).map(
        ({ objectId }) => objectId,
      ),
    };
  }
  const { value } = await azure.access.assignmentsFor(
    of.principalId,
    `${of.vaultId}/keys/${of.keyName}`,
  );
  return {
    paths: value
      .filter(({ keyUses }) => opensData(keyUses))
      .map(({ roleName, scope }) => `${roleName} at ${scope}`),
    missing: missingUses(value.flatMap(({ keyUses }) => keyUses)),
    others: [],
  };
}

export const observePaths = (paths: readonly string[]): Observation => ({
  what: 'access paths to the key',
  value: paths.length === 0 ? 'none' : paths.join('; '),
});
