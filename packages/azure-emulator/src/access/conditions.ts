import { unsupported } from '../errors';

/** The role assignment that is written or removed, to which a condition can refer. */
export interface ConditionRequest {
  roleId?: string;
  principalType?: string;
  principalId?: string;
}

const TOKEN =
  /\s+|(ActionMatches\s*\{\s*'([^']*)'\s*\})|@(Request|Resource)\[Microsoft\.Authorization\/roleAssignments:(\w+)\]\s+(ForAnyOfAnyValues:\w+|StringEqualsIgnoreCase|GuidEquals)\s*\{([^}]*)\}|(AND|OR|&&|\|\|)|([!()])/giy;

type Token =
  | { kind: 'action'; pattern: string }
  | { kind: 'attribute'; attribute: string; values: string[] }
  | { kind: 'and' | 'or' | '!' | '(' | ')' };

function tokens(condition: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < condition.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(condition);
    if (!match) {
      throw unsupported.feature(
        `the condition '${condition.slice(at, at + 40)}'`,
      );
    }
    const [, isAction, pattern, , attribute, , values, joint, sign] = match;
    if (isAction) found.push({ kind: 'action', pattern });
    if (attribute) {
      found.push({
        kind: 'attribute',
        attribute,
        values: values.split(',').map(v => v.trim().replace(/^'|'$/g, '')),
      });
    }
    if (joint) found.push({ kind: /^(and|&&)$/i.test(joint) ? 'and' : 'or' });
    if (sign) found.push({ kind: sign as '!' | '(' | ')' });
  }
  return found;
}

class ConditionParser {
  private at = 0;

  constructor(
    private readonly list: Token[],
    private readonly action: string,
    private readonly request: ConditionRequest,
  ) {}

  whole(): boolean {
    const result = this.anyOf();
    if (this.at !== this.list.length) {
      throw unsupported.feature('this condition');
    }
    return result;
  }

  private anyOf(): boolean {
    let result = this.allOf();
    while (this.list[this.at]?.kind === 'or') {
      this.at++;
      const next = this.allOf();
      result = result || next;
    }
    return result;
  }

  private allOf(): boolean {
    let result = this.one();
    while (this.list[this.at]?.kind === 'and') {
      this.at++;
      const next = this.one();
      result = result && next;
    }
    return result;
  }

  private one(): boolean {
    const token = this.list[this.at++];
    switch (token?.kind) {
      case '!':
        return !this.one();
      case '(': {
        const result = this.anyOf();
        this.at++;
        return result;
      }
      case 'action':
        return token.pattern.toLowerCase() === this.action.toLowerCase();
      case 'attribute':
        return this.hasValue(token.attribute, token.values);
      default:
        throw unsupported.feature('this condition');
    }
  }

  private hasValue(attribute: string, values: string[]): boolean {
    const actual = {
      roledefinitionid: this.request.roleId,
      principaltype: this.request.principalType,
      principalid: this.request.principalId,
    }[attribute.toLowerCase()];
    return (
      actual !== undefined &&
      values.some(value => value.toLowerCase() === actual.toLowerCase())
    );
  }
}

/**
 * Attribute conditions of role assignments, limited to "may assign these roles to this kind of
 * principal": `!(ActionMatches{'a'}) AND … OR (@Request[…:RoleDefinitionId]
 * ForAnyOfAnyValues:GuidEquals {…} AND …)`. Anything else is refused as unsupported.
 */
export function conditionAllows(
  condition: string,
  action: string,
  request: ConditionRequest,
): boolean {
  const parser = new ConditionParser(tokens(condition), action, request);
  return parser.whole();
}
