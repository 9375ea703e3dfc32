import {
  KeyIdentifier,
  RegistryId,
  type RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';
import { az, ofKey, ofRegistry } from './az';
import { keysOf, observeRegistry } from './registryUpdate';
import { policyInWords, showsPolicy } from './rotationPolicy';
import { defineStep } from './step';
import { inProgressUntil } from './timing';

/** Proves the rotation policy of a key, and that a registry follows it or not. Writes nothing. */
export interface ConfirmRotation {
  kind: 'confirm-rotation';
  version: 1;
  registryId: RegistryId;
  vaultId: string;
  /** Key identifier that the registry has to store: versionless if it follows new versions. */
  stored: KeyIdentifier;
  policy: RotationPolicy;
}

/** Time for which ARM may show the previous policy. Our choice. */
const READ_BACK_DEADLINE_MS = 10 * 60_000;

/** Proves it by what ARM says, where no right in the vault is needed. */
export const confirmRotation = defineStep<ConfirmRotation>({
  kind: 'confirm-rotation',
  version: 1,
  ids: { registryId: RegistryId, stored: KeyIdentifier },
  credential: 'read',

  title: ({ registryId, stored }) =>
    stored.version
      ? `Verify that Azure shows the policy, and ${registryId.name} on its version`
      : `Verify that Azure shows the policy, and that ${registryId.name} follows new versions`,
  target: ({ registryId }) => registryId.toString(),
  commands: ({ registryId, stored }) => [
    az('keyvault key rotation-policy show', ofKey(stored)),
    az('acr encryption show', {
      ...ofRegistry(registryId),
      query: 'keyVaultProperties.[keyIdentifier, versionedKeyIdentifier]',
    }),
  ],

  async observe(context) {
    const { spec, azure } = context;
    const [{ value: registry }, { value: key }] = await Promise.all([
      azure.registries.get(spec.registryId),
      azure.keys.get(spec.vaultId, spec.stored.keyName),
    ]);
    const policy = key.rotationPolicy ?? {};
    const observations = [
      ...observeRegistry(registry),
      { what: 'rotation policy', value: policyInWords(policy) },
    ];
    const { stored, inUse } = keysOf(registry);
    const follows =
      stored?.equals(spec.stored) === true &&
      inUse?.keyOfKey === spec.stored.keyOfKey;
    if (follows && showsPolicy(policy, spec.policy)) {
      return {
        status: 'done',
        observations,
        message: `Azure shows ${
          spec.stored.version
            ? 'the registry on its version'
            : `that the registry follows new versions, now on ${inUse.version}`
        }, and the policy of the key: ${policyInWords(policy)}`,
      };
    }
    const missing = follows
      ? 'Azure does not show the rotation policy'
      : 'The registry does not store the key as it should';
    return inProgressUntil(context, {
      deadlineMs: READ_BACK_DEADLINE_MS,
      checkAgainSeconds: 5,
      observations,
      message: `${missing} yet`,
      overdue: missing,
    });
  },
});
