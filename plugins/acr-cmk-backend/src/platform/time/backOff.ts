/** Delay before the next attempt: doubles with each failure in a row, up to the longest. In the unit of `first`. */
export const backOff = (
  failures: number,
  { first, longest }: { first: number; longest: number },
): number => Math.min(first * 2 ** (failures - 1), longest);
