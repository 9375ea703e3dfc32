const UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

const formatters = new Map<string, Intl.RelativeTimeFormat>();

/** Formatter of a locale, cached: many relative times are updated at every tick. */
function relative(locale: string): Intl.RelativeTimeFormat {
  const formatter =
    formatters.get(locale) ??
    new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  formatters.set(locale, formatter);
  return formatter;
}

/** A duration in words, in the largest unit that fits: "15 minutes", "2 hours". */
export function duration(seconds: number, locale: string): string {
  const [unit, size] =
    UNITS.find(([, length]) => seconds >= length) ?? UNITS[UNITS.length - 1];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  }).format(seconds / size);
}

/** "30 days", never more than have passed; of less than a day, the hours. */
export function fullDays(milliseconds: number, locale: string): string {
  const hours = Math.max(0, Math.floor(milliseconds / 3_600_000));
  const [unit, count] =
    hours < 24
      ? (['hour', hours] as const)
      : (['day', Math.floor(hours / 24)] as const);
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(count);
}

/** A relative time in words, in the largest unit that fits: "2 minutes ago", "in 3 days". */
export function distance(milliseconds: number, locale: string): string {
  const seconds = Math.round(milliseconds / 1000);
  const [unit, size] =
    UNITS.find(([, length]) => Math.abs(seconds) >= length) ??
    UNITS[UNITS.length - 1];
  // "in 24 hours" a second after the choice of 24; what has happened is never said to be older than it is.
  const count =
    seconds > 0 ? Math.round(seconds / size) : Math.ceil(seconds / size);
  return relative(locale).format(count, unit);
}
