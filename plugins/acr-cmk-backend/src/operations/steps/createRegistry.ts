import {
  KeyIdentifier,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import type { CreateRegistry } from '../../cmk/steps';
import type { Look, Shared, Sight } from '../types';
import { keyOutOfReach, looksOf } from './registryUpdate';
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

function keyOf(spec: CreateRegistry, shared: Readonly<Shared>): string {
  if (spec.mode === 'automatic') return spec.key;
  const version =
    spec.use === 'new-version' ? shared.newVersion ?? '' : spec.use;
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
      const looks = [{ what: 'registry', value: 'none' }];
      return context.memo.azureSucceeded
        ? notThereYet(context, looks)
        : { is: 'to-do', looks };
    }
    const looks = looksOf(registry);
    if (!context.memo.registryWasFree) {
      return {
        is: 'hopeless',
        looks,
        code: 'REGISTRY_NAME_TAKEN',
        sentence: `A registry ${registry.name} was made after the plan. Choose another name`,
      };
    }
    return sightOf(context, registry, looks);
  },

  async prepare({ memo }) {
    // Observed a moment ago: there was none.
    return { ...memo, registryWasFree: true };
  },

  act({ spec, azure, shared }) {
    const clientId = spec.clientId ?? shared.createdIdentity?.clientId;
    if (!clientId)
      throw new Error('The client id of the identity is not known');
    return azure.registries.create(
      RegistryId.parse(spec.registryId),
      {
        location: spec.location,
        tags: spec.tags,
        identityId: spec.identity,
        identityClientId: clientId,
        keyIdentifier: keyOf(spec, shared),
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
  looks: Look[],
): Sight {
  return now - startedAt > CREATE_DEADLINE_MS
    ? {
        is: 'unconfirmed',
        looks,
        sentence:
          'Azure took the order, but shows no registry after half an hour',
      }
    : {
        is: 'not-yet',
        looks,
        sentence: 'Azure is making the registry',
        lookAgainSeconds: 5,
      };
}

async function sightOf(
  context: StepContext<CreateRegistry>,
  registry: RegistryFacts,
  looks: Look[],
): Promise<Sight> {
  const { spec, azure, memo } = context;
  const encrypted =
    registry.encryption.status === 'enabled' &&
    KeyIdentifier.tryParse(registry.encryption.keyIdentifier)?.keyOfKey ===
      KeyIdentifier.parse(spec.key).keyOfKey;
  if (registry.provisioningState === 'Succeeded') {
    return encrypted
      ? {
          is: 'done',
          looks,
          sentence: `The registry is there, encrypted with version ${
            KeyIdentifier.tryParse(registry.encryption.versionedKeyIdentifier)
              ?.version ?? 'unknown'
          }`,
        }
      : {
          is: 'hopeless',
          looks,
          code: 'NOT_ENCRYPTED',
          sentence:
            'The registry is there without the key: it cannot get one any more. Delete it and begin anew',
        };
  }
  if (registry.provisioningState === 'Failed' && memo.operationUrl) {
    const status = await azure.registries.operationStatus(
      RegistryId.parse(spec.registryId),
      memo.operationUrl,
      'provision',
    );
    if (status.status === 'failed') {
      return {
        is: 'hopeless',
        looks,
        code: status.code,
        sentence: `Azure could not make the registry: ${status.message}`,
      };
    }
  }
  return notThereYet(context, looks);
}
