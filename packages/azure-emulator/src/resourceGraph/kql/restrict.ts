import { Expression, Operator, Query } from './ast';
import { expressionsOf } from './columns';
import { hashOfId, modulo } from './hash';

/**
 * The conditions on type and id in the first `where` operators of a query. A table need not build rows that the query
 * drops anyway, so that reading one partition does not take the time of the whole fleet.
 */
export interface Restriction {
  /** In lower case. */
  types?: Set<string>;
  /** In lower case. */
  ids?: Set<string>;
  partition?: { count: bigint; index: number };
  /** The columns that the query reads, in lower case; absent when it may read all of them. */
  columns?: Set<string>;
}

/** The restriction, and the operators that remain to be run on the rows that meet it. */
export function restrict({ operators }: Query): {
  restriction: Restriction;
  rest: Operator[];
} {
  const columns = columnsRead(operators);
  const restriction: Restriction = { ...(columns && { columns }) };
  const rest: Operator[] = [];
  const firstOther = operators.findIndex(({ kind }) => kind !== 'where');
  const leading = firstOther < 0 ? operators.length : firstOther;
  for (const operator of operators.slice(0, leading)) {
    const { condition } = operator as Operator & { kind: 'where' };
    const left = conjuncts(condition).filter(
      each => !takeInto(restriction, each),
    );
    if (left.length) {
      rest.push({ kind: 'where', condition: left.reduce(both) });
    }
  }
  return { restriction, rest: [...rest, ...operators.slice(leading)] };
}

export function isWithin(
  { types, ids, partition }: Restriction,
  { id, type }: { id: string; type: string },
): boolean {
  return (
    (!types || types.has(type)) &&
    (!ids || ids.has(id.toLowerCase())) &&
    (!partition || modulo(hashOfId(id), partition.count) === partition.index)
  );
}

/** The columns that are read until an operator makes new rows; undefined when none does. */
function columnsRead(operators: Operator[]): Set<string> | undefined {
  const read = new Set<string>();
  for (const operator of operators) {
    expressionsOf(operator).forEach(each => noteColumns(each, read));
    if (operator.kind !== 'where') return read;
  }
  return undefined;
}

function noteColumns(expression: Expression, into: Set<string>) {
  switch (expression.kind) {
    case 'literal':
      return;
    case 'column':
      into.add(expression.name.toLowerCase());
      return;
    case 'member':
      noteColumns(expression.of, into);
      return;
    case 'call':
      expression.args.forEach(each => noteColumns(each, into));
      return;
    case 'in':
      [expression.left, ...expression.list].forEach(each =>
        noteColumns(each, into),
      );
      return;
    case 'binary':
      noteColumns(expression.left, into);
      noteColumns(expression.right, into);
      return;
    default:
      throw new Error(`No columns of ${expression satisfies never}`);
  }
}

function both(left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator: 'and', left, right };
}

function conjuncts(expression: Expression): Expression[] {
  return expression.kind === 'binary' && expression.operator === 'and'
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression];
}

/** Adds a condition to the restriction; false when it does not fit there. */
function takeInto(restriction: Restriction, condition: Expression): boolean {
  const values = listOf(condition);
  if (values) {
    if (restriction[values.of]) return false;
    restriction[values.of] = values.allowed;
    return true;
  }
  const partition = partitionOf(condition);
  if (!partition || restriction.partition) return false;
  restriction.partition = partition;
  return true;
}

const columnOf = (expression: Expression): 'types' | 'ids' | undefined => {
  if (expression.kind !== 'column') return undefined;
  const columns: Record<string, 'types' | 'ids'> = { type: 'types', id: 'ids' };
  return columns[expression.name.toLowerCase()];
};

/** `type =~ '…'`, `id in~ ('…', …)`. */
function listOf(
  condition: Expression,
): { of: 'types' | 'ids'; allowed: Set<string> } | undefined {
  if (condition.kind !== 'binary' && condition.kind !== 'in') return undefined;
  if (condition.kind === 'binary' && condition.operator !== '=~') {
    return undefined;
  }
  const of = columnOf(condition.left);
  const list = condition.kind === 'in' ? condition.list : [condition.right];
  const texts = list.map(textOf);
  return of && texts.every(text => text !== undefined)
    ? { of, allowed: new Set(texts as string[]) }
    : undefined;
}

function textOf(expression: Expression): string | undefined {
  return expression.kind === 'literal' && typeof expression.value === 'string'
    ? expression.value.toLowerCase()
    : undefined;
}

/** `hash(tolower(id)) % 8 == 3`. */
function partitionOf(condition: Expression): Restriction['partition'] {
  if (condition.kind !== 'binary' || condition.operator !== '==') {
    return undefined;
  }
  const { left } = condition;
  if (left.kind !== 'binary' || left.operator !== '%') return undefined;
  const hash = left.left;
  if (hash.kind !== 'call' || hash.name !== 'hash') return undefined;
  const count = numberOf(left.right);
  const index = numberOf(condition.right);
  return count && index !== undefined && isLowerCaseId(hash.args[0])
    ? { count: BigInt(count), index }
    : undefined;
}

function numberOf(expression: Expression): number | undefined {
  return expression.kind === 'literal' && Number.isInteger(expression.value)
    ? (expression.value as number)
    : undefined;
}

function isLowerCaseId(expression: Expression): boolean {
  return (
    expression.kind === 'call' &&
    expression.name === 'tolower' &&
    columnOf(expression.args[0]) === 'ids'
  );
}
