/** Parts shared by the steps that change a registry: its evidence, and the status of its update. */
import {
  KeyIdentifier,
  type RegistryFacts,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { orMissing } from './orMissing';
import type { Observation, StepContext, StepStatus } from './step';
import { inProgressUntil } from './timing';

/** Time for which an update of a registry may be in progress before it is unverified. Our choice. */
const UPDATE_DEADLINE_MS = 30 * 60_000;

/** Parses the key identifiers in an answer about a registry. Undefined for a key outside of Key Vault. */
export function keysOf({ encryption }: RegistryFacts) {
  return {
    stored: KeyIdentifier.tryParse(encryption.keyIdentifier),
    inUse: KeyIdentifier.tryParse(encryption.versionedKeyIdentifier),
  };
}

/** The encryption fields of a registry, as evidence. */
export function observeRegistry(registry: RegistryFacts): Observation[] {
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
 * Status of an update of the registry that was sent, or may have been.
 *
 * @returns nothing when ARM is done with it, or was never asked
 */
export async function statusOfUpdate(
  context: StepContext<{ registryId: RegistryId }>,
  registry: RegistryFacts,
): Promise<StepStatus | 'succeeded' | undefined> {
  const { spec, azure, checkpoint } = context;
  const observations = observeRegistry(registry);
  const wait = { deadlineMs: UPDATE_DEADLINE_MS, observations };
  if (checkpoint.operationUrl && !checkpoint.azureSucceeded) {
    const operation = await orMissing(
      azure.registries.operationStatus(
        spec.registryId,
        checkpoint.operationUrl,
      ),
    );
    if (operation?.status === 'failed') {
      return {
        status: 'failed',
        observations,
        code: operation.code,
        message: `Azure refused the change: ${operation.message}`,
      };
    }
    if (operation?.status === 'succeeded') return 'succeeded';
    if (operation?.status === 'running') {
      return inProgressUntil(context, {
        ...wait,
        checkAgainSeconds: Math.min(operation.retryAfterSeconds ?? 2, 30),
        message: 'Azure is changing the registry',
        overdue: 'Azure has not finished the change in half an hour',
      });
    }
    // The operation cannot be read any more: the registry itself shows how it ended.
  }
  return registry.provisioningState === 'Updating'
    ? inProgressUntil(context, {
        ...wait,
        checkAgainSeconds: 5,
        message: 'Azure is changing the registry',
        overdue: 'The registry has been updating for half an hour',
      })
    : undefined;
}
