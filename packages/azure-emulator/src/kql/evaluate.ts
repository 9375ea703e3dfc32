import { unsupported } from '../errors';
import { Expression } from './ast';
import { modulo, xxHash64 } from './hash';

export type Row = Record<string, unknown>;

const text = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
const lower = (value: unknown) => text(value).toLowerCase();
const isMissing = (value: unknown) => value === null || value === undefined;

const FUNCTIONS: Record<string, (args: unknown[], now: number) => unknown> = {
  not: ([value]) => value !== true,
  tolower: ([value]) => lower(value),
  toupper: ([value]) => text(value).toUpperCase(),
  tostring: ([value]) => text(value),
  toint: ([value]) => toInteger(value),
  tolong: ([value]) => toInteger(value),
  tobool: ([value]) => toBoolean(value),
  todatetime: ([value]) => (isMissing(value) ? null : value),
  datetime: ([value]) => (isMissing(value) ? null : value),
  hash: ([value, size]) => {
    const hash = xxHash64(text(value));
    return isMissing(size) ? hash : remainder(hash, size);
  },
  todynamic: ([value]) => parse(value),
  parse_json: ([value]) => parse(value),
  dynamic: ([value]) => value,
  isnull: ([value]) => isMissing(value),
  isnotnull: ([value]) => !isMissing(value),
  isempty: ([value]) => text(value) === '',
  isnotempty: ([value]) => text(value) !== '',
  strcat: args => args.map(text).join(''),
  strlen: ([value]) => text(value).length,
  split: ([value, separator]) => text(value).split(text(separator)),
  substring: ([value, from, length]) =>
    text(value).substr(
      Number(from),
      length === undefined ? undefined : Number(length),
    ),
  replace_string: ([value, from, to]) =>
    text(value).split(text(from)).join(text(to)),
  coalesce: args =>
    args.find(value => !isMissing(value) && value !== '') ?? null,
  iff: ([condition, yes, no]) => (condition === true ? yes : no),
  iif: ([condition, yes, no]) => (condition === true ? yes : no),
  array_length: ([value]) => (Array.isArray(value) ? value.length : null),
  bag_keys: ([value]) =>
    typeof value === 'object' && value !== null ? Object.keys(value) : null,
  now: (_args, now) => new Date(now).toISOString(),
  ago: ([span], now) => new Date(now - Number(span)).toISOString(),
};

/** The value of an expression in a row. Names of columns and members are found without case. */
export function evaluate(
  expression: Expression,
  row: Row,
  now: number,
): unknown {
  const value = (inner: Expression) => evaluate(inner, row, now);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'column':
      return member(row, expression.name);
    case 'member':
      return member(value(expression.of), value(expression.name));
    case 'call':
      return FUNCTIONS[expression.name](expression.args.map(value), now);
    case 'in':
      return isIn(
        expression.operator,
        value(expression.left),
        expression.list.map(value),
      );
    case 'binary':
      return binary(expression.operator, value(expression.left), () =>
        value(expression.right),
      );
    default:
      throw new Error(`No value for ${expression satisfies never}`);
  }
}

export function member(of: unknown, name: unknown): unknown {
  if (Array.isArray(of)) {
    const index = Number(name);
    return of[index < 0 ? of.length + index : index] ?? null;
  }
  if (typeof of !== 'object' || of === null) {
    return null;
  }
  const wanted = text(name);
  if (Object.hasOwn(of, wanted)) {
    return (of as Row)[wanted] ?? null;
  }
  const found = Object.keys(of).find(
    key => key.toLowerCase() === wanted.toLowerCase(),
  );
  return found === undefined ? null : ((of as Row)[found] ?? null);
}

function binary(
  operator: string,
  left: unknown,
  right: () => unknown,
): unknown {
  switch (operator) {
    case 'and':
      return left === true && right() === true;
    case 'or':
      return left === true || right() === true;
    case '==':
      return text(left) === text(right());
    case '!=':
      return text(left) !== text(right());
    case '=~':
      return lower(left) === lower(right());
    case '!~':
      return lower(left) !== lower(right());
    case '<':
      return compare(left, right()) < 0;
    case '>':
      return compare(left, right()) > 0;
    case '<=':
      return compare(left, right()) <= 0;
    case '>=':
      return compare(left, right()) >= 0;
    case 'matches':
      return new RegExp(text(right())).test(text(left));
    case 'contains_cs':
      return text(left).includes(text(right()));
    case '+':
    case '-':
    case '*':
    case '/':
      return calculate(operator, left, right());
    case '%':
      return remainder(left, right());
    default:
      return word(operator, lower(left), lower(right()));
  }
}

function word(operator: string, left: string, right: string): boolean {
  switch (operator) {
    case 'contains':
      return left.includes(right);
    case 'has':
      return left
        .split(/[^a-z0-9]+/)
        .join(' ')
        .includes(right.split(/[^a-z0-9]+/).join(' '));
    case 'startswith':
      return left.startsWith(right);
    case 'endswith':
      return left.endsWith(right);
    case '!contains':
    case '!has':
    case '!startswith':
    case '!endswith':
      return !word(operator.slice(1), left, right);
    default:
      throw unsupported.feature(`the KQL comparison '${operator}'`);
  }
}

function isIn(operator: string, left: unknown, list: unknown[]): boolean {
  const flat = list.flat();
  switch (operator) {
    case 'in':
      return flat.some(item => text(item) === text(left));
    case 'in~':
      return flat.some(item => lower(item) === lower(left));
    case 'has_any':
      return flat.some(item => word('has', lower(left), lower(item)));
    case '!in':
    case '!in~':
      return !isIn(operator.slice(1), left, list);
    default:
      throw unsupported.feature(`the KQL comparison '${operator}'`);
  }
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]|$)/;

/** Dates count as their milliseconds, when the other side is a number of them or a date too. */
const numeric = (value: unknown): number => {
  if (typeof value === 'number') return value;
  const written = text(value);
  if (DATE.test(written)) return Date.parse(written);
  return Number(written || NaN);
};

export function compare(left: unknown, right: unknown): number {
  const [a, b] = [numeric(left), numeric(right)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const [x, y] = [lower(left), lower(right)];
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

function calculate(operator: string, left: unknown, right: unknown): unknown {
  const [a, b] = [numeric(left), numeric(right)];
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return a / b;
  }
}

function remainder(value: unknown, by: unknown): number | null {
  const whole = typeof value === 'bigint' ? value : toInteger(value);
  const size = toInteger(by);
  return whole === null || !size ? null : modulo(BigInt(whole), BigInt(size));
}

function toInteger(value: unknown): number | null {
  const number = Number(text(value) || NaN);
  return Number.isNaN(number) ? null : Math.trunc(number);
}

function toBoolean(value: unknown): boolean | null {
  if (/^(true|1)$/i.test(text(value))) return true;
  return /^(false|0)$/i.test(text(value)) ? false : null;
}

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * Refuses an unsupported function before any row is evaluated: an empty table, or an `and` whose left
 * side is false, would hide it.
 */
export function checkFunctions(expression: Expression) {
  switch (expression.kind) {
    case 'literal':
    case 'column':
      return;
    case 'member':
      checkFunctions(expression.of);
      checkFunctions(expression.name);
      return;
    case 'call':
      if (!Object.hasOwn(FUNCTIONS, expression.name)) {
        throw unsupported.feature(`the KQL function '${expression.name}'`);
      }
      expression.args.forEach(checkFunctions);
      return;
    case 'in':
      checkFunctions(expression.left);
      expression.list.forEach(checkFunctions);
      return;
    case 'binary':
      checkFunctions(expression.left);
      checkFunctions(expression.right);
      return;
    default:
      throw new Error(`No check for ${expression satisfies never}`);
  }
}
