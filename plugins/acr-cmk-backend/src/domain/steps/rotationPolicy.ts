/** A key's rotation policy in words, and whether Azure shows the one that is wanted. */
import {
  type KeyIdentifier,
  parsePolicyDuration,
  type RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';

/** Rotation policy of a key for which none was ever set. A vault shows a notice; in a Managed HSM there is none. */
export const defaultPolicy = ({
  isInHsm,
}: Pick<KeyIdentifier, 'isInHsm'>): RotationPolicy =>
  isInHsm ? {} : { notifyBeforeExpiry: 'P30D' };

/** Whether a policy creates versions. One that only gives notice does not. */
export const rotates = ({
  timeAfterCreate,
  timeBeforeExpiry,
}: RotationPolicy): boolean => Boolean(timeAfterCreate || timeBeforeExpiry);

/** A policy without its rotations: what it says about expiry and notice stays. */
export function withoutRotation(
  { expiryTime, notifyBeforeExpiry }: RotationPolicy,
  key: Pick<KeyIdentifier, 'isInHsm'>,
): RotationPolicy {
  const notice = notifyBeforeExpiry ?? defaultPolicy(key).notifyBeforeExpiry;
  return {
    ...(expiryTime && { expiryTime }),
    ...(notice && { notifyBeforeExpiry: notice }),
  };
}

/** `90 days`, `1 year and 6 months`; a text that is no duration stays as it is. */
function durationInWords(text: string): string {
  const duration = parsePolicyDuration(text);
  if (!duration) return text;
  const parts = (['years', 'months', 'weeks', 'days'] as const)
    .filter(unit => duration[unit] > 0)
    .map(
      unit =>
        `${duration[unit]} ${duration[unit] === 1 ? unit.slice(0, -1) : unit}`,
    );
  return parts.join(' and ') || '0 days';
}

/** `a new version every 90 days; new versions expire after 2 years` */
export function policyInWords({
  timeAfterCreate,
  timeBeforeExpiry,
  expiryTime,
  notifyBeforeExpiry,
}: RotationPolicy): string {
  const moments = [
    timeAfterCreate && `every ${durationInWords(timeAfterCreate)}`,
    timeBeforeExpiry &&
      `${durationInWords(timeBeforeExpiry)} before the newest one expires`,
  ].filter(Boolean);
  return [
    moments.length > 0
      ? `a new version ${moments.join(' or ')}`
      : 'no new versions',
    expiryTime && `new versions expire after ${durationInWords(expiryTime)}`,
    expiryTime &&
      notifyBeforeExpiry &&
      `notice ${durationInWords(notifyBeforeExpiry)} before`,
  ]
    .filter(Boolean)
    .join('; ');
}

const same = (a: string | undefined, b: string | undefined) =>
  a?.toLowerCase() === b?.toLowerCase();

/** Compares two policies. An extra notice is allowed: Key Vault adds one of its own. */
export function showsPolicy(
  shown: RotationPolicy,
  wanted: RotationPolicy,
): boolean {
  return (
    same(shown.timeAfterCreate, wanted.timeAfterCreate) &&
    same(shown.timeBeforeExpiry, wanted.timeBeforeExpiry) &&
    same(shown.expiryTime, wanted.expiryTime) &&
    (wanted.notifyBeforeExpiry === undefined ||
      same(shown.notifyBeforeExpiry, wanted.notifyBeforeExpiry))
  );
}
