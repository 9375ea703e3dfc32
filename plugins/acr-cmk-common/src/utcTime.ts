const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const MINUTE_MS = 60_000;

/**
 * Azure's day of a time, for sentences that must not change with the hour: `25 Nov 2026`.
 *
 * @param time - ISO 8601, or epoch milliseconds
 */
export function utcDay(time: string | number): string {
  const at = new Date(time);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** A time for sentences whose readers' time zone is not known: `25 Nov 2026, 18:05 UTC`. */
export function utcTime(time: string | number): string {
  const clock = new Date(time).toISOString().slice(11, 16);
  return `${utcDay(time)}, ${clock} UTC`;
}

/** The first full minute that is not before a time, for sentences with "after" or "by". */
export function utcTimeAfter(time: string | number): string {
  const minutes = Math.ceil(new Date(time).getTime() / MINUTE_MS);
  return utcTime(minutes * MINUTE_MS);
}
