import {
  KeyIdentifier,
  type RotationPolicy,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';
import { az, ofKey } from './az';
import { onKey } from './rights';
import { policyInWords, showsPolicy } from './rotationPolicy';
import { defineStep } from './step';
import { inProgressUntil } from './timing';

/** Replaces the rotation policy of a key. */
export interface SetRotationPolicy {
  kind: 'set-rotation-policy';
  version: 1;
  /** Versionless. */
  key: KeyIdentifier;
  policy: RotationPolicy;
  /** Whether this operation creates the key. If so, rights can be checked only at its vault. */
  ofNewKey?: true;
}

/** Time for which the vault may show the old policy after it accepted the new one. Our choice. */
const READ_BACK_DEADLINE_MS = 10 * 60_000;

/** Done when the vault shows the policy. */
export const setRotationPolicy = defineStep<SetRotationPolicy>({
  kind: 'set-rotation-policy',
  version: 1,
  ids: { key: KeyIdentifier },
  credential: 'rotate',

  title: ({ key, policy }) =>
    `Set the rotation policy of the key ${key.keyName}: ${policyInWords(
      policy,
    )}`,
  target: ({ key }) => key.toString(),
  commands: ({ key, policy }) => [
    az('keyvault key rotation-policy update', {
      ...ofKey(key),
      value: JSON.stringify(toAzure(policy)),
    }),
  ],
  effects: ({ key, policy }) => [
    {
      does: 'change-key',
      key,
      change: 'rotation-policy-set',
      ...((policy.timeAfterCreate || policy.timeBeforeExpiry) && {
        makesVersions: true,
      }),
    },
  ],
  rights: ({ key, ofNewKey }, vaultIdOf) =>
    onKey({ key, vaultIdOf, at: ofNewKey ? 'vault' : 'key' }, [
      ['keyrotationpolicies/read', 'getrotationpolicy'],
      ['keyrotationpolicies/write', 'setrotationpolicy'],
    ]),

  async observe(context) {
    const { spec, azure, checkpoint } = context;
    const home = keyHomeKind(spec.key.vaultName);
    const { value } = await azure.keys.rotationPolicy(spec.key);
    const observations = [
      { what: 'rotation policy', value: policyInWords(value) },
    ];
    if (showsPolicy(value, spec.policy)) {
      return {
        status: 'done',
        observations,
        message: `The ${home} shows the policy: ${policyInWords(value)}`,
      };
    }
    return checkpoint.azureSucceeded
      ? inProgressUntil(context, {
          deadlineMs: READ_BACK_DEADLINE_MS,
          checkAgainSeconds: 5,
          observations,
          message: `The ${home} does not show the policy yet`,
          overdue: `The ${home} accepted the policy, but does not show it`,
        })
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure }) => azure.keys.setRotationPolicy(spec.key, spec.policy),
});

/** The policy as `az` takes it. */
function toAzure(policy: RotationPolicy) {
  const { timeAfterCreate, timeBeforeExpiry, notifyBeforeExpiry } = policy;
  const actions = [
    timeAfterCreate && { trigger: { timeAfterCreate }, type: 'Rotate' },
    timeBeforeExpiry && { trigger: { timeBeforeExpiry }, type: 'Rotate' },
    notifyBeforeExpiry && {
      trigger: { timeBeforeExpiry: notifyBeforeExpiry },
      type: 'Notify',
    },
  ];
  return {
    lifetimeActions: actions.flatMap(action =>
      action
        ? [{ trigger: action.trigger, action: { type: action.type } }]
        : [],
    ),
    attributes: policy.expiryTime ? { expiryTime: policy.expiryTime } : {},
  };
}
