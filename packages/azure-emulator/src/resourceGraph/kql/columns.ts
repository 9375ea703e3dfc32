import { resourceGraph } from '../../errors';
import { Expression, Named, Operator } from './ast';

const namesOf = (names: readonly string[]) =>
  new Set(names.map(name => name.toLowerCase()));

/**
 * Refuses a query that names a column which is not there, as Kusto does before it looks at any row. Names
 * inside of a `dynamic` column are not columns: they are null where they are missing.
 */
export function checkColumns(
  operators: readonly Operator[],
  ofTable: readonly string[],
) {
  let known = namesOf(ofTable);
  for (const operator of operators) {
    for (const expression of expressionsOf(operator)) {
      check(expression, { known, operator: operator.kind });
    }
    known = columnsAfter(operator) ?? known;
  }
}

/** The expressions of an operator. */
export function expressionsOf(operator: Operator): Expression[] {
  const of = (named: Named[]) => named.map(({ expression }) => expression);
  switch (operator.kind) {
    case 'where':
      return [operator.condition];
    case 'project':
      return of(operator.columns);
    case 'summarize':
      return of(operator.by);
    default:
      throw new Error(`No expressions of ${operator satisfies never}`);
  }
}

/** The columns that an operator makes; undefined when it leaves them as they are. */
function columnsAfter(operator: Operator): Set<string> | undefined {
  switch (operator.kind) {
    case 'project':
      return namesOf(operator.columns.map(({ name }) => name));
    case 'summarize':
      return namesOf([...operator.by.map(({ name }) => name), operator.as]);
    default:
      return undefined;
  }
}

interface Scope {
  /** In lower case. */
  known: ReadonlySet<string>;
  /** The operator that is checked. */
  operator: string;
}

function check(expression: Expression, scope: Scope): void {
  const all = (...inner: Expression[]) =>
    inner.forEach(each => check(each, scope));
  switch (expression.kind) {
    case 'literal':
      return;
    case 'column':
      if (!scope.known.has(expression.name.toLowerCase())) {
        throw resourceGraph.invalidQuery(
          'SemanticError',
          `'${scope.operator}' operator: Failed to resolve column or scalar expression named '${expression.name}'`,
        );
      }
      return;
    case 'member':
      all(expression.of);
      return;
    case 'call':
      all(...expression.args);
      return;
    case 'in':
      all(expression.left, ...expression.list);
      return;
    case 'binary':
      all(expression.left, expression.right);
      return;
    default:
      throw new Error(`No check for ${expression satisfies never}`);
  }
}
