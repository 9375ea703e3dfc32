import { unsupported } from '../../errors';
import { Expression } from './ast';
import { invalidQuery, Token } from './tokens';

/** Comparisons that KQL has, but not the emulator. */
const OTHERS = /^(!|in$|contains|has|startswith|endswith|matches|between)/;

/** Parses expressions, by steps that the parser of queries uses too. */
export class ExpressionParser {
  private at = 0;

  constructor(private readonly tokens: Token[]) {}

  expression(): Expression {
    let left = this.comparison();
    while (this.wordIf('and')) {
      const right = this.comparison();
      left = { kind: 'binary', operator: 'and', left, right };
    }
    if (this.wordIf('or')) {
      throw unsupported.feature("the KQL operator 'or'");
    }
    return left;
  }

  private comparison(): Expression {
    const left = this.product();
    const start = this.mark();
    const operator = this.comparisonWord();
    if (operator === '==' || operator === '=~') {
      return { kind: 'binary', operator, left, right: this.product() };
    }
    if (operator === 'in~') {
      this.take('(');
      const list = this.list(() => this.expression());
      this.take(')');
      return { kind: 'in', left, list };
    }
    if (OTHERS.test(operator)) {
      throw unsupported.feature(`the KQL comparison '${operator}'`);
    }
    this.back(start);
    return left;
  }

  /** A sign, a word, a word with a `~`, or any of them negated. */
  private comparisonWord(): string {
    const token = this.next();
    if (token.kind === 'sign') return token.text;
    if (token.kind === 'name') return token.text.toLowerCase();
    return '';
  }

  private product(): Expression {
    let left = this.path();
    while (this.takeIf('%')) {
      left = { kind: 'binary', operator: '%', left, right: this.path() };
    }
    return left;
  }

  private path(): Expression {
    let of = this.primary();
    while (this.takeIf('.')) {
      of = { kind: 'member', of, name: this.name() };
    }
    return of;
  }

  private primary(): Expression {
    const token = this.next();
    switch (token.kind) {
      case 'string':
        return { kind: 'literal', value: token.text };
      case 'number':
        return { kind: 'literal', value: token.value };
      case 'name':
        return this.afterName(token.text);
      case 'sign':
        if (token.text === '(') {
          const inner = this.expression();
          this.take(')');
          return inner;
        }
        throw invalidQuery(`Unexpected '${token.text}'.`);
      default:
        throw invalidQuery('The query ends too early.');
    }
  }

  private afterName(name: string): Expression {
    if (this.takeIf('(')) {
      const args = this.takeIf(')') ? [] : this.list(() => this.expression());
      if (args.length) this.take(')');
      return { kind: 'call', name: name.toLowerCase(), args };
    }
    return { kind: 'column', name };
  }

  protected list<T>(one: () => T): T[] {
    const found = [one()];
    while (this.takeIf(',')) found.push(one());
    return found;
  }

  protected next(): Token {
    const token = this.tokens[this.at];
    if (this.at < this.tokens.length - 1) this.at++;
    return token;
  }

  protected mark(): number {
    return this.at;
  }

  protected back(mark: number) {
    this.at = mark;
  }

  atEnd(): boolean {
    return this.tokens[this.at].kind === 'end';
  }

  here(): string {
    const token = this.tokens[this.at];
    return 'text' in token ? token.text : token.kind;
  }

  takeIf(sign: string): boolean {
    const token = this.tokens[this.at];
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.at++;
    return true;
  }

  protected take(sign: string) {
    if (!this.takeIf(sign)) {
      throw invalidQuery(`Expected '${sign}', not '${this.here()}'.`);
    }
  }

  protected isName(): boolean {
    return this.tokens[this.at].kind === 'name';
  }

  protected name(): string {
    const token = this.next();
    if (token.kind !== 'name' && token.kind !== 'string') {
      throw invalidQuery('Expected a name.');
    }
    return token.text;
  }

  protected wordIf(word: string): boolean {
    const token = this.tokens[this.at];
    const isWord = token.kind === 'name' && token.text.toLowerCase() === word;
    if (isWord) this.at++;
    return isWord;
  }
}
