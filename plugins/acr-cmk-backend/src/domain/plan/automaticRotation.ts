import {
  assertNever,
  type AutomaticRotationIntent,
  type Check,
  type KeyIdentifier,
  keyRotatePermission,
  type RotationPolicy,
  keyHome,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import type { StepSpec } from '../steps';
import { confirmRotation } from '../steps/confirmRotation';
import { pointRegistryAtKey } from '../steps/pointRegistryAtKey';
import {
  defaultPolicy,
  policyInWords,
  rotates,
  showsPolicy,
  withoutRotation,
} from '../steps/rotationPolicy';
import { setRotationPolicy } from '../steps/setRotationPolicy';
import { usingKey } from '../registry';
import { concernsOf } from '../effects';
import {
  type EncryptedRegistry,
  latestVersion,
  shortVersion,
} from '../encryptedRegistry';
import {
  accessPathExists,
  credentialConfigured,
  firewallPassable,
  identityAttached,
  infrastructureCode,
  othersAffected,
  purgeProtected,
  registryReady,
} from './checks';
import {
  encryptionFields,
  type PlanContext,
  type PlanDraft,
  withEffects,
} from './draft';
import { servicesFollow } from './otherServices';
import type { ExistingRegistryIntent } from './intent';
import { keyCanWrap, keyUsable, versionExists } from './keyChecks';
import { requirePolicyThatRotates } from './policyLimits';
import {
  othersFollow,
  noExpiryBeforeRotation,
  policyKnown,
  somethingToDo,
  firstRotation,
  leavesNoPolicy,
  roomForVersion,
} from './rotationChecks';

/** Rotation to set up: the policy of the key, and the identifier that the registry stores. */
interface Goal {
  policy: RotationPolicy;
  stored: KeyIdentifier;
  summary: string;
  checks: Check[];
}

/**
 * The rotation policy of the registry's key and the version mode of the registry, together: a policy
 * that the registry does not follow would be a trap, and following without a policy rotates nothing.
 */
function planAutomaticRotation(
  encrypted: EncryptedRegistry,
  intent: AutomaticRotationIntent,
  context: PlanContext,
): PlanDraft {
  const { registry, key, keyFacts, vault } = encrypted;
  const present = presentPolicy(encrypted);
  const goal = goalOf(encrypted, intent, { context, present });
  const { policy, stored } = goal;
  const latest = keyFacts.known
    ? latestVersion(keyFacts.value)?.version
    : undefined;
  const use = stored.version ?? latest;
  const moves = !stored.equals(key) || encrypted.versionInUse !== use;
  const sets = !showsPolicy(present, policy);
  const target: EncryptedRegistry = {
    ...encrypted,
    key: stored,
    mode: stored.version ? 'manual' : 'automatic',
    versionInUse: use,
  };
  // The version in use unwraps the data keys, and the one moved to wraps them.
  const usable = keyUsable(encrypted);
  const others = usingKey(context.registries, key).filter(
    ({ registryId }) => !registryId.equals(registry.registryId),
  );
  const before = encryptionFields(registry);
  return withEffects(
    {
      summary: goal.summary,
      before,
      after: {
        ...before,
        keyIdentifier: stored.toString(),
        keyRotationEnabled: !stored.version,
        ...(use && { versionedKeyIdentifier: key.at(use).toString() }),
      },
      checks: [
        credentialConfigured('rotate', context),
        registryReady(encrypted),
        identityAttached(encrypted),
        accessPathExists(encrypted),
        firewallPassable(encrypted),
        moves && usable.status !== 'fail' ? keyCanWrap(target) : usable,
        versionExists(encrypted, stored),
        policyKnown(encrypted),
        ...goal.checks,
        somethingToDo({ sets, moves }),
        ...(rotates(policy)
          ? [
              firstRotation(encrypted, policy),
              noExpiryBeforeRotation(encrypted, policy),
              othersFollow(others),
              servicesFollow(key.keyOfKey, context),
              ...roomForVersion(encrypted),
            ]
          : []),
        purgeProtected(encrypted),
        infrastructureCode(target),
        othersAffected(
          sets ? others.length : 0,
          'the rotation policy applies to the key, so those that follow new versions switch to each of them too.',
          context,
        ),
      ],
      steps: vault.known
        ? [
            ...inOrder(
              moves && use ? [pointAt(target, use)] : [],
              sets
                ? [setRotationPolicy.build({ key: key.versionless, policy })]
                : [],
              rotates(policy),
            ),
            confirmRotation.build({
              registryId: registry.id,
              vaultId: vault.value.id,
              stored,
              policy,
            }),
          ]
        : [],
      changes: sets
        ? [
            {
              what: `Rotation policy of the key ${key.keyName}`,
              before: policyInWords(present),
              after: policyInWords(policy),
            },
          ]
        : [],
      inverse: {
        by: 'automatic-rotation',
        message: `To undo it, change automatic rotation back to the previous policy (${policyInWords(
          present,
        )})${
          stored.equals(key) ? '' : ` and the previous key identifier ${key}`
        }. Versions that the ${keyHomeKind(
          key.vaultName,
        )} creates meanwhile stay.`,
        steps: inOrder(
          moves && encrypted.versionInUse
            ? [pointAt(encrypted, encrypted.versionInUse)]
            : [],
          sets
            ? [
                setRotationPolicy.build({
                  key: key.versionless,
                  policy: present,
                }),
              ]
            : [],
          rotates(present),
        ),
      },
      typedName: null,
    },
    { ...context, registry },
  );
}

/** The vault's rotation policy and a registry that follows, or not any more. */
export const automaticRotationIntent: ExistingRegistryIntent<AutomaticRotationIntent> =
  {
    registry: 'existing',
    permission: keyRotatePermission,
    credentials: ['rotate'],
    takesAway: false,
    needs: ({ rotation }) =>
      rotation.kind === 'as-before'
        ? { rotationBefore: { operationId: rotation.operationId } }
        : {},
    plan: planAutomaticRotation,
  };

function presentPolicy({ key, keyFacts }: EncryptedRegistry): RotationPolicy {
  return (
    (keyFacts.known && keyFacts.value.rotationPolicy) || defaultPolicy(key)
  );
}

function goalOf(
  encrypted: EncryptedRegistry,
  { rotation }: AutomaticRotationIntent,
  { context, present }: { context: PlanContext; present: RotationPolicy },
): Goal {
  const { registry, key } = encrypted;
  switch (rotation.kind) {
    case 'on':
      requirePolicyThatRotates(
        rotation.policy,
        'intent.rotation.policy',
        key.isInHsm,
      );
      return {
        policy: rotation.policy,
        stored: key.versionless,
        summary: `Set up automatic rotation: the ${keyHome(
          key.vaultName,
        )} rotates the key ${key.keyName} by its policy (${policyInWords(
          rotation.policy,
        )}), and ${registry.name} follows new versions, within about an hour.`,
        checks: [],
      };
    case 'off':
      return {
        policy: withoutRotation(present, key),
        stored: key,
        summary: `Turn off automatic rotation: the ${keyHome(
          key.vaultName,
        )} makes no new versions of the key ${key.keyName} any more. ${
          key.version
            ? `${registry.name} stays on its version.`
            : `${registry.name} still follows versions that someone creates.`
        }`,
        checks: leavesNoPolicy(encrypted),
      };
    case 'as-before':
      return asBefore(encrypted, { context, present });
    default:
      return assertNever(rotation);
  }
}

const storedBy = (
  { mode, use }: { mode: 'automatic' | 'manual'; use: string },
  key: KeyIdentifier,
) => (mode === 'manual' ? key.at(use) : key);

/** Policy and identifier that an operation replaced, if they concern the key that the registry uses now. */
function asBefore(
  { registry, key }: EncryptedRegistry,
  { context, present }: { context: PlanContext; present: RotationPolicy },
): Goal {
  const { pass, fail } = check('earlier-rotation');
  const { rotationBefore } = context;
  const keys = rotationBefore ? concernsOf(rotationBefore.inverse).keys : [];
  const isOfKey =
    rotationBefore &&
    keys.length > 0 &&
    keys.every(({ keyOfKey }) => keyOfKey === key.keyOfKey);
  if (!isOfKey) {
    return {
      policy: present,
      stored: key,
      summary: `Change automatic rotation of ${registry.name} back to what it was.`,
      checks: [
        fail(
          rotationBefore
            ? `Operation ${rotationBefore.operationId} changed the rotation of another key than ${registry.name} uses now.`
            : 'This portal has no record of an operation that changed automatic rotation of this registry.',
          'Set up automatic rotation as you want it, or turn it off.',
        ),
      ],
    };
  }
  const { inverse, operationId } = rotationBefore;
  const policy =
    inverse.flatMap(step =>
      step.kind === 'set-rotation-policy' ? [step.policy] : [],
    )[0] ?? present;
  const point = inverse.find(step => step.kind === 'point-registry-at-key');
  const stored =
    point?.kind === 'point-registry-at-key'
      ? storedBy(point, key.versionless)
      : key;
  return {
    policy,
    stored,
    summary: `Change automatic rotation of ${
      registry.name
    } back to what operation ${operationId} replaced: ${policyInWords(
      policy,
    )} of the key ${key.keyName}; the registry ${
      stored.version
        ? `stays on version ${shortVersion(stored.version)}`
        : 'follows new versions'
    }.`,
    checks: [
      pass(
        `The settings that operation ${operationId} replaced are on record.`,
      ),
    ],
  };
}

/**
 * A registry follows before the vault begins, and the vault stops before a registry is pinned: at no
 * moment does the vault rotate a key that the registry does not follow.
 */
function inOrder(
  point: StepSpec[],
  policy: StepSpec[],
  begins: boolean,
): StepSpec[] {
  return begins ? [...point, ...policy] : [...policy, ...point];
}

function pointAt(
  { registry, key, mode, identity }: EncryptedRegistry,
  use: string,
): StepSpec {
  return pointRegistryAtKey.build({
    registryId: registry.id,
    key: key.versionless,
    mode,
    use,
    identity: identity.reference,
  });
}
