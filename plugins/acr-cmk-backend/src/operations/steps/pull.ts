import type { AzurePorts } from '../../azure/ports';
import type { Look } from '../types';

/** What a pull gets. It is evidence beside a proof: a registry that cannot be asked is no failure. */
export async function tryPull(
  azure: AzurePorts,
  loginServer: string,
): Promise<{ status?: number; look: Look }> {
  try {
    const { status } = await azure.registries.probePull(loginServer);
    return { status, look: { what: 'pull', value: `HTTP ${status}` } };
  } catch {
    return { look: { what: 'pull', value: 'could not be tried' } };
  }
}
