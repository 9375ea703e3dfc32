import {
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { AttachIdentity } from '../cmk/steps';
import type { Observation } from '../operations/engine/types';
import {
  observationsOf as encryptionLooks,
  statusOfUpdate,
} from './registryUpdate';
import { defineStep } from './step';

function observationsOf(registry: RegistryFacts): Observation[] {
  const names = registry.userAssignedIdentities.map(({ resourceId }) =>
    resourceId.slice(resourceId.lastIndexOf('/') + 1),
  );
  return [
    {
      what: 'identities of the registry',
      value:
        [...(registry.systemPrincipalId ? ['system'] : []), ...names].join(
          ', ',
        ) || 'none',
    },
    ...encryptionLooks(registry),
  ];
}

function isAttached(registry: RegistryFacts, identity: string): boolean {
  return identity === 'system'
    ? registry.systemPrincipalId !== undefined
    : registry.userAssignedIdentities.some(
        ({ resourceId }) => resourceId.toLowerCase() === identity.toLowerCase(),
      );
}

/**
 * Attaches an identity in one PATCH with the encryption as it is. Those that are attached already
 * are not named, and stay.
 */
export const attachIdentity = defineStep<AttachIdentity>({
  kind: 'attach-identity',
  version: 1,
  credential: 'rotate',

  async observe(context) {
    const { spec, azure } = context;
    const { value: registry } = await azure.registries.get(
      RegistryId.parse(spec.registryId),
    );
    const observations = observationsOf(registry);
    if (
      isAttached(registry, spec.identity) &&
      registry.provisioningState === 'Succeeded'
    ) {
      return {
        status: 'done',
        observations,
        message:
          spec.identity === 'system'
            ? 'The system-assigned identity is on'
            : 'The identity is attached',
        ...(registry.systemPrincipalId
          ? { outputs: { systemPrincipalId: registry.systemPrincipalId } }
          : {}),
      };
    }
    const update = await statusOfUpdate(context, spec.registryId, registry);
    if (update && update !== 'succeeded') return update;
    return update === 'succeeded' || context.checkpoint.azureSucceeded
      ? {
          status: 'in-progress',
          observations,
          message:
            'Azure reported success; the registry does not show the identity yet',
          checkAgainSeconds: 5,
        }
      : { status: 'needs-write', observations };
  },

  async act({ spec, azure }) {
    const id = RegistryId.parse(spec.registryId);
    const { value: registry } = await azure.registries.get(id);
    const { keyIdentifier, identity } = registry.encryption;
    return azure.registries.updateEncryption(
      id,
      { keyIdentifier: keyIdentifier ?? '', identity: identity ?? '' },
      'rotate',
      {
        attach: spec.identity,
        current: {
          system: registry.systemPrincipalId !== undefined,
          userAssigned: registry.userAssignedIdentities.length > 0,
        },
      },
    );
  },
});
