import {
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import type { Look, Sight } from '../types';
import type { StepContext } from './step';

/** How long an update of a registry may stay under way before it is called unconfirmed. Our choice. */
const UPDATE_DEADLINE_MS = 30 * 60_000;

/** The encryption fields of a registry, as evidence. */
export function looksOf(registry: RegistryFacts): Look[] {
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
export async function sightOfUpdate(
  context: StepContext,
  registryId: string,
  registry: RegistryFacts,
): Promise<Sight | 'succeeded' | undefined> {
  const { memo, now, startedAt } = context;
  const looks = looksOf(registry);
  const late = now - startedAt > UPDATE_DEADLINE_MS;
  if (memo.operationUrl && !memo.azureSucceeded) {
    const status = await statusOf(context, registryId, memo.operationUrl);
    if (status?.status === 'failed') {
      return {
        is: 'hopeless',
        looks,
        code: status.code,
        sentence: `Azure refused the change: ${status.message}`,
      };
    }
    if (status?.status === 'succeeded') return 'succeeded';
    if (status?.status === 'running') {
      return late
        ? {
            is: 'unconfirmed',
            looks,
            sentence: 'Azure has not finished the change in half an hour',
          }
        : {
            is: 'not-yet',
            looks,
            sentence: 'Azure is changing the registry',
            lookAgainSeconds: Math.min(status.retryAfterSeconds ?? 2, 30),
          };
    }
    // The operation cannot be read any more: the registry itself tells.
  }
  if (registry.provisioningState === 'Updating') {
    return late
      ? {
          is: 'unconfirmed',
          looks,
          sentence: 'The registry has been updating for half an hour',
        }
      : {
          is: 'not-yet',
          looks,
          sentence: 'Azure is changing the registry',
          lookAgainSeconds: 5,
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
