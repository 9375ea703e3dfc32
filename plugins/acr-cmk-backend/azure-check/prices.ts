/**
 * What the check's resources cost. Rounded up from Microsoft's list prices in US dollars, so that they hold in
 * euros at any usual rate; the bill has the true ones.
 */
export interface Price {
  what: string;
  /** EUR for each and each hour. Nothing is charged for less than what Azure counts. */
  perHour: number;
  source: string;
  /** When the price was written down. Nobody has compared it with the source since. */
  asOf: string;
}

const HOURS_PER_DAY = 24;

export const PRICES = {
  registry: {
    what: 'registry, Premium (1.667 USD a day)',
    perHour: 1.8 / HOURS_PER_DAY,
    source: 'https://azure.microsoft.com/pricing/details/container-registry/',
    asOf: '2026-11-26',
  },
  vault: {
    what: 'key vault, Standard (charged by operation, 0.03 USD for 10,000)',
    perHour: 0.01,
    source: 'https://azure.microsoft.com/pricing/details/key-vault/',
    asOf: '2026-11-26',
  },
} satisfies Record<string, Price>;

/** The longest that the check takes: its slowest probes wait this long and no longer. Hours. */
export const LONGEST_HOURS = 24;

export interface CostLine {
  count: number;
  price: Price;
  /** EUR for all of them, for the whole time. */
  total: number;
}

/** What so many of each cost, from when they are made to when they are deleted. */
export function costOf(counts: { registry: number; vault: number }): {
  lines: CostLine[];
  total: number;
} {
  const lines = (Object.keys(PRICES) as (keyof typeof PRICES)[]).map(kind => ({
    count: counts[kind],
    price: PRICES[kind],
    total: counts[kind] * PRICES[kind].perHour * LONGEST_HOURS,
  }));
  return { lines, total: lines.reduce((sum, { total }) => sum + total, 0) };
}
