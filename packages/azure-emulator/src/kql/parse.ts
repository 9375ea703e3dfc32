import { unsupported } from '../errors';
import { Expression, JoinKey, JoinKind, Named, Operator, Query } from './ast';
import { ExpressionParser } from './parseExpression';
import { invalidQuery, tokenize } from './tokens';

const JOIN_KINDS: JoinKind[] = ['inner', 'leftouter', 'innerunique'];

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
      case 'filter':
        return { kind: 'where', condition: this.expression() };
      case 'project':
        return { kind: 'project', columns: this.columns() };
      case 'project-away':
        return { kind: 'project-away', names: this.names() };
      case 'project-keep':
        return { kind: 'project-keep', names: this.names() };
      case 'project-rename':
        return { kind: 'project-rename', columns: this.columns() };
      case 'extend':
        return { kind: 'extend', columns: this.columns() };
      case 'order':
      case 'sort':
        return { kind: 'order', by: this.order() };
      case 'take':
      case 'limit':
        return { kind: 'take', count: this.number() };
      case 'top': {
        const count = this.number();
        const by = this.order();
        return { kind: 'top', count, by };
      }
      case 'count':
        return { kind: 'count' };
      case 'distinct':
        return { kind: 'distinct', columns: this.columns() };
      case 'summarize':
        return this.summarize();
      case 'mv-expand':
        return this.expand();
      case 'join':
        return this.join();
      case 'union':
        return { kind: 'union', others: this.union() };
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

  private names(): string[] {
    return this.list(() => this.name());
  }

  private order() {
    this.word('by');
    return this.list(() => {
      const expression = this.expression();
      // The default order is descending, unlike SQL's.
      const descending = !this.wordIf('asc') && (this.wordIf('desc') || true);
      if (this.wordIf('nulls')) this.name();
      return { expression, descending };
    });
  }

  private summarize(): Operator {
    const aggregates = this.isWord('by') ? [] : this.columns();
    const by = this.wordIf('by') ? this.columns() : [];
    return { kind: 'summarize', aggregates, by };
  }

  private expand(): Operator {
    const { name, expression } = this.named();
    return { kind: 'mv-expand', name, expression };
  }

  private union(): Query[] {
    return this.list(() => {
      if (!this.takeIf('(')) return { table: this.name(), operators: [] };
      const other = this.query();
      this.take(')');
      return other;
    });
  }

  private join(): Operator {
    let join: JoinKind = 'innerunique';
    if (this.wordIf('kind')) {
      this.take('=');
      const asked = this.name().toLowerCase();
      const known = JOIN_KINDS.find(kind => kind === asked);
      if (!known) {
        throw unsupported.feature(`the join kind '${asked}'`);
      }
      join = known;
    }
    this.take('(');
    const right = this.query();
    this.take(')');
    this.word('on');
    return { kind: 'join', join, right, on: this.list(() => this.joinKey()) };
  }

  /** `name`, or `$left.a == $right.b` in either order. */
  private joinKey(): JoinKey {
    const [first, firstSide] = this.side();
    if (!firstSide) {
      return { left: first, right: first };
    }
    this.take('==');
    const [second] = this.side();
    return firstSide === 'left'
      ? { left: first, right: second }
      : { left: second, right: first };
  }

  private side(): [string, 'left' | 'right' | undefined] {
    const name = this.name();
    const side = /^\$(left|right)$/i.exec(name)?.[1].toLowerCase();
    if (!side) return [name, undefined];
    this.take('.');
    return [this.name(), side as 'left' | 'right'];
  }
}

/** The name that Kusto gives to an unnamed column: the path with underscores. */
function nameOf(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return expression.name;
    case 'member':
      return `${nameOf(expression.of)}_${
        expression.name.kind === 'literal' ? expression.name.value : ''
      }`;
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
  parser.takeIf(';');
  if (!parser.atEnd()) {
    throw invalidQuery(`Unexpected '${parser.here()}'.`);
  }
  return query;
}
