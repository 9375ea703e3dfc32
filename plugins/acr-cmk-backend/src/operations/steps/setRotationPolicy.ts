import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { SetRotationPolicy } from '../../cmk/steps';
import { defineStep } from './step';

/** Has the vault rotate the key by itself. ARM shows the policy that it then has. */
export const setRotationPolicy = defineStep<SetRotationPolicy>({
  kind: 'set-rotation-policy',
  version: 1,
  credential: 'provision',

  async observe({ spec, azure, memo }) {
    const key = KeyIdentifier.parse(spec.key);
    const { value } = await azure.keys.rotatesEveryDays(key, 'provision');
    const looks = [
      {
        what: 'rotation policy',
        value: value === undefined ? 'none' : `every ${value} days`,
      },
    ];
    if (value === spec.rotateEveryDays) {
      return {
        is: 'done',
        looks,
        sentence: `The vault rotates the key every ${value} days`,
      };
    }
    return memo.azureSucceeded
      ? {
          is: 'not-yet',
          looks,
          sentence: 'The vault does not show the policy yet',
          lookAgainSeconds: 5,
        }
      : { is: 'to-do', looks };
  },

  act: ({ spec, azure }) =>
    azure.keys.setRotationPolicy(
      KeyIdentifier.parse(spec.key),
      { rotateEveryDays: spec.rotateEveryDays },
      'provision',
    ),
});
