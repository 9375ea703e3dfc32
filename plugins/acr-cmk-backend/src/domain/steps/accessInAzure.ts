import type { AzureAs } from '../../azure/azureAs';
import { entryOf, entryWraps } from './accessPolicy';
import type { Observation } from './step';

/** Access paths of a principal to a key now, in words, from Azure. */
export async function accessPathsInAzure(
  azure: AzureAs,
  of: { vaultId: string; keyName: string; principalId: string },
): Promise<string[]> {
  const { value: vault } = await azure.vaults.get(of.vaultId);
  if (vault.permissionModel === 'access-policy') {
    const entry = entryOf(vault, of.principalId);
    return entry && entryWraps(entry)
      ? [`access policy: ${entry.keys.join(', ')}`]
      : [];
  }
  const { value } = await azure.access.assignmentsFor(
    of.principalId,
    `${of.vaultId}/keys/${of.keyName}`,
  );
  return value
    .filter(({ wrapsKeys }) => wrapsKeys)
    .map(({ roleName, scope }) => `${roleName} at ${scope}`);
}

export const observePaths = (paths: readonly string[]): Observation => ({
  what: 'access paths to the key',
  value: paths.length === 0 ? 'none' : paths.join('; '),
});
