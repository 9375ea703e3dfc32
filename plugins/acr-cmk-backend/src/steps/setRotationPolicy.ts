import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { SetRotationPolicy } from '../cmk/steps';
import { defineStep } from './step';

/** Has the vault rotate the key by itself. ARM shows the policy that it then has. */
export const setRotationPolicy = defineStep<SetRotationPolicy>({
  kind: 'set-rotation-policy',
  version: 1,
  credential: 'provision',

  async observe({ spec, azure, checkpoint }) {
    const key = KeyIdentifier.parse(spec.key);
    const { value } = await azure.keys.rotatesEveryDays(key, 'provision');
    const observations = [
      {
        what: 'rotation policy',
        value: value === undefined ? 'none' : `every ${value} days`,
      },
    ];
    if (value === spec.rotateEveryDays) {
      return {
        status: 'done',
        observations,
        message: `The vault rotates the key every ${value} days`,
      };
    }
    return checkpoint.azureSucceeded
      ? {
          status: 'in-progress',
          observations,
          message: 'The vault does not show the policy yet',
          checkAgainSeconds: 5,
        }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure }) =>
    azure.keys.setRotationPolicy(
      KeyIdentifier.parse(spec.key),
      { rotateEveryDays: spec.rotateEveryDays },
      'provision',
    ),
});
