/** Checks of a plan that sets up automatic rotation, or turns it off. */
import {
  type Check,
  type RotationPolicy,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';
import { day, type EncryptedRegistry } from '../encryptedRegistry';
import type { Registry } from '../registry';
import { nextRotationAt } from '../rotation';
import { unknown } from './checks';

/** Without it, nobody could undo the plan. */
export function policyKnown({ keyFacts }: EncryptedRegistry): Check {
  const id = 'rotation-policy';
  return keyFacts.known
    ? {
        id,
        status: 'pass',
        message:
          'The rotation policy of the key is known and is kept for undo.',
      }
    : {
        ...unknown(id, 'the rotation policy of the key', keyFacts),
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
  const id = 'something-to-do';
  return sets || moves
    ? {
        id,
        status: 'pass',
        message: 'The rotation policy or the registry is not like this yet.',
      }
    : {
        id,
        status: 'warn',
        message:
          'The rotation policy and the registry are like this already. Nothing is written; the operation only proves it.',
        remedy: 'If you meant another policy, change it.',
      };
}

/** When the vault makes its first version by the policy: at once, or not before somebody rotates. */
export function firstRotation(
  { key, keyFacts, now }: EncryptedRegistry,
  policy: RotationPolicy,
): Check {
  const id = 'first-rotation';
  const home = keyHomeKind(key.vaultName);
  if (!keyFacts.known)
    return unknown(id, 'when the key rotates first', keyFacts);
  const next = nextRotationAt({ ...keyFacts.value, rotationPolicy: policy });
  if (next === undefined) {
    return {
      id,
      status: 'warn',
      message: `The newest version has no expiry date to count from, so the ${home} creates no new version until someone rotates the key once.`,
      remedy:
        'Rotate to a new version afterwards: it gets the expiry. Or rotate a number of days after creation.',
    };
  }
  return next <= now
    ? {
        id,
        status: 'warn',
        message: `The newest version is older than that already: the ${home} makes a new one soon after the policy is set. The registry switches to it within about an hour.`,
        remedy: 'Continue if that may happen now.',
      }
    : {
        id,
        status: 'pass',
        message: `The ${home} makes the next version on ${day(
          new Date(next).toISOString(),
        )}.`,
      };
}

/** An expiry holds only for versions that are created from then on. */
export function noExpiryBeforeRotation(
  { key, keyFacts, now }: EncryptedRegistry,
  policy: RotationPolicy,
): Check {
  const id = 'expiry-before-rotation';
  if (!keyFacts.known) return unknown(id, 'when the key expires', keyFacts);
  const expires = keyFacts.value.versions[0]?.expires;
  const next = nextRotationAt({ ...keyFacts.value, rotationPolicy: policy });
  if (!expires) {
    return {
      id,
      status: 'pass',
      message: 'The newest version of the key does not expire.',
    };
  }
  return next !== undefined && Math.max(next, now) < Date.parse(expires)
    ? {
        id,
        status: 'pass',
        message: 'The newest version expires after the next rotation.',
      }
    : {
        id,
        status: 'warn',
        message: `The newest version expires on ${day(
          expires,
        )}, before the policy makes the next one.`,
        remedy: `Rotate to a new version before then, or let the ${keyHomeKind(
          key.vaultName,
        )} rotate sooner.`,
      };
}

/** Registries that would not follow what the vault makes. */
export function othersFollow(others: readonly Registry[]): Check {
  const id = 'others-follow';
  const pinned = others.filter(({ key }) => key?.version);
  return pinned.length === 0
    ? {
        id,
        status: 'pass',
        message: 'No other known registry is pinned to a version of the key.',
      }
    : {
        id,
        status: 'warn',
        message: `Pinned to one version of the key, so that new ones never reach them: ${pinned
          .map(({ name }) => name)
          .join(', ')}.`,
        remedy: 'Have them follow new versions, too (automatic mode).',
      };
}
