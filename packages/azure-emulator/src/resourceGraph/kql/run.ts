import { resourceGraph } from '../../errors';
import { Named, Operator, Query } from './ast';
import { checkColumns, expressionsOf } from './columns';
import { checkFunctions, evaluate, Row } from './evaluate';
import { restrict, Restriction } from './restrict';

/** The rows of a table that meet a restriction, made one by one as they are asked for, and their columns. */
export interface Table {
  columns: readonly string[];
  rows: Iterable<Row>;
}

/** A table by its name in lower case; undefined when there is none. */
export type Tables = (
  name: string,
  restriction: Restriction,
) => Table | undefined;

/**
 * Runs a parsed query, operator after operator. Operators that look at one row at a time pass it on at
 * once, so that what a query leaves out of a fleet of thousands is never held all together.
 */
export function runQuery(query: Query, tables: Tables): Row[] {
  // Before the first row, so that an empty table does not hide an unsupported function.
  query.operators.flatMap(expressionsOf).forEach(checkFunctions);
  const { restriction, rest } = restrict(query);
  const table = tables(query.table.toLowerCase(), restriction);
  if (!table) {
    throw resourceGraph.unknownTable(query.table);
  }
  checkColumns(query.operators, table.columns);
  return [...rest.reduce(step, table.rows)];
}

/** A hash is a `long`, which JSON cannot write without losing digits; as a key of a group it need not. */
const jsonText = (value: unknown) =>
  JSON.stringify(value, (_name, each) =>
    typeof each === 'bigint' ? String(each) : each,
  );

function* mapped(rows: Iterable<Row>, change: (row: Row) => Row) {
  for (const row of rows) yield change(row);
}

function* filtered(rows: Iterable<Row>, wanted: (row: Row) => boolean) {
  for (const row of rows) if (wanted(row)) yield row;
}

const columns = (named: Named[], row: Row): Row =>
  Object.fromEntries(
    named.map(({ name, expression }) => [name, evaluate(expression, row)]),
  );

function step(rows: Iterable<Row>, operator: Operator): Iterable<Row> {
  switch (operator.kind) {
    case 'where':
      return filtered(rows, row => evaluate(operator.condition, row) === true);
    case 'project':
      return mapped(rows, row => columns(operator.columns, row));
    case 'summarize':
      return summarize(rows, operator);
    default:
      throw new Error(`No way to run ${operator satisfies never}`);
  }
}

function summarize(
  rows: Iterable<Row>,
  { as, by }: { as: string; by: Named[] },
): Row[] {
  const groups = new Map<string, { keys: Row; count: number }>();
  if (!by.length) groups.set(jsonText({}), { keys: {}, count: 0 });
  for (const row of rows) {
    const keys = columns(by, row);
    const id = jsonText(keys);
    const group = groups.get(id) ?? { keys, count: 0 };
    group.count++;
    groups.set(id, group);
  }
  return [...groups.values()].map(({ keys, count }) => ({
    ...keys,
    [as]: count,
  }));
}
