import { DAY, MONTH_DAYS, YEAR_DAYS } from '../assumptions';

const ISO_DURATION =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

const HOUR_MS = DAY / 24;
const MINUTE_MS = HOUR_MS / 60;
const SECOND_MS = MINUTE_MS / 60;

export const MINUTES_PER_DAY = DAY / MINUTE_MS;

/** Milliseconds of an ISO 8601 duration such as `PT1H` or `P90D`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const parts = ISO_DURATION.exec(text);
  if (!parts || parts.slice(1).every(part => part === undefined)) {
    return undefined;
  }
  const units = [
    YEAR_DAYS * DAY,
    MONTH_DAYS * DAY,
    7 * DAY,
    DAY,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
  ];
  return units.reduce(
    (sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit,
    0,
  );
}

export function seconds(count: number): number {
  return count * SECOND_MS;
}

export function inMinutes(ms: number): number {
  return ms / MINUTE_MS;
}

export function inDays(ms: number): number {
  return ms / DAY;
}

export function inSeconds(ms: number): number {
  return ms / SECOND_MS;
}

/** Key Vault counts in whole seconds since 1970. */
export function unixSeconds(ms: number): number {
  return Math.floor(inSeconds(ms));
}
