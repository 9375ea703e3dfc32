import type { Tables } from 'knex/types/tables';

type Table = keyof Tables & string;
type Column<T extends Table> = keyof Tables[T] & string;

/** Columns of one table in a joined row, each named `<table>.<column>`; null where the join found no row. */
export type JoinedColumns<T extends Table, C extends Column<T>> = {
  [Name in C as `${T}.${Name}`]: Tables[T][Name] | null;
};

/** Selects columns of one table of a join under their full names. The compiler knows the columns. */
export function columnsOf<T extends Table, C extends Column<T>>(
  table: T,
  columns: readonly C[],
): { [Name in C as `${T}.${Name}`]: `${T}.${Name}` } {
  return Object.fromEntries(
    columns.map(column => [`${table}.${column}`, `${table}.${column}`]),
  ) as ReturnType<typeof columnsOf<T, C>>;
}

/**
 * The columns of one table in a joined row.
 *
 * @param columns - the selected columns; the first is never null in the table
 */
export function rowOf<T extends Table, C extends Column<T>>(
  joined: JoinedColumns<T, C>,
  table: T,
  columns: readonly C[],
): Pick<Tables[T], C> | undefined {
  const values = joined as Record<string, unknown>;
  return values[`${table}.${columns[0]}`] === null
    ? undefined
    : (Object.fromEntries(
        columns.map(column => [column, values[`${table}.${column}`]]),
      ) as Pick<Tables[T], C>);
}
