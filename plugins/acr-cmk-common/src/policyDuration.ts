/** A duration of a rotation policy: Key Vault's policies know nothing shorter than a day. */
export interface PolicyDuration {
  years: number;
  months: number;
  weeks: number;
  days: number;
}

const DURATION = /^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/i;

/**
 * Reads an ISO 8601 duration in years, months, weeks and days.
 *
 * @returns nothing for a text that is none, or one that names hours or less
 */
export function parsePolicyDuration(text: string): PolicyDuration | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  const [years, months, weeks, days] = match
    .slice(1)
    .map(part => Number(part ?? 0));
  return { years, months, weeks, days };
}

/**
 * About how many days a duration is, to compare it with limits: a month counts as 30, a year as 365.
 *
 * @returns nothing for a text that `parsePolicyDuration` does not read
 */
export function daysOfPolicyDuration(text: string): number | undefined {
  const duration = parsePolicyDuration(text);
  if (!duration) return undefined;
  const { years, months, weeks, days } = duration;
  return years * 365 + months * 30 + weeks * 7 + days;
}
