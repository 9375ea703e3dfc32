import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { az, ofRegistry } from './az';
import { observeRegistry, statusOfUpdate } from './registryUpdate';
import { writeRegistry } from './rights';
import { defineStep } from './step';

/** Sends the registry its present settings again, so that it reads the key now. */
export interface ResendKey {
  kind: 'resend-key';
  version: 1;
  registryId: RegistryId;
}

/**
 * The one documented method to make a registry read the vault. Nothing in its settings changes, so
 * what proves it is ARM's own operation.
 */
export const resendKey = defineStep<ResendKey>({
  kind: 'resend-key',
  version: 1,
  ids: { registryId: RegistryId },
  credential: 'rotate',

  title: ({ registryId }) =>
    `Send the current key to ${registryId.name} again, so that it reads the key now`,
  target: ({ registryId }) => registryId.toString(),
  commands: ({ registryId }) => [
    az('acr encryption rotate-key', ofRegistry(registryId)),
  ],
  effects: ({ registryId }) => [{ does: 'reread-key', registryId }],
  rights: ({ registryId }) => writeRegistry(registryId.toString()),
  lockedScope: ({ registryId }) => ({
    scope: registryId.toString(),
    deletes: false,
  }),
  // It follows what gave the registry its key back.
  expectsFreshAccess: () => true,

  async observe(context) {
    const { spec, azure, checkpoint } = context;
    const { value: registry } = await azure.registries.get(spec.registryId);
    const observations = observeRegistry(registry);
    const update = await statusOfUpdate(context, registry);
    if (update === 'succeeded' || checkpoint.azureSucceeded) {
      return {
        status: 'done',
        observations,
        message: 'The registry has read its key again',
      };
    }
    return update ?? { status: 'needs-write', observations };
  },

  async act({ spec, azure }) {
    const { value: registry } = await azure.registries.get(spec.registryId);
    const { keyIdentifier, identity } = registry.encryption;
    return azure.registries.updateEncryption(spec.registryId, {
      keyIdentifier: keyIdentifier ?? '',
      identity: identity ?? '',
    });
  },
});
