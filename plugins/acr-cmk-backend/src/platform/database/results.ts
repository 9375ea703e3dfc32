/** Results of statements, which the drivers of SQLite and PostgreSQL return differently. */

/** The rows of an answer to `raw`, which SQLite returns as they are and PostgreSQL in an object. */
export function rowsOf<T>(answer: unknown): T[] {
  return Array.isArray(answer) ? answer : (answer as { rows: T[] }).rows;
}

/** Value of a `bigint` that may be null or not selected. */
export const optionalNumber = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);
