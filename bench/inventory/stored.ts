import type { Knex } from 'knex';

/** Measures the content of a SQLite file, in total and by table and index, the largest first. */
export async function storedIn(
  db: Knex,
): Promise<{ bytes: number; tables: string }> {
  const parts: { name: string; bytes: number; cells: number }[] = await db.raw(
    `select name, sum(pgsize) as bytes, sum(case when pagetype = 'leaf' then ncell end) as cells
     from dbstat group by name order by bytes desc`,
  );
  return {
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    tables: parts
      .filter(({ cells }) => cells > 0)
      .map(
        ({ name, bytes, cells }) =>
          `${(bytes / 1000).toFixed(0)} kB ${name}, ${cells} rows`,
      )
      .join('\n'),
  };
}
