import { unsupported } from '../../errors';
import { Expression } from './ast';
import { modulo, xxHash64 } from './hash';

export type Row = Record<string, unknown>;

const text = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
const lower = (value: unknown) => text(value).toLowerCase();

const FUNCTIONS: Record<string, (args: unknown[]) => unknown> = {
  tolower: ([value]) => lower(value),
  tostring: ([value]) => text(value),
  hash: ([value, size]) => {
    const hash = xxHash64(text(value));
    return size === undefined ? hash : remainder(hash, size);
  },
};

/** The value of an expression in a row. Names of columns and members are found without case. */
export function evaluate(expression: Expression, row: Row): unknown {
  const value = (inner: Expression) => evaluate(inner, row);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'column':
      return member(row, expression.name);
    case 'member':
      return member(value(expression.of), value(expression.name));
    case 'call':
      return FUNCTIONS[expression.name](expression.args.map(value));
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

function member(of: unknown, name: unknown): unknown {
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
    case '%':
      return remainder(left, right());
    default:
      throw unsupported.feature(`the KQL comparison '${operator}'`);
  }
}

function isIn(operator: string, left: unknown, list: unknown[]): boolean {
  switch (operator) {
    case 'in':
      return list.some(item => text(item) === text(left));
    case 'in~':
      return list.some(item => lower(item) === lower(left));
    default:
      return !isIn(operator.slice(1), left, list);
  }
}

export function compare(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') {
    return left - right;
  }
  const [a, b] = [lower(left), lower(right)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
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
