import type { AzureAs } from '../azure/azureAs';
import type { Observation } from './step';

/** What a pull gets. It is evidence beside a proof: a registry that cannot be asked is no failure. */
export async function tryPull(
  azure: AzureAs,
  loginServer: string,
): Promise<{ status?: number; observation: Observation }> {
  try {
    const { status } = await azure.registries.probePull(loginServer);
    return { status, observation: { what: 'pull', value: `HTTP ${status}` } };
  } catch {
    return { observation: { what: 'pull', value: 'could not be tried' } };
  }
}
