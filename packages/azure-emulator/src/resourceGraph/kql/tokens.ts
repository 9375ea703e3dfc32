import { AzureError, resourceGraph } from '../../errors';

export type Token =
  | { kind: 'name'; text: string }
  | { kind: 'string'; text: string }
  | { kind: 'number'; value: number }
  | { kind: 'sign'; text: string }
  | { kind: 'end' };

const TOKEN =
  /\s+|(\d+)(?!\w)|(!?(?:in~|[A-Za-z_]\w*))|'((?:[^'\\]|\\.)*)'|(==|=~|!=|!~|[|,.()=%])/gy;

export function invalidQuery(message: string): AzureError {
  return resourceGraph.invalidQuery('ParserFailure', message);
}

export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(query);
    if (!match) {
      throw invalidQuery(`Cannot read '${query.slice(at, at + 20)}'.`);
    }
    const [, digits, name, text, sign] = match;
    if (digits !== undefined) {
      tokens.push({ kind: 'number', value: Number(digits) });
    } else if (name !== undefined) {
      tokens.push({ kind: 'name', text: name });
    } else if (text !== undefined) {
      tokens.push({ kind: 'string', text: text.replace(/\\(.)/g, '$1') });
    } else if (sign !== undefined) {
      tokens.push({ kind: 'sign', text: sign });
    }
  }
  tokens.push({ kind: 'end' });
  return tokens;
}
