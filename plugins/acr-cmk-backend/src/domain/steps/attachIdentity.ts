import {
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { az, ofRegistry, systemIdentityOn } from './az';
import { observeRegistry, statusOfUpdate } from './registryUpdate';
import { assignIdentity, writeRegistry } from './rights';
import { defineStep, type Observation } from './step';
import { inProgressUntil } from './timing';
import { lastPart } from './words';

/** Attaches one more identity to the registry, beside those that it has. Nothing is detached. */
export interface AttachIdentity {
  kind: 'attach-identity';
  version: 1;
  registryId: RegistryId;
  /** Resource id of a user-assigned identity, or `system`. */
  identity: string;
}

/** Time for which the registry may not show the identity after ARM reported success. Our choice. */
const READ_BACK_DEADLINE_MS = 10 * 60_000;

/**
 * One PATCH, with the encryption as it is. Identities that are attached already are not named, and
 * stay.
 */
export const attachIdentity = defineStep<AttachIdentity>({
  kind: 'attach-identity',
  version: 1,
  ids: { registryId: RegistryId },
  credential: 'rotate',

  title: ({ registryId, identity }) =>
    identity === 'system'
      ? `Turn on the system-assigned identity of ${registryId.name}`
      : `Attach the identity ${lastPart(identity)} to ${registryId.name}`,
  target: ({ registryId }) => registryId.toString(),
  commands: ({ registryId, identity }) =>
    identity === 'system'
      ? systemIdentityOn(registryId)
      : [
          '# Up to az 2.74 this turns on the system-assigned identity as well.',
          az('acr identity assign', {
            ...ofRegistry(registryId),
            identities: identity,
          }),
        ],
  effects: ({ registryId, identity }) => [
    { does: 'change-registry', registryId },
    { does: 'use-identity', registryId, identity },
  ],
  rights: ({ registryId, identity }) => [
    ...writeRegistry(registryId.toString()),
    ...(identity === 'system' ? [] : [assignIdentity(identity)]),
  ],
  lockedScope: ({ registryId }) => ({
    scope: registryId.toString(),
    deletes: false,
  }),

  async observe(context) {
    const { spec, azure, checkpoint } = context;
    const { value: registry } = await azure.registries.get(spec.registryId);
    const observations = [
      observeIdentities(registry),
      ...observeRegistry(registry),
    ];
    const { provisioningState, systemPrincipalId } = registry;
    if (
      isAttached(registry, spec.identity) &&
      provisioningState === 'Succeeded'
    ) {
      return {
        status: 'done',
        observations,
        message:
          spec.identity === 'system'
            ? 'The system-assigned identity is on'
            : 'The identity is attached',
        ...(systemPrincipalId ? { outputs: { systemPrincipalId } } : {}),
      };
    }
    const update = await statusOfUpdate(context, registry);
    if (update && update !== 'succeeded') return update;
    return update === 'succeeded' || checkpoint.azureSucceeded
      ? // Azure's caches, or somebody has detached it since.
        inProgressUntil(context, {
          deadlineMs: READ_BACK_DEADLINE_MS,
          checkAgainSeconds: 5,
          observations,
          message:
            'Azure reported success; the registry does not show the identity yet',
          overdue:
            'Azure reported success, but the registry still does not show the identity',
        })
      : { status: 'needs-write', observations };
  },

  async act({ spec, azure }) {
    const { value: registry } = await azure.registries.get(spec.registryId);
    const { keyIdentifier, identity } = registry.encryption;
    return azure.registries.updateEncryption(spec.registryId, {
      keyIdentifier: keyIdentifier ?? '',
      identity: identity ?? '',
      identityChange: {
        attach: spec.identity,
        current: {
          system: registry.systemPrincipalId !== undefined,
          userAssigned: registry.userAssignedIdentities.length > 0,
        },
      },
    });
  },
});

function observeIdentities(registry: RegistryFacts): Observation {
  const names = registry.userAssignedIdentities.map(({ resourceId }) =>
    lastPart(resourceId),
  );
  if (registry.systemPrincipalId) names.unshift('system');
  return {
    what: 'identities of the registry',
    value: names.join(', ') || 'none',
  };
}

function isAttached(registry: RegistryFacts, identity: string): boolean {
  return identity === 'system'
    ? registry.systemPrincipalId !== undefined
    : registry.userAssignedIdentities.some(
        ({ resourceId }) => resourceId.toLowerCase() === identity.toLowerCase(),
      );
}
