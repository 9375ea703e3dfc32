import os from 'node:os';

/** @param share - of 1 */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[
    Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)
  ];
}

export function median(some: readonly number[]): number {
  return percentile(
    [...some].sort((a, b) => a - b),
    0.5,
  );
}

export const load = (): string =>
  os
    .loadavg()
    .map(each => each.toFixed(2))
    .join(' ');

export const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** Prints a measured value, its limit, and whether the limit holds. */
export function verdict(what: string, measured: number, wanted: string): void {
  const [, sign, limit] = /^(<=|>=) ([\d.]+)$/.exec(wanted) ?? [];
  const holds =
    sign === '<=' ? measured <= Number(limit) : measured >= Number(limit);
  console.log(
    `  ${what}: ${measured.toFixed(2)} (wanted ${wanted}) ${
      holds ? 'holds' : 'DOES NOT HOLD'
    }`,
  );
}
