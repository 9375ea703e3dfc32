import {
  KeyIdentifier,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { az, NEW_KEY, ofRegistry, quoted } from './az';
import { orMissing } from './orMissing';
import { keysOf, observeRegistry } from './registryUpdate';
import { assignIdentity, groupOf, writeRegistry } from './rights';
import {
  defineStep,
  type Observation,
  type StepContext,
  type StepOutputs,
  type StepStatus,
} from './step';
import { inProgressUntil } from './timing';

/** Makes a registry that is encrypted with a customer-managed key. */
export interface CreateRegistry {
  kind: 'create-registry';
  version: 1;
  registryId: RegistryId;
  location: string;
  tags: Record<string, string>;
  /** Resource id of the identity. */
  identity: string;
  /** Its client id; absent when the step before makes it. */
  clientId?: string;
  /** Versionless. */
  key: KeyIdentifier;
  mode: 'automatic' | 'manual';
  /** For `manual`: the version, or the one that this operation makes. */
  use: 'new-version' | string;
}

/** Time that Azure may take to create a registry before the outcome is unverified. Our choice. */
const CREATE_DEADLINE_MS = 30 * 60_000;

/**
 * A checkpoint that there was no registry is stored before the request leaves. So one that exists
 * afterwards is ours, and one that existed before is never taken for it.
 */
export const createRegistry = defineStep<CreateRegistry>({
  kind: 'create-registry',
  version: 1,
  ids: { registryId: RegistryId, key: KeyIdentifier },
  credential: 'provision',

  title: ({ registryId, location, key }) =>
    `Create the registry ${registryId.name} (Premium, ${location}), encrypted with the key ${key.keyName}`,
  target: ({ registryId }) => registryId.toString(),
  commands: ({ registryId, location, tags, identity, key, mode, use }) => {
    const versioned = use === 'new-version' ? `$${NEW_KEY}` : `${key.at(use)}`;
    const create = az('acr create', {
      ...ofRegistry(registryId),
      location,
      sku: 'Premium',
      identity,
      'key-encryption-key': mode === 'automatic' ? `${key}` : versioned,
    });
    const words = Object.entries(tags).map(([name, value]) =>
      quoted(`${name}=${value}`),
    );
    return [`${create} --tags ${words.join(' ')}`];
  },
  effects: ({ registryId, key, identity }) => [
    { does: 'create-registry', registryId },
    { does: 'use-key', registryId, key },
    { does: 'use-identity', registryId, identity },
  ],
  rights: ({ registryId, identity, clientId }) => [
    ...writeRegistry(groupOf(registryId.toString())),
    assignIdentity(clientId ? identity : groupOf(identity)),
  ],
  lockedScope: ({ registryId }) => ({
    scope: groupOf(registryId.toString()),
    deletes: false,
  }),
  // The plan may have made the identity, or have let it use the key.
  expectsFreshAccess: () => true,

  async observe(context) {
    const { spec, azure, checkpoint } = context;
    const registry = (await orMissing(azure.registries.get(spec.registryId)))
      ?.value;
    if (!registry) {
      const observations = [{ what: 'registry', value: 'none' }];
      return checkpoint.azureSucceeded
        ? notThereYet(context, observations)
        : { status: 'needs-write', observations };
    }
    const observations = observeRegistry(registry);
    if (!checkpoint.registryWasFree) {
      return {
        status: 'failed',
        observations,
        code: 'REGISTRY_NAME_TAKEN',
        message: `A registry ${registry.name} was made after the plan. Choose another name`,
      };
    }
    return statusOfRegistry(context, registry, observations);
  },

  // Observed a moment ago: there was none.
  prepare: async ({ checkpoint }) => ({ ...checkpoint, registryWasFree: true }),

  act({ spec, azure, outputs }) {
    const clientId = spec.clientId ?? outputs.createdIdentity?.clientId;
    if (!clientId) {
      throw new Error('The client id of the identity is not known');
    }
    return azure.registries.create(spec.registryId, {
      location: spec.location,
      tags: spec.tags,
      identityId: spec.identity,
      identityClientId: clientId,
      keyIdentifier: keyOf(spec, outputs).toString(),
    });
  },
});

function keyOf(
  { key, mode, use }: CreateRegistry,
  outputs: Readonly<StepOutputs>,
): KeyIdentifier {
  if (mode === 'automatic') return key;
  return key.at(use === 'new-version' ? (outputs.newVersion ?? '') : use);
}

function notThereYet(
  context: StepContext<CreateRegistry>,
  observations: Observation[],
): StepStatus {
  return inProgressUntil(context, {
    deadlineMs: CREATE_DEADLINE_MS,
    checkAgainSeconds: 5,
    observations,
    message: 'Azure is making the registry',
    overdue:
      'Azure accepted the request, but shows no registry after half an hour',
  });
}

async function statusOfRegistry(
  context: StepContext<CreateRegistry>,
  registry: RegistryFacts,
  observations: Observation[],
): Promise<StepStatus> {
  const { spec, azure, checkpoint } = context;
  const { encryption, provisioningState } = registry;
  if (provisioningState === 'Succeeded') {
    const { stored, inUse } = keysOf(registry);
    const isEncrypted =
      encryption.status === 'enabled' && stored?.keyOfKey === spec.key.keyOfKey;
    return isEncrypted
      ? {
          status: 'done',
          observations,
          message: `The registry is there, encrypted with version ${
            inUse?.version ?? 'unknown'
          }`,
        }
      : {
          status: 'failed',
          observations,
          code: 'NOT_ENCRYPTED',
          message:
            'The registry was created without the key and cannot get one any more. Delete it and create it again',
        };
  }
  if (provisioningState === 'Failed' || provisioningState === 'Canceled') {
    const operation = checkpoint.operationUrl
      ? await orMissing(
          azure.registries.operationStatus(
            spec.registryId,
            checkpoint.operationUrl,
          ),
        )
      : undefined;
    if (operation?.status === 'failed') {
      return {
        status: 'failed',
        observations,
        code: operation.code,
        message: `Azure could not create the registry: ${operation.message}`,
      };
    }
    // There was no answer to the request, or its operation cannot be read.
    if (!operation) {
      return {
        status: 'failed',
        observations,
        code: 'NOT_CREATED',
        message: `Azure did not finish creating the registry: its provisioning state is ${provisioningState}. Delete it and create it again`,
      };
    }
  }
  return notThereYet(context, observations);
}
