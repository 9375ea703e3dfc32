import type { Knex } from 'knex';
import type { Tables } from 'knex/types/tables';
import type { BigInteger } from './tables';

type Table = keyof Tables & string;
type Column<T extends Table> = keyof Tables[T] & string;

const fullNames = (table: string, columns: readonly string[]) =>
  columns.map(column => `${table}.${column}`);

/** Selects columns of one table under their own names. The compiler knows the columns and their types. */
export function selectColumns<T extends Table, C extends Column<T>>(
  query: Knex.QueryBuilder,
  table: T,
  columns: readonly C[],
): Knex.QueryBuilder<Tables[T], Pick<Tables[T], C>[]> {
  return query.select(fullNames(table, columns));
}

/** Counts the rows of each combination of values of some columns. */
export async function countBy<T extends Table, C extends Column<T>>(
  query: Knex.QueryBuilder,
  table: T,
  columns: readonly C[],
): Promise<{ values: Pick<Tables[T], C>; count: number }[]> {
  const names = fullNames(table, columns);
  const counted: Knex.QueryBuilder = query
    .groupBy(names)
    .select(names)
    .count({ n: '*' });
  const rows: (Pick<Tables[T], C> & { n: BigInteger })[] = await counted;
  return rows.map(row => ({ values: row, count: Number(row.n) }));
}

/** Counts the rows. */
export async function countOf(query: Knex.QueryBuilder): Promise<number> {
  const [{ n }]: { n: BigInteger }[] = await query.count({ n: '*' });
  return Number(n);
}
