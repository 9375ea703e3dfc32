import {
  KeyIdentifier,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { CreateRegistry } from '../cmk/steps';
import type {
  Observation,
  StepOutputs,
  StepStatus,
} from '../operations/engine/types';
import { keyOutOfReach, observationsOf } from './registryUpdate';
import { defineStep, type StepContext } from './step';

/** How long Azure may take to make a registry before that is called unconfirmed. Our choice. */
const CREATE_DEADLINE_MS = 30 * 60_000;

async function registryIn({
  spec,
  azure,
}: StepContext<CreateRegistry>): Promise<RegistryFacts | undefined> {
  try {
    return (await azure.registries.get(RegistryId.parse(spec.registryId)))
      .value;
  } catch (error) {
    if (error instanceof AzureError && error.kind === 'not-found') {
      return undefined;
    }
    throw error;
  }
}

function keyOf(spec: CreateRegistry, outputs: Readonly<StepOutputs>): string {
  if (spec.mode === 'automatic') return spec.key;
  const version =
    spec.use === 'new-version' ? outputs.newVersion ?? '' : spec.use;
  return KeyIdentifier.parse(spec.key).at(version).toString();
}

/**
 * Makes a registry. That there was none is durable before the request leaves, so one that is there
 * afterwards is ours, and one that was there before is never taken for it.
 */
export const createRegistry = defineStep<CreateRegistry>({
  kind: 'create-registry',
  version: 1,
  credential: 'provision',

  async observe(context) {
    const registry = await registryIn(context);
    if (!registry) {
      const observations = [{ what: 'registry', value: 'none' }];
      return context.checkpoint.azureSucceeded
        ? notThereYet(context, observations)
        : { status: 'needs-write', observations };
    }
    const observations = observationsOf(registry);
    if (!context.checkpoint.registryWasFree) {
      return {
        status: 'failed',
        observations,
        code: 'REGISTRY_NAME_TAKEN',
        message: `A registry ${registry.name} was made after the plan. Choose another name`,
      };
    }
    return statusOfRegistry(context, registry, observations);
  },

  async prepare({ checkpoint }) {
    // Observed a moment ago: there was none.
    return { ...checkpoint, registryWasFree: true };
  },

  act({ spec, azure, outputs }) {
    const clientId = spec.clientId ?? outputs.createdIdentity?.clientId;
    if (!clientId)
      throw new Error('The client id of the identity is not known');
    return azure.registries.create(
      RegistryId.parse(spec.registryId),
      {
        location: spec.location,
        tags: spec.tags,
        identityId: spec.identity,
        identityClientId: clientId,
        keyIdentifier: keyOf(spec, outputs),
      },
      'provision',
    );
  },

  // A grant that was just made, or an identity that is not known everywhere yet.
  passes: error =>
    keyOutOfReach(error) ||
    /identity.*(not found|does not exist)/i.test(error.message),
});

function notThereYet(
  { now, startedAt }: StepContext<CreateRegistry>,
  observations: Observation[],
): StepStatus {
  return now - startedAt > CREATE_DEADLINE_MS
    ? {
        status: 'unverified',
        observations,
        message:
          'Azure took the order, but shows no registry after half an hour',
      }
    : {
        status: 'in-progress',
        observations,
        message: 'Azure is making the registry',
        checkAgainSeconds: 5,
      };
}

async function statusOfRegistry(
  context: StepContext<CreateRegistry>,
  registry: RegistryFacts,
  observations: Observation[],
): Promise<StepStatus> {
  const { spec, azure, checkpoint } = context;
  const encrypted =
    registry.encryption.status === 'enabled' &&
    KeyIdentifier.tryParse(registry.encryption.keyIdentifier)?.keyOfKey ===
      KeyIdentifier.parse(spec.key).keyOfKey;
  if (registry.provisioningState === 'Succeeded') {
    return encrypted
      ? {
          status: 'done',
          observations,
          message: `The registry is there, encrypted with version ${
            KeyIdentifier.tryParse(registry.encryption.versionedKeyIdentifier)
              ?.version ?? 'unknown'
          }`,
        }
      : {
          status: 'failed',
          observations,
          code: 'NOT_ENCRYPTED',
          message:
            'The registry is there without the key: it cannot get one any more. Delete it and begin anew',
        };
  }
  if (registry.provisioningState === 'Failed' && checkpoint.operationUrl) {
    const status = await azure.registries.operationStatus(
      RegistryId.parse(spec.registryId),
      checkpoint.operationUrl,
      'provision',
    );
    if (status.status === 'failed') {
      return {
        status: 'failed',
        observations,
        code: status.code,
        message: `Azure could not make the registry: ${status.message}`,
      };
    }
  }
  return notThereYet(context, observations);
}
