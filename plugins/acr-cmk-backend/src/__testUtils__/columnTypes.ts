import type { Knex } from 'knex';

/** Largest `integer`. */
const INTEGER = 2 ** 31 - 1;

const noText = (column: string) =>
  `typeof(${column}) <> 'text' or instr(${column}, char(0)) > 0`;

/** SQLite condition that matches the values that PostgreSQL rejects for a column of this type. */
function refusedBy(type: string, column: string): string {
  const length = /^varchar\((\d+)\)$/.exec(type)?.[1];
  if (length) return `length(${column}) > ${length} or ${noText(column)}`;
  switch (type) {
    case 'text':
      return noText(column);
    case 'integer':
      return `typeof(${column}) <> 'integer' or abs(${column}) > ${INTEGER}`;
    case 'bigint':
      return `typeof(${column}) <> 'integer'`;
    case 'boolean':
      return `${column} not in (0, 1)`;
    default:
      throw new Error(`What does a column of the type ${type} take?`);
  }
}

/** The columns of each table whose values are refused. All databases of the tests have the same tables. */
let question: Promise<string> | undefined;

async function questionTo(db: Knex): Promise<string> {
  const columns: { table: string; column: string; type: string }[] =
    await db.raw(
      `select t.name as "table", c.name as "column", lower(c.type) as type
       from sqlite_master t join pragma_table_info(t.name) c
       where t.type = 'table' and t.name not like 'knex_%' and t.name not like 'sqlite_%'`,
    );
  const tables = new Map<string, string[]>();
  for (const { table, column, type } of columns) {
    const name = `"${column}"`;
    tables.set(table, [
      ...(tables.get(table) ?? []),
      `case when ${name} is not null and (${refusedBy(
        type,
        name,
      )}) then '${column} ' else '' end`,
    ]);
  }
  return [...tables]
    .map(
      ([table, cases]) =>
        `select '${table}' as "table", ${cases.join(
          ' || ',
        )} as columns from "${table}" where columns <> ''`,
    )
    .join(' union all ');
}

/**
 * SQLite takes fractions for integers, and texts of any length. Tests that run on SQLite alone use
 * this check, so that such faults do not first appear on PostgreSQL.
 */
export async function expectPostgresWouldTake(db: Knex): Promise<void> {
  question ??= questionTo(db);
  expect(await db.raw(await question)).toEqual([]);
}
