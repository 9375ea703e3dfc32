import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { ResendKey } from '../cmk/steps';
import {
  keyOutOfReach,
  observationsOf,
  statusOfUpdate,
} from './registryUpdate';
import { defineStep } from './step';

/**
 * Sends the registry the key and identity that it has, so that it reads the vault now: the one
 * documented way to make it. Nothing in its settings changes, so what proves it is ARM's own
 * operation.
 */
export const resendKey = defineStep<ResendKey>({
  kind: 'resend-key',
  version: 1,
  credential: 'rotate',

  async observe(context) {
    const { spec, azure, checkpoint } = context;
    const { value: registry } = await azure.registries.get(
      RegistryId.parse(spec.registryId),
    );
    const observations = observationsOf(registry);
    const update = await statusOfUpdate(context, spec.registryId, registry);
    if (update === 'succeeded' || checkpoint.azureSucceeded) {
      return {
        status: 'done',
        observations,
        message: 'The registry has read the vault again',
      };
    }
    return update ?? { status: 'needs-write', observations };
  },

  async act({ spec, azure }) {
    const id = RegistryId.parse(spec.registryId);
    const { value: registry } = await azure.registries.get(id);
    const { keyIdentifier, identity } = registry.encryption;
    return azure.registries.updateEncryption(
      id,
      { keyIdentifier: keyIdentifier ?? '', identity: identity ?? '' },
      'rotate',
    );
  },

  passes: keyOutOfReach,
});
