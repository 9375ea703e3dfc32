import os from 'node:os';

export const print = (line: string) => process.stdout.write(`${line}\n`);
export const load = () => `load ${os.loadavg()[0].toFixed(1)}`;
const percentile = (numbers: number[], share: number) =>
  [...numbers].sort((a, b) => a - b)[Math.ceil(numbers.length * share) - 1];
export const median = (numbers: number[]) => percentile(numbers, 0.5);
export const p99 = (numbers: number[]) => percentile(numbers, 0.99);

export function judge(
  what: string,
  value: number,
  is: '<=' | '>=',
  bound: number,
) {
  const isMet = is === '<=' ? value <= bound : value >= bound;
  const mark = isMet ? 'ok    ' : 'MISSED';
  print(`  ${mark} ${what}: ${value.toFixed(2)}, ${is} ${bound.toFixed(2)}`);
  if (!isMet) process.exitCode = 1;
}

/** Figures of a checkout by name. Each round adds to them. */
export type Figures = Record<string, number[]>;

/** About twenty milliseconds of a processor. */
const COUNTS = 12_000_000;
let counted = 0;

/**
 * Time of a loop that only counts, about as long as a view. Its p99 beside its p50 is what the machine itself takes
 * from anything of that length. Milliseconds.
 */
export function loopMs(): number {
  const began = performance.now();
  for (let n = 0; n < COUNTS; n += 1) counted = (counted * 31 + n) % 65_536;
  return performance.now() - began;
}
