/** The rows of an answer to `raw`, which SQLite returns as they are and PostgreSQL in an object. */
export function rowsOf<T>(answer: unknown): T[] {
  return Array.isArray(answer) ? answer : (answer as { rows: T[] }).rows;
}
