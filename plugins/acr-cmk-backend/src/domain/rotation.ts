import {
  type KeyFacts,
  parsePolicyDuration,
} from 'backstage-plugin-acr-cmk-common';

/**
 * Time at which the vault's policy creates the next version, by Azure's clock; epoch milliseconds.
 * Undefined if it does not, or if it counts from an expiry that the newest version lacks.
 */
export function nextRotationAt({
  versions: [newest],
  rotationPolicy,
}: Pick<KeyFacts, 'versions' | 'rotationPolicy'>): number | undefined {
  if (!newest || !rotationPolicy) return undefined;
  const { timeAfterCreate, timeBeforeExpiry } = rotationPolicy;
  const moments = [
    timeAfterCreate && moved(newest.created, timeAfterCreate, 1),
    timeBeforeExpiry &&
      newest.expires &&
      moved(newest.expires, timeBeforeExpiry, -1),
  ].filter((moment): moment is number => typeof moment === 'number');
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** Time at which a duration from `iso` ends, epoch milliseconds. Undefined for a text that is no duration. */
export const timeAfter = (iso: string, duration: string): number | undefined =>
  moved(iso, duration, 1);

function moved(iso: string, duration: string, sign: 1 | -1) {
  const parsed = parsePolicyDuration(duration);
  if (!parsed) return undefined;
  const { years, months, weeks, days } = parsed;
  const time = new Date(iso);
  const day = time.getUTCDate();
  time.setUTCDate(1);
  time.setUTCMonth(time.getUTCMonth() + sign * (years * 12 + months));
  // A month after the 31st of January is the last of February.
  const last = new Date(
    Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0),
  ).getUTCDate();
  time.setUTCDate(Math.min(day, last) + sign * (weeks * 7 + days));
  return time.getTime();
}
