import {
  daysOfPolicyDuration,
  InvalidInput,
  type RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';

/** Key Vault's own limits, in days. */
const LEAST_EXPIRY_DAYS = 28;
const LEAST_ROTATION_DAYS = 7;

/**
 * The door for a policy that is to rotate a key, by Key Vault's limits.
 *
 * @param field - where the policy stands in the request
 * @throws InvalidInput that names the field of the policy
 */
export function requirePolicyThatRotates(
  policy: RotationPolicy,
  field: string,
): void {
  const { expiryTime } = policy;
  const refuse = (name: keyof RotationPolicy, reason: string): never => {
    throw new InvalidInput(`${field}.${name}`, reason);
  };
  const daysOf = (name: keyof RotationPolicy, least: number) => {
    const text = policy[name];
    if (text === undefined) return undefined;
    const days =
      daysOfPolicyDuration(text) ??
      refuse(name, 'is not a duration in years, months, weeks or days');
    return days >= least ? days : refuse(name, `is at least ${least} days`);
  };
  const expiry = daysOf('expiryTime', LEAST_EXPIRY_DAYS);
  const after = daysOf('timeAfterCreate', LEAST_ROTATION_DAYS);
  const before = daysOf('timeBeforeExpiry', LEAST_ROTATION_DAYS);
  const notice = daysOf('notifyBeforeExpiry', 1);

  if (after === undefined && before === undefined) {
    refuse(
      'timeAfterCreate',
      'or timeBeforeExpiry says when the vault makes a new version; one of them is needed',
    );
  }
  if (after !== undefined && before !== undefined) {
    refuse('timeBeforeExpiry', 'cannot be combined with timeAfterCreate');
  }
  if (before !== undefined && expiry === undefined) {
    refuse('timeBeforeExpiry', 'needs expiryTime, from which it counts');
  }
  if (notice !== undefined && expiry === undefined) {
    refuse('notifyBeforeExpiry', 'needs expiryTime, from which it counts');
  }
  if (expiry === undefined) return;
  if (after !== undefined && expiry - after < LEAST_ROTATION_DAYS) {
    refuse(
      'timeAfterCreate',
      `is at least ${LEAST_ROTATION_DAYS} days shorter than expiryTime (${expiryTime}), so that a new version is there before the old one expires`,
    );
  }
  if (before !== undefined && expiry - before < LEAST_ROTATION_DAYS) {
    refuse(
      'timeBeforeExpiry',
      `is at least ${LEAST_ROTATION_DAYS} days shorter than expiryTime (${expiryTime})`,
    );
  }
  if (notice !== undefined && notice >= expiry) {
    refuse('notifyBeforeExpiry', `is shorter than expiryTime (${expiryTime})`);
  }
}
