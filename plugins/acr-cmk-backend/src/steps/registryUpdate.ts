import {
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { Observation, StepStatus } from '../operations/engine/types';
import type { StepContext } from './step';

/** How long an update of a registry may stay under way before it is called unconfirmed. Our choice. */
const UPDATE_DEADLINE_MS = 30 * 60_000;

/** The encryption fields of a registry, as evidence. */
export function observationsOf(registry: RegistryFacts): Observation[] {
  const { encryption } = registry;
  return [
    { what: 'key identifier', value: encryption.keyIdentifier ?? 'none' },
    {
      what: 'version in use',
      value: encryption.versionedKeyIdentifier ?? 'none',
    },
    { what: 'identity', value: encryption.identity ?? 'none' },
    { what: 'provisioning state', value: registry.provisioningState },
    {
      what: 'last key rotation',
      value: encryption.lastKeyRotation ?? 'none so far',
    },
  ];
}

/**
 * What an update of the registry that was sent, or may have been, has come to.
 *
 * @returns nothing when ARM is done with it, or was never asked
 */
export async function statusOfUpdate(
  context: StepContext,
  registryId: string,
  registry: RegistryFacts,
): Promise<StepStatus | 'succeeded' | undefined> {
  const { checkpoint, now, startedAt } = context;
  const observations = observationsOf(registry);
  const late = now - startedAt > UPDATE_DEADLINE_MS;
  if (checkpoint.operationUrl && !checkpoint.azureSucceeded) {
    const status = await statusOf(context, registryId, checkpoint.operationUrl);
    if (status?.status === 'failed') {
      return {
        status: 'failed',
        observations,
        code: status.code,
        message: `Azure refused the change: ${status.message}`,
      };
    }
    if (status?.status === 'succeeded') return 'succeeded';
    if (status?.status === 'running') {
      return late
        ? {
            status: 'unverified',
            observations,
            message: 'Azure has not finished the change in half an hour',
          }
        : {
            status: 'in-progress',
            observations,
            message: 'Azure is changing the registry',
            checkAgainSeconds: Math.min(status.retryAfterSeconds ?? 2, 30),
          };
    }
    // The operation cannot be read any more: the registry itself tells.
  }
  if (registry.provisioningState === 'Updating') {
    return late
      ? {
          status: 'unverified',
          observations,
          message: 'The registry has been updating for half an hour',
        }
      : {
          status: 'in-progress',
          observations,
          message: 'Azure is changing the registry',
          checkAgainSeconds: 5,
        };
  }
  return undefined;
}

async function statusOf(
  { azure }: StepContext,
  registryId: string,
  operationUrl: string,
) {
  try {
    return await azure.registries.operationStatus(
      RegistryId.parse(registryId),
      operationUrl,
      'rotate',
    );
  } catch (error) {
    if (error instanceof AzureError && error.kind === 'not-found') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Azure's refusal of a key that the identity cannot reach. After a grant was made it passes by
 * itself; Azure gives up to ten minutes for a role assignment.
 */
export function keyOutOfReach(error: AzureError): boolean {
  return /Failed to access KeyId|does not have access|permission on key/i.test(
    error.message,
  );
}
