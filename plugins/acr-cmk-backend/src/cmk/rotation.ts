import type { KeyFacts } from 'backstage-plugin-acr-cmk-common';

/** Years, months, weeks and days: Key Vault's policies know nothing shorter than a day. */
const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/i;

/**
 * When the vault's policy makes the next version, by Azure's clock; epoch milliseconds. Nothing when it
 * does not, or when that takes an expiry which the newest version does not have.
 */
export function nextRotationAt({
  versions: [newest],
  rotation,
}: Pick<KeyFacts, 'versions' | 'rotation'>): number | undefined {
  if (!newest || !rotation) return undefined;
  const { afterCreate, beforeExpiry } = rotation;
  const moments = [
    afterCreate && moved(newest.created, afterCreate, 1),
    beforeExpiry && newest.expires && moved(newest.expires, beforeExpiry, -1),
  ].filter((moment): moment is number => typeof moment === 'number');
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

function moved(iso: string, duration: string, sign: 1 | -1) {
  const match = DURATION.exec(duration);
  if (!match) return undefined;
  const [years, months, weeks, days] = match
    .slice(1)
    .map(part => Number(part ?? 0) * sign);
  const time = new Date(iso);
  const day = time.getUTCDate();
  time.setUTCDate(1);
  time.setUTCMonth(time.getUTCMonth() + years * 12 + months);
  // A month after the 31st of January is the last of February.
  const last = new Date(
    Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0),
  ).getUTCDate();
  time.setUTCDate(Math.min(day, last) + weeks * 7 + days);
  return time.getTime();
}
