import type { Knex } from 'knex';

/** Condition of rows whose thing exists, as far as is known: the last reading did not miss it. */
export const isThere = (table: string) => (row: Knex.QueryBuilder) => {
  const kind = `${table}.problem_kind`;
  row.whereNull(kind).orWhereNot(kind, 'not-found');
};
