/** Checks of a plan that sets up automatic rotation, or turns it off. */
import {
  type Check,
  type RotationPolicy,
  keyHomeKind,
  utcDay,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import type { EncryptedRegistry } from '../encryptedRegistry';
import type { Registry } from '../registry';
import { nextRotationAt } from '../rotation';
import { MOST_VERSIONS_IN_HSM } from './policyLimits';

/** Without it, nobody could undo the plan. */
export function policyKnown({ keyFacts }: EncryptedRegistry): Check {
  const { pass, undetermined } = check('rotation-policy');
  return keyFacts.known
    ? pass('The rotation policy of the key is known and is kept for undo.')
    : {
        ...undetermined('the rotation policy of the key', keyFacts),
        status: 'fail',
      };
}

export function somethingToDo({
  sets,
  moves,
}: {
  /** The policy changes. */
  sets: boolean;
  /** The registry changes. */
  moves: boolean;
}): Check {
  const { pass, warn } = check('something-to-do');
  return sets || moves
    ? pass('The rotation policy or the registry is not like this yet.')
    : warn(
        'The rotation policy and the registry are like this already. Nothing is written; the operation only proves it.',
        'If you meant another policy, change it.',
      );
}

/** Time when the vault makes its first version by the policy: at once, or not before somebody rotates. */
export function firstRotation(
  { key, keyFacts, now }: EncryptedRegistry,
  policy: RotationPolicy,
): Check {
  const { pass, warn, undetermined } = check('first-rotation');
  const home = keyHomeKind(key.vaultName);
  if (!keyFacts.known)
    return undetermined('when the key rotates first', keyFacts);
  const next = nextRotationAt({ ...keyFacts.value, rotationPolicy: policy });
  if (next === undefined) {
    return warn(
      `The newest version has no expiry date to count from, so the ${home} creates no new version until someone rotates the key once.`,
      'Rotate to a new version afterwards: it gets the expiry. Or rotate a number of days after creation.',
    );
  }
  return next <= now
    ? warn(
        `The newest version is older than that already: the ${home} makes a new one soon after the policy is set. The registry switches to it within about an hour.`,
        'Continue if that may happen now.',
      )
    : pass(`The ${home} makes the next version on ${utcDay(next)}.`);
}

/** An expiry holds only for versions that are created from then on. */
export function noExpiryBeforeRotation(
  { key, keyFacts, now }: EncryptedRegistry,
  policy: RotationPolicy,
): Check {
  const { pass, warn, undetermined } = check('expiry-before-rotation');
  if (!keyFacts.known) return undetermined('when the key expires', keyFacts);
  const expires = keyFacts.value.versions[0]?.expires;
  const next = nextRotationAt({ ...keyFacts.value, rotationPolicy: policy });
  if (!expires) return pass('The newest version of the key does not expire.');
  return next !== undefined && Math.max(next, now) < Date.parse(expires)
    ? pass('The newest version expires after the next rotation.')
    : warn(
        `The newest version expires on ${utcDay(
          expires,
        )}, before the policy makes the next one.`,
        `Rotate to a new version before then, or let the ${keyHomeKind(
          key.vaultName,
        )} rotate sooner.`,
      );
}

/**
 * A Managed HSM rotates no key without a policy, on demand either (managed-hsm/key-rotation.md).
 *
 * @param sets - the plan sets one first
 */
export function policyBeforeRotation(
  { key, keyFacts }: EncryptedRegistry,
  sets: boolean,
): Check[] {
  if (!key.isInHsm) return [];
  const { pass, fail, unknown, undetermined } = check('policy-before-rotation');
  if (!keyFacts.known) {
    return [undetermined('whether the key has a rotation policy', keyFacts)];
  }
  const { rotationPolicy, rotatesByPolicy } = keyFacts.value;
  if (!rotationPolicy) {
    return [
      sets
        ? pass('The key has no rotation policy yet; the plan sets one.')
        : fail(
            `The key ${key.keyName} has no rotation policy, and a Managed HSM rotates no key without one.`,
            'Have the plan set one (rotateEveryDays), or set up automatic rotation.',
          ),
    ];
  }
  return [
    rotatesByPolicy
      ? pass(
          'The key has a rotation policy, so that the Managed HSM rotates it on demand, too.',
        )
      : unknown(
          'The policy of the key rotates nothing. Whether a Managed HSM rotates a key with such a policy on demand is not documented.',
          'Continue: if it refuses, nothing has changed. Then set up automatic rotation.',
        ),
  ];
}

/** A blank policy is none (managed-hsm/key-rotation.md). */
export function leavesNoPolicy({ key, keyFacts }: EncryptedRegistry): Check[] {
  const keeps =
    keyFacts.known && keyFacts.value.rotationPolicy?.expiryTime !== undefined;
  if (!key.isInHsm || keeps) return [];
  return [
    check('policy-before-rotation').warn(
      'The key is left without a rotation policy, and a Managed HSM rotates no key without one, on demand either.',
      'Continue. The next rotation has to set a policy first.',
    ),
  ];
}

/** Versions from which the limit of a Managed HSM is worth a warning. Our choice. */
const MANY_VERSIONS = 90;

/** The limit of 100 versions per key of a Managed HSM (managed-hsm/key-rotation.md). */
export function roomForVersion({ key, keyFacts }: EncryptedRegistry): Check[] {
  if (!key.isInHsm) return [];
  const { pass, warn, fail, undetermined } = check('room-for-version');
  if (!keyFacts.known) {
    return [undetermined('how many versions the key has', keyFacts)];
  }
  const { length } = keyFacts.value.versions;
  if (length < MANY_VERSIONS) {
    return [
      pass(
        `The key has fewer than ${MANY_VERSIONS} of the ${MOST_VERSIONS_IN_HSM} versions that a Managed HSM allows.`,
      ),
    ];
  }
  const message = `The key ${key.keyName} has ${length} versions; a Managed HSM allows ${MOST_VERSIONS_IN_HSM}, and none can be deleted.`;
  return [
    length < MOST_VERSIONS_IN_HSM
      ? warn(message, 'Rotate to a new key in time.')
      : fail(message, 'Rotate to a new key.'),
  ];
}

/** Warns about a policy that rotates a key whose registry stays on one version. */
export function followsPolicy({ registry, mode }: EncryptedRegistry): Check {
  const { pass, warn } = check('follows-policy');
  return mode === 'automatic'
    ? pass('The registry follows the versions that the policy makes.')
    : warn(
        `${registry.name} stays on the version of this rotation and never gets the versions that the policy makes later.`,
        'Set up automatic rotation instead, so that the registry follows new versions.',
      );
}

/** Registries that would not follow what the vault makes. */
export function othersFollow(others: readonly Registry[]): Check {
  const { pass, warn } = check('others-follow');
  const pinned = others.filter(({ key }) => key?.version);
  return pinned.length === 0
    ? pass('No other known registry is pinned to a version of the key.')
    : warn(
        `These registries are pinned to one version of the key and never get new ones: ${pinned
          .map(({ name }) => name)
          .join(', ')}.`,
        'Have them follow new versions, too (automatic mode).',
      );
}
