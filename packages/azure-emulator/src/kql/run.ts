import { unsupported } from '../errors';
import {
  Expression,
  JoinKey,
  JoinKind,
  Named,
  Operator,
  Query,
  SortKey,
} from './ast';
import { checkFunctions, compare, evaluate, member, Row } from './evaluate';
import { restrict, Restriction } from './restrict';
import { invalidQuery } from './tokens';

export interface Source {
  /**
   * The rows of a table that meet the restriction, made one by one as they are asked for; undefined when
   * there is no such table.
   */
  table(name: string, restriction: Restriction): Iterable<Row> | undefined;
  now: number;
}

/**
 * Runs a parsed query, operator after operator. Operators that look at one row at a time pass it on at
 * once, so that what a query leaves out of a fleet of thousands is never held all together.
 */
export function runQuery(query: Query, source: Source): Row[] {
  const { restriction, rest } = restrict(query);
  const table = source.table(query.table.toLowerCase(), restriction);
  if (!table) {
    throw invalidQuery(`Table ${query.table} is not known.`);
  }
  query.operators.forEach(checkOperator);
  return [
    ...rest.reduce((rows, operator) => step(rows, operator, source), table),
  ];
}

/** A hash is a `long`, which JSON cannot write without losing digits; as a key of a group it need not. */
const jsonText = (value: unknown) =>
  JSON.stringify(value, (_name, each) =>
    typeof each === 'bigint' ? String(each) : each,
  );

/** Unsupported functions are refused before the first row, so that an empty table does not hide them. */
function checkOperator(operator: Operator) {
  const all = (named: { expression: Expression }[]) =>
    named.forEach(({ expression }) => checkFunctions(expression));
  switch (operator.kind) {
    case 'where':
      checkFunctions(operator.condition);
      return;
    case 'project':
    case 'project-rename':
    case 'extend':
    case 'distinct':
      all(operator.columns);
      return;
    case 'order':
    case 'top':
      all(operator.by);
      return;
    case 'mv-expand':
      checkFunctions(operator.expression);
      return;
    case 'summarize':
      all(operator.by);
      operator.aggregates.forEach(({ expression }) =>
        checkAggregate(expression),
      );
      return;
    case 'project-away':
    case 'project-keep':
    case 'take':
    case 'count':
    case 'join':
    case 'union':
      return;
    default:
      throw new Error(`No check for ${operator satisfies never}`);
  }
}

function* mapped(rows: Iterable<Row>, change: (row: Row) => Row) {
  for (const row of rows) yield change(row);
}

function* filtered(rows: Iterable<Row>, wanted: (row: Row) => boolean) {
  for (const row of rows) if (wanted(row)) yield row;
}

function step(
  rows: Iterable<Row>,
  operator: Operator,
  source: Source,
): Iterable<Row> {
  const value = (expression: Expression, row: Row) =>
    evaluate(expression, row, source.now);
  const columns = (named: Named[], row: Row): Row =>
    Object.fromEntries(
      named.map(({ name, expression }) => [name, value(expression, row)]),
    );
  switch (operator.kind) {
    case 'where':
      return filtered(rows, row => value(operator.condition, row) === true);
    case 'project':
      return mapped(rows, row => columns(operator.columns, row));
    case 'extend':
      return mapped(rows, row => ({
        ...row,
        ...columns(operator.columns, row),
      }));
    case 'project-away':
      return mapped(rows, row => without(row, operator.names));
    case 'project-keep':
      return mapped(rows, row =>
        Object.fromEntries(
          operator.names.map(name => [name, member(row, name)]),
        ),
      );
    case 'project-rename':
      return mapped(rows, row => ({
        ...without(
          row,
          operator.columns.flatMap(({ expression }) =>
            expression.kind === 'column' ? [expression.name] : [],
          ),
        ),
        ...columns(operator.columns, row),
      }));
    case 'order':
      return order(rows, operator.by, value);
    case 'top':
      return order(rows, operator.by, value).slice(0, operator.count);
    case 'take':
      return [...rows].slice(0, operator.count);
    case 'count':
      return [{ Count: [...rows].length }];
    case 'distinct':
      return distinct([...mapped(rows, row => columns(operator.columns, row))]);
    case 'summarize':
      return summarize([...rows], operator, value);
    case 'mv-expand':
      return [...rows].flatMap(row => expand(row, operator, value));
    case 'join':
      return join([...rows], runQuery(operator.right, source), operator);
    case 'union':
      return [
        ...rows,
        ...operator.others.flatMap(other => runQuery(other, source)),
      ];
    default:
      throw new Error(`No way to run ${operator satisfies never}`);
  }
}

type Value = (expression: Expression, row: Row) => unknown;

function without(row: Row, names: string[]): Row {
  const unwanted = names.map(name => name.toLowerCase());
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => !unwanted.includes(name.toLowerCase()),
    ),
  );
}

function order(rows: Iterable<Row>, by: SortKey[], value: Value): Row[] {
  return [...rows].sort((a, b) => {
    for (const { expression, descending } of by) {
      const difference = compare(value(expression, a), value(expression, b));
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
}

function distinct(rows: Row[]): Row[] {
  const seen = new Map(rows.map(row => [jsonText(row), row]));
  return [...seen.values()];
}

function expand(
  row: Row,
  { name, expression }: { name: string; expression: Expression },
  value: Value,
): Row[] {
  const list = value(expression, row);
  if (Array.isArray(list)) {
    return list.map(item => ({ ...row, [name]: item }));
  }
  if (typeof list === 'object' && list !== null) {
    // A bag becomes one row per member, each with a bag of one.
    return Object.entries(list).map(([key, item]) => ({
      ...row,
      [name]: { [key]: item },
    }));
  }
  return [{ ...row, [name]: list }];
}

function summarize(
  rows: Row[],
  { aggregates, by }: { aggregates: Named[]; by: Named[] },
  value: Value,
): Row[] {
  const groups = new Map<string, { keys: Row; rows: Row[] }>();
  for (const row of rows) {
    const keys = Object.fromEntries(
      by.map(({ name, expression }) => [name, value(expression, row)]),
    );
    const id = jsonText(keys);
    const group = groups.get(id) ?? { keys, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  if (!by.length && !rows.length) groups.set('', { keys: {}, rows: [] });
  return [...groups.values()].map(group => ({
    ...group.keys,
    ...Object.fromEntries(
      aggregates.map(({ name, expression }) => [
        name,
        aggregate(expression, group.rows, value),
      ]),
    ),
  }));
}

const AGGREGATES: Record<string, (values: unknown[]) => unknown> = {
  count: values => values.length,
  countif: values => values.filter(each => each === true).length,
  dcount: values => new Set(values.map(each => jsonText(each))).size,
  sum: values => values.reduce((sum: number, each) => sum + Number(each), 0),
  min: values => values.sort(compare)[0] ?? null,
  max: values => values.sort(compare).at(-1) ?? null,
  any: values => values[0] ?? null,
  take_any: values => values[0] ?? null,
  make_list: values => values,
  make_set: values => [...new Set(values)],
};

function checkAggregate(expression: Expression) {
  if (expression.kind !== 'call') {
    throw invalidQuery('summarize needs an aggregate such as count().');
  }
  if (!Object.hasOwn(AGGREGATES, expression.name)) {
    throw unsupported.feature(`the KQL aggregate '${expression.name}'`);
  }
  expression.args.forEach(checkFunctions);
}

function aggregate(expression: Expression, rows: Row[], value: Value): unknown {
  const { name, args } = expression as Expression & { kind: 'call' };
  return AGGREGATES[name](rows.map(row => args.length && value(args[0], row)));
}

/** Columns of the right side that exist on the left get a 1 behind their name, as in Kusto. */
function join(
  left: Row[],
  right: Row[],
  { join: kind, on }: { join: JoinKind; on: JoinKey[] },
): Row[] {
  const keyOf = (row: Row, side: keyof JoinKey) =>
    jsonText(on.map(key => member(row, key[side])));
  const byKey = new Map<string, Row[]>();
  for (const row of right) {
    const key = keyOf(row, 'right');
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  const used = new Set<string>();
  return left.flatMap(row => {
    const key = keyOf(row, 'left');
    if (kind === 'innerunique') {
      if (used.has(key)) return [];
      used.add(key);
    }
    const matches = byKey.get(key) ?? [];
    if (!matches.length) return kind === 'leftouter' ? [row] : [];
    return matches.map(match => ({ ...row, ...renamed(match, row) }));
  });
}

function renamed(match: Row, row: Row): Row {
  return Object.fromEntries(
    Object.entries(match).map(([name, value]) => [
      Object.hasOwn(row, name) ? `${name}1` : name,
      value,
    ]),
  );
}
