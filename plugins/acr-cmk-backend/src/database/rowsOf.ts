/** The rows of an answer to `raw`, which is another thing on SQLite and on PostgreSQL. */
export function rowsOf(answer: any): any[] {
  return Array.isArray(answer) ? answer : answer.rows;
}
