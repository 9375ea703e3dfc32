import {
  daysOfPolicyDuration,
  InvalidInput,
  type RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';

/** Limits of a rotation policy, in days. */
interface Limits {
  /** Subject of a sentence about them. */
  of: string;
  expiry: number;
  afterCreate: number;
  beforeExpiry: number;
  /** From a rotation that counts from the creation to the expiry. */
  afterCreateToExpiry: number;
  /** From the creation to a rotation that counts from the expiry. */
  createToBeforeExpiry: number;
}

/** Key Vault's: keys/how-to-configure-key-rotation.md, and `expiryTime` in the specification of its API. */
const OF_VAULTS: Limits = {
  of: 'in a vault',
  expiry: 28,
  afterCreate: 7,
  beforeExpiry: 7,
  afterCreateToExpiry: 7,
  createToBeforeExpiry: 7,
};

/** Managed HSM's: managed-hsm/key-rotation.md. No new version more often than once every 28 days. */
const OF_HSMS: Limits = {
  ...OF_VAULTS,
  of: 'in a Managed HSM',
  afterCreate: 28,
  createToBeforeExpiry: 28,
};

/** Versions that a key of a Managed HSM may have, those of rotations by policy included (key-rotation.md). */
export const MOST_VERSIONS_IN_HSM = 100;

/**
 * The door for a policy that is to rotate a key, by the limits of its vault.
 *
 * @param field - where the policy stands in the request
 * @param inHsm - the key is in a Managed HSM; until that is known, the limits of a vault hold
 * @throws InvalidInput that names the field of the policy
 */
export function requirePolicyThatRotates(
  policy: RotationPolicy,
  field: string,
  inHsm = false,
): void {
  const limits = inHsm ? OF_HSMS : OF_VAULTS;
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
    return days >= least
      ? days
      : refuse(name, `is at least ${least} days ${limits.of}`);
  };
  const expiry = daysOf('expiryTime', limits.expiry);
  const after = daysOf('timeAfterCreate', limits.afterCreate);
  const before = daysOf('timeBeforeExpiry', limits.beforeExpiry);
  const notice = daysOf('notifyBeforeExpiry', 1);

  if (notice !== undefined && inHsm) {
    refuse(
      'notifyBeforeExpiry',
      'is for keys of a vault: a Managed HSM has no Event Grid notifications; leave it out',
    );
  }
  if (after === undefined && before === undefined) {
    refuse(
      'timeAfterCreate',
      'or timeBeforeExpiry says when a new version is made; one of them is needed',
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
  const shorter = (least: number) =>
    `is at least ${least} days shorter than expiryTime (${expiryTime}) ${limits.of}`;
  if (after !== undefined && expiry - after < limits.afterCreateToExpiry) {
    refuse(
      'timeAfterCreate',
      `${shorter(
        limits.afterCreateToExpiry,
      )}, so that a new version is there before the old one expires`,
    );
  }
  if (before !== undefined && expiry - before < limits.createToBeforeExpiry) {
    refuse('timeBeforeExpiry', shorter(limits.createToBeforeExpiry));
  }
  if (notice !== undefined && notice >= expiry) {
    refuse('notifyBeforeExpiry', `is shorter than expiryTime (${expiryTime})`);
  }
}
