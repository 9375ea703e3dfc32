import { unsupported } from '../../errors';
import { Expression } from './ast';
import { modulo, xxHash64 } from './hash';

export type Row = Record<string, unknown>;

const text = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
const lower = (value: unknown) => text(value).toLowerCase();

/** Functions of one argument. */
const FUNCTIONS: Record<string, (value: unknown) => unknown> = {
  tolower: lower,
  tostring: text,
  hash: value => xxHash64(text(value)),
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
      return member(value(expression.of), expression.name);
    case 'call':
      return FUNCTIONS[expression.name](value(expression.args[0]));
    case 'in': {
      const left = lower(value(expression.left));
      return expression.list.some(item => lower(value(item)) === left);
    }
    case 'binary':
      return binary(expression.operator, value(expression.left), () =>
        value(expression.right),
      );
    default:
      throw new Error(`No value for ${expression satisfies never}`);
  }
}

function member(of: unknown, name: string): unknown {
  if (typeof of !== 'object' || of === null || Array.isArray(of)) {
    return null;
  }
  if (Object.hasOwn(of, name)) {
    return (of as Row)[name] ?? null;
  }
  const found = Object.keys(of).find(
    key => key.toLowerCase() === name.toLowerCase(),
  );
  return found === undefined ? null : ((of as Row)[found] ?? null);
}

function binary(
  operator: (Expression & { kind: 'binary' })['operator'],
  left: unknown,
  right: () => unknown,
): unknown {
  switch (operator) {
    case 'and':
      return left === true && right() === true;
    case '==':
      return text(left) === text(right());
    case '=~':
      return lower(left) === lower(right());
    case '%':
      return remainder(left, right());
    default:
      throw new Error(`No value of ${operator satisfies never}`);
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
      return;
    case 'call': {
      const { name, args } = expression;
      if (!Object.hasOwn(FUNCTIONS, name) || args.length !== 1) {
        throw unsupported.feature(
          `the KQL function '${name}' with ${args.length} argument(s)`,
        );
      }
      args.forEach(checkFunctions);
      return;
    }
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
