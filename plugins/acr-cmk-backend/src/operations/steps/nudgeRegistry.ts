import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { NudgeRegistry } from '../../cmk/steps';
import { keyOutOfReach, looksOf, sightOfUpdate } from './registryUpdate';
import { defineStep } from './step';

/**
 * Sends the registry the key and identity that it has, so that it reads the vault now: the one
 * documented way to make it. Nothing in its settings changes, so what proves it is ARM's own
 * operation.
 */
export const nudgeRegistry = defineStep<NudgeRegistry>({
  kind: 'nudge-registry',
  version: 1,
  credential: 'rotate',

  async observe(context) {
    const { spec, azure, memo } = context;
    const { value: registry } = await azure.registries.get(
      RegistryId.parse(spec.registryId),
    );
    const looks = looksOf(registry);
    const update = await sightOfUpdate(context, spec.registryId, registry);
    if (update === 'succeeded' || memo.azureSucceeded) {
      return {
        is: 'done',
        looks,
        sentence: 'The registry has read the vault again',
      };
    }
    return update ?? { is: 'to-do', looks };
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
