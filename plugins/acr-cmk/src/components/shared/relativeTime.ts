const UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** Units in which one counts what still goes on. */
const isOfOngoing = ([unit]: (typeof UNITS)[number]) =>
  unit === 'day' || unit === 'hour' || unit === 'minute';

/** A formatter for each locale: to make one costs more than to use it a hundred times. */
export function byLocale<T>(
  make: (locale: string) => T,
): (locale: string) => T {
  const known = new Map<string, T>();
  return locale => {
    const formatter = known.get(locale) ?? make(locale);
    known.set(locale, formatter);
    return formatter;
  };
}

const relative = byLocale(
  locale => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
);

/**
 * A duration in words, in the largest unit that fits: "15 minutes", "2 hours". Never zero of a unit: what is
 * shorter than the smallest one is "<1 second".
 *
 * @param options.full - what still goes on: whole units that have passed, from minutes to days
 */
export function duration(
  seconds: number,
  locale: string,
  options: { full?: boolean } = {},
): string {
  const units = options.full ? UNITS.filter(isOfOngoing) : UNITS;
  const fitting = units.find(([, length]) => seconds >= length);
  const [unit, size] = fitting ?? units[units.length - 1];
  const count = fitting ? seconds / size : 1;
  const words = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  }).format(options.full ? Math.floor(count) : count);
  return fitting ? words : `<${words}`;
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
