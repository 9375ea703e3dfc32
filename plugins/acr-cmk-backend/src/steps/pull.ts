import type { AzureAs } from '../azure/azureAs';
import type { Observation, StepOutputs } from './step';

/** A registry that has lost its key refuses every pull so; any other answer comes from one that reads it. */
export const isRefused = (status: number | undefined) => status === 403;

/** What a later step, and the follow-up, know of the last pull. */
export const pulledOutputs = (
  status: number | undefined,
): { outputs?: StepOutputs } =>
  status === undefined ? {} : { outputs: { pullAfter: status } };

/**
 * What an anonymous request for a pull says. A registry that asks for credentials is there and has its key; one
 * that is cut off from its key answers 403.
 */
export function answerToPull(status: number): string {
  switch (status) {
    case 401:
      return 'the registry answers and asks for credentials (HTTP 401)';
    case 403:
      return 'the registry refuses (HTTP 403), as one without access to its key does';
    default:
      return `the registry answers (HTTP ${status})`;
  }
}

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
