import type { AzurePorts } from '../azure/ports';
import { entryOf, entryWraps } from '../cmk/accessPaths';

/** How long a grant or its removal may take to show. Azure gives up to ten minutes. */
export const SPREAD_DEADLINE_MS = 15 * 60_000;

/** The ways by which a principal may use a key now, in words, from Azure. */
export async function accessPathsInAzure(
  azure: AzurePorts,
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
