import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { az, ofKey } from './az';
import { onKey } from './rights';
import { defineStep } from './step';

/** Has the vault make a new version of a key every so many days. */
export interface SetRotationPolicy {
  kind: 'set-rotation-policy';
  version: 1;
  /** Versionless. */
  key: KeyIdentifier;
  rotateEveryDays: number;
}

/** Done when the vault shows the policy. */
export const setRotationPolicy = defineStep<SetRotationPolicy>({
  kind: 'set-rotation-policy',
  version: 1,
  ids: { key: KeyIdentifier },
  credential: 'provision',

  title: ({ key, rotateEveryDays }) =>
    `Have the vault make a new version of the key ${key.keyName} every ${rotateEveryDays} days`,
  target: ({ key }) => key.toString(),
  commands: ({ key, rotateEveryDays }) => [
    az('keyvault key rotation-policy update', {
      ...ofKey(key),
      value: JSON.stringify({
        lifetimeActions: [
          {
            trigger: { timeAfterCreate: `P${rotateEveryDays}D` },
            action: { type: 'Rotate' },
          },
        ],
        attributes: {},
      }),
    }),
  ],
  effects: ({ key }) => [
    { does: 'change-key', key, change: 'rotation-policy-set' },
  ],
  rights: ({ key }, vaultIdOf) =>
    onKey({ key, vaultIdOf, at: 'vault' }, [
      ['keyrotationpolicies/read', 'getrotationpolicy'],
      ['keyrotationpolicies/write', 'setrotationpolicy'],
    ]),

  async observe({ spec, azure, checkpoint }) {
    const { value } = await azure.keys.rotatesEveryDays(spec.key);
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
    azure.keys.setRotationPolicy(spec.key, {
      rotateEveryDays: spec.rotateEveryDays,
    }),
});
