import type { AzureAs } from '../azure/azureAs';
import type { Observation, StepOutputs } from './step';

/** A registry that has lost its key refuses every pull so; any other answer comes from one that reads it. */
export const isRefused = (status: number | undefined) => status === 403;

/** Outputs about the last pull, for a later step and for the follow-up. */
export const pulledOutputs = (
  status: number | undefined,
): { outputs?: StepOutputs } =>
  status === undefined ? {} : { outputs: { pullAfter: status } };

/**
 * Reads the status of an anonymous pull. A registry that requires credentials exists and has its
 * key; one that is cut off from its key answers 403.
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

/** Tries a pull. The answer is evidence beside a proof: a registry that cannot be reached is no failure. */
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
