import { unsupported } from '../../errors';
import { Expression, Named, Operator, Query } from './ast';
import { ExpressionParser } from './parseExpression';
import { invalidQuery, tokenize } from './tokens';

class QueryParser extends ExpressionParser {
  query(): Query {
    const table = this.name();
    const operators: Operator[] = [];
    while (this.takeIf('|')) {
      operators.push(this.operator());
    }
    return { table, operators };
  }

  private operator(): Operator {
    const word = this.name().toLowerCase();
    switch (word) {
      case 'where':
        return { kind: 'where', condition: this.expression() };
      case 'project':
        return { kind: 'project', columns: this.columns() };
      case 'summarize':
        return this.summarize();
      default:
        throw unsupported.feature(`the KQL operator '${word}'`);
    }
  }

  private columns(): Named[] {
    return this.list(() => this.named());
  }

  private named(): Named {
    const start = this.mark();
    if (this.isName()) {
      const name = this.name();
      if (this.takeIf('=')) {
        return { name, expression: this.expression() };
      }
      this.back(start);
    }
    const expression = this.expression();
    return { name: nameOf(expression), expression };
  }

  private summarize(): Operator {
    const { name, expression } = this.named();
    if (expression.kind !== 'call' || expression.name !== 'count') {
      throw unsupported.feature(`the KQL aggregate '${nameOf(expression)}'`);
    }
    const by = this.wordIf('by') ? this.columns() : [];
    return { kind: 'summarize', as: name, by };
  }
}

/** The name that Kusto gives to an unnamed column: the path with underscores. */
function nameOf(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return expression.name;
    case 'member':
      return `${nameOf(expression.of)}_${expression.name}`;
    case 'call':
      return `${expression.name}_`;
    default:
      return 'Column1';
  }
}

/** Parses a query; an unsupported operator is refused by name, never skipped. */
export function parseQuery(text: string): Query {
  const parser = new QueryParser(tokenize(text));
  const query = parser.query();
  if (!parser.atEnd()) {
    throw invalidQuery(`Unexpected '${parser.here()}'.`);
  }
  return query;
}
