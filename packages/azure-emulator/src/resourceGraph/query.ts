/**
 * The part of KQL that the emulator runs: conditions, and after them the columns or the count. Anything else is
 * refused, never skipped.
 */
import { resourceGraph, unsupported } from '../errors';

export type Row = Record<string, unknown>;

/** A column, and names inside of it. */
type Path = readonly string[];

interface Condition {
  path: Path;
  /** Whether the value at the path meets it. */
  meets(value: unknown): boolean;
}

interface Column {
  name: string;
  path: Path;
  /** Makes what is shown of the value at the path; absent to show it as it is. */
  shows?(value: unknown): unknown;
}

export interface Query {
  table: string;
  where: Condition[];
  /** The columns, or those to group by. Absent for every column. */
  columns?: Column[];
  /** Name of the column that counts the rows of each group. */
  count?: string;
}

/** The conditions on type and id, so that a table need not build rows which the query drops. */
export interface Restriction {
  hasType(type: string): boolean;
  hasId(id: string): boolean;
  /** The columns that the query reads, in lower case; absent when it reads all of them. */
  columns?: ReadonlySet<string>;
}

/** The rows of a table that meet a restriction, made one by one as they are asked for, and their columns. */
export interface Table {
  columns: readonly string[];
  rows: Iterable<Row>;
}

const NAME = '[A-Za-z_]\\w*';
const PATH = `${NAME}(?:\\.${NAME})*`;
const TEXT = "'[^'\\\\]*'";
const expression = (source: string) => new RegExp(`^${source}$`, 'i');

/** A path, or the text of what is there. */
const VALUE = `(?:${PATH}|tostring\\(${PATH}\\))`;
const TEXTS = `\\(\\s*(${TEXT}(?:\\s*,\\s*${TEXT})*)\\s*\\)`;

const EQUALS = expression(`(${VALUE})\\s*(=~|==)\\s*(${TEXT})`);
const ONE_OF = expression(`(${VALUE})\\s+in~\\s*${TEXTS}`);
const CONTAINS = expression(`(${VALUE})\\s+(contains|has)\\s+(${TEXT})`);
const HAS_ANY = expression(`(${VALUE})\\s+has_any\\s*${TEXTS}`);
const NOT_EMPTY = expression(`isnotempty\\((${VALUE})\\)`);
const PARTITION = expression(
  `hash\\(tolower\\((${VALUE})\\)\\)\\s*%\\s*(\\d+)\\s*==\\s*(\\d+)`,
);
const COLUMN = expression(`(?:(${NAME})\\s*=\\s*)?(${PATH})`);
const TEXT_COLUMN = expression(
  `(${NAME})\\s*=\\s*(?:tolower\\((${VALUE})\\)|tostring\\((${PATH})\\))`,
);
const COUNT = expression(
  `(?:(${NAME})\\s*=\\s*)?count\\(\\)(?:\\s+by\\s+(.+))?`,
);

const notRun = (part: string) => unsupported.feature(`'${part}' in KQL`);
const invalid = (code: string, message: string) =>
  resourceGraph.invalidQuery(code, message);

/** The path of a `VALUE`. */
const pathOf = (value: string): Path =>
  value.replace(/^tostring\((.*)\)$/i, '$1').split('.');

const textsIn = (quoted: string) =>
  [...quoted.matchAll(/'([^']*)'/g)].map(([, text]) => text);

/** Parses a query. */
export function parseQuery(text: string): Query {
  const [table, ...operators] = text.split('|').map(part => part.trim());
  if (!expression(NAME).test(table)) {
    throw invalid('ParserFailure', `'${table}' is not the name of a table.`);
  }
  const query: Query = { table, where: [] };
  for (const operator of operators) {
    const [, word, rest] = /^([a-z]+)\s*(.*)$/is.exec(operator) ?? [];
    if (!word || !rest) {
      throw invalid('ParserFailure', `Cannot read '${operator}'.`);
    }
    // What the conditions and columns after a projection are about is not followed.
    if (query.columns) throw notRun(`${operator}, after the columns`);
    switch (word.toLowerCase()) {
      case 'where':
        query.where.push(...rest.split(/\s+and\s+/i).map(conditionOf));
        break;
      case 'project':
        query.columns = columnsOf(rest);
        break;
      case 'summarize': {
        const [, name, by] = COUNT.exec(rest) ?? [];
        if (!COUNT.test(rest)) throw notRun(operator);
        query.columns = by ? columnsOf(by) : [];
        checkGroupKeys(query.columns);
        query.count = name ?? 'count_';
        break;
      }
      default:
        throw unsupported.feature(`the KQL operator '${word}'`);
    }
  }
  return query;
}

function conditionOf(text: string): Condition {
  const equals = EQUALS.exec(text);
  if (equals) {
    const [, path, operator, quoted] = equals;
    const [wanted] = textsIn(quoted);
    return operator === '=='
      ? { path: pathOf(path), meets: value => textOf(value) === wanted }
      : oneOf(path, [wanted]);
  }
  const list = ONE_OF.exec(text);
  if (list) return oneOf(list[1], textsIn(list[2]));
  const contains = CONTAINS.exec(text);
  if (contains) {
    const [, value, operator, quoted] = contains;
    const [part] = textsIn(quoted);
    return operator.toLowerCase() === 'has'
      ? hasAny(value, [part])
      : {
          path: pathOf(value),
          meets: found =>
            textOf(found).toLowerCase().includes(part.toLowerCase()),
        };
  }
  const terms = HAS_ANY.exec(text);
  if (terms) return hasAny(terms[1], textsIn(terms[2]));
  const notEmpty = NOT_EMPTY.exec(text);
  if (notEmpty) {
    return { path: pathOf(notEmpty[1]), meets: found => textOf(found) !== '' };
  }
  const partition = PARTITION.exec(text);
  if (!partition) throw notRun(text);
  const [, value, count, index] = partition;
  return {
    path: pathOf(value),
    meets: found =>
      hashOf(textOf(found).toLowerCase()) % Number(count) === Number(index),
  };
}

function oneOf(path: string, texts: string[]): Condition {
  const wanted = new Set(texts.map(text => text.toLowerCase()));
  return {
    path: pathOf(path),
    meets: value => wanted.has(textOf(value).toLowerCase()),
  };
}

/** One of the texts is there, without case, and no word goes on before or after it. */
function hasAny(value: string, texts: string[]): Condition {
  const terms = texts.map(
    text =>
      new RegExp(
        `(?<![a-z0-9](?=[a-z0-9]))${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!(?<=[a-z0-9])[a-z0-9])`,
        'i',
      ),
  );
  return {
    path: pathOf(value),
    meets: found => terms.some(term => term.test(textOf(found))),
  };
}

/** A column without a name gets its path with underscores, as Kusto names it. */
function columnsOf(text: string): Column[] {
  return text.split(',').map(part => {
    const [, named, lower, plain] = TEXT_COLUMN.exec(part.trim()) ?? [];
    if (named) {
      return {
        name: named,
        path: pathOf(lower ?? plain),
        shows: value => (lower ? textOf(value).toLowerCase() : textOf(value)),
      };
    }
    const [, name, path] = COLUMN.exec(part.trim()) ?? [];
    if (!path) throw notRun(part.trim());
    return { name: name ?? path.replaceAll('.', '_'), path: pathOf(path) };
  });
}

/** Kusto groups by no dynamic value: a member of an object has to be made a text first. */
function checkGroupKeys(keys: readonly Column[]) {
  const dynamic = keys.find(({ path, shows }) => path.length > 1 && !shows);
  if (dynamic) {
    throw invalid(
      'SemanticError',
      `Summarize group key '${dynamic.name}' is of a 'dynamic' type. Please use an explicit cast as grouping by a 'dynamic' type is not supported.`,
    );
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** FNV-1a. Kusto has another function; queries only need that a text always has the same number. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The value at a path. Names of columns and members are found without case. */
function valueAt(path: Path, row: Row): unknown {
  return path.reduce<unknown>((of, name) => {
    if (typeof of !== 'object' || of === null || Array.isArray(of)) return null;
    if (Object.hasOwn(of, name)) return (of as Row)[name] ?? null;
    const found = Object.keys(of).find(
      key => key.toLowerCase() === name.toLowerCase(),
    );
    return found === undefined ? null : ((of as Row)[found] ?? null);
  }, row);
}

/**
 * Runs a parsed query.
 *
 * @param tables - the table of a name in lower case; undefined when there is none
 */
export function runQuery(
  query: Query,
  tables: (name: string, restriction: Restriction) => Table | undefined,
): Row[] {
  const { where, columns, count } = query;
  const of = (column: string) =>
    where.filter(
      ({ path }) => path.length === 1 && path[0].toLowerCase() === column,
    );
  const [ofType, ofId] = [of('type'), of('id')];
  const others = where.filter(each => ![...ofType, ...ofId].includes(each));
  const paths = [...others, ...(columns ?? [])].map(({ path }) => path);
  const table = tables(query.table.toLowerCase(), {
    hasType: type => ofType.every(each => each.meets(type)),
    hasId: id => ofId.every(each => each.meets(id)),
    ...(columns && {
      columns: new Set(paths.map(([column]) => column.toLowerCase())),
    }),
  });
  if (!table) throw resourceGraph.unknownTable(query.table);
  checkColumns('where', where, table);
  checkColumns(
    count === undefined ? 'project' : 'summarize',
    columns ?? [],
    table,
  );
  const rows: Row[] = [];
  const counts = new Map<string, number>();
  for (const row of table.rows) {
    if (!others.every(({ path, meets }) => meets(valueAt(path, row)))) continue;
    const shown = columns
      ? Object.fromEntries(
          columns.map(({ name, path, shows }) => {
            const value = valueAt(path, row);
            return [name, shows ? shows(value) : value];
          }),
        )
      : row;
    if (count === undefined) rows.push(shown);
    else {
      const group = JSON.stringify(shown);
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
  }
  if (count === undefined) return rows;
  if (columns?.length === 0 && counts.size === 0) return [{ [count]: 0 }];
  return [...counts].map(([group, number]) => ({
    ...JSON.parse(group),
    [count]: number,
  }));
}

/** Refuses a column that is not there, as Kusto does before it looks at any row. */
function checkColumns(
  operator: string,
  named: readonly { path: Path }[],
  { columns }: Table,
) {
  const known = columns.map(column => column.toLowerCase());
  for (const { path } of named) {
    if (!known.includes(path[0].toLowerCase())) {
      throw invalid(
        'SemanticError',
        `'${operator}' operator: Failed to resolve column or scalar expression named '${path[0]}'`,
      );
    }
  }
}
