import { arm } from '../errors';
import { same } from '../ids';
import type { TypedResource } from './resources';

type Test = (resource: TypedResource, identity: () => unknown) => boolean;

const TOKEN =
  /\s*(?:(\()|(\))|(and|or|not)\b|(substringof\(\s*'([^']*)'\s*,\s*(\w+)\s*\))|(startswith\(\s*(\w+)\s*,\s*'([^']*)'\s*\))|([\w/]+)\s+(eq|ne)\s+'((?:[^']|'')*)')\s*/iy;

type Token =
  | { kind: '(' | ')' | 'and' | 'or' | 'not' }
  | { kind: 'test'; test: Test };

/** A tag with its value, which two tests on their own could not find. */
const TAG_PAIR =
  /\s*tagName\s+eq\s+'([^']*)'\s+and\s+tagValue\s+eq\s+'([^']*)'\s*/iy;

/** Fields of which no resource here has a value, so that nothing is equal to them. */
const NEVER_SET = [
  'plan',
  'plan/publisher',
  'plan/product',
  'plan/name',
  'plan/version',
  'plan/promotioncode',
];

function tokensOf(filter: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    TAG_PAIR.lastIndex = at;
    const pair = TAG_PAIR.exec(filter);
    TOKEN.lastIndex = at;
    const match = pair ?? TOKEN.exec(filter);
    if (!match) throw arm.invalidFilter(filter);
    found.push(pair ? tagPair(pair) : tokenOf(filter, match));
    at += match[0].length;
  }
  return found;
}

function tagPair([, tagName, tagValue]: RegExpExecArray): Token {
  return {
    kind: 'test',
    test: ({ doc }) =>
      Object.entries(doc.tags).some(
        ([name, value]) => same(name, tagName) && value === tagValue,
      ),
  };
}

function tokenOf(filter: string, match: RegExpExecArray): Token {
  const [, open, close, joint, substring, part, partField] = match;
  const [, , , , , , , starts, startField, prefix, field, operator, value] =
    match;
  if (open) return { kind: '(' };
  if (close) return { kind: ')' };
  if (joint) return { kind: joint.toLowerCase() as 'and' };
  if (substring) {
    return test(filter, partField, actual =>
      actual.toLowerCase().includes(part.toLowerCase()),
    );
  }
  if (starts) {
    return test(filter, startField, actual =>
      actual.toLowerCase().startsWith(prefix.toLowerCase()),
    );
  }
  const expected = value.replace(/''/g, "'");
  const equal = test(filter, field, actual => same(actual, expected));
  return /ne/i.test(operator)
    ? { kind: 'test', test: (...args) => !equal.test(...args) }
    : equal;
}

/** A test that some value of the field passes; a tag has the values of all tags. */
function test(
  filter: string,
  field: string,
  passes: (actual: string) => boolean,
): { kind: 'test'; test: Test } {
  const values = valuesOf(filter, field);
  return { kind: 'test', test: (...args) => values(...args).some(passes) };
}

function valuesOf(
  filter: string,
  field: string,
): (resource: TypedResource, identity: () => unknown) => string[] {
  const name = field.toLowerCase();
  switch (name) {
    case 'resourcetype':
      return ({ type }) => [type];
    case 'name':
      return ({ doc }) => [doc.name];
    case 'resourcegroup':
      return ({ doc }) => [doc.group];
    case 'location':
      return ({ doc }) => [doc.location];
    case 'tagname':
      return ({ doc }) => Object.keys(doc.tags);
    case 'tagvalue':
      return ({ doc }) => Object.values(doc.tags);
    case 'identity':
    case 'identity/principalid':
      return (_resource, identity) => {
        const { principalId } = (identity() ?? {}) as { principalId?: string };
        return principalId ? [principalId] : [];
      };
    default:
      if (NEVER_SET.includes(name)) return () => [];
      throw arm.invalidFilter(filter);
  }
}

/** Recursive descent: `or` of `and` of tests. */
class FilterParser {
  private at = 0;

  constructor(
    private readonly filter: string,
    private readonly tokens: Token[],
  ) {}

  whole(): Test {
    const result = this.anyOf();
    if (this.at !== this.tokens.length) throw arm.invalidFilter(this.filter);
    return result;
  }

  private anyOf(): Test {
    let left = this.allOf();
    while (this.tokens[this.at]?.kind === 'or') {
      this.at++;
      const first = left;
      const second = this.allOf();
      left = (...args) => first(...args) || second(...args);
    }
    return left;
  }

  private allOf(): Test {
    let left = this.one();
    while (this.tokens[this.at]?.kind === 'and') {
      this.at++;
      const first = left;
      const second = this.one();
      left = (...args) => first(...args) && second(...args);
    }
    return left;
  }

  private one(): Test {
    const token = this.tokens[this.at++];
    switch (token?.kind) {
      case 'test':
        return token.test;
      case 'not': {
        const inner = this.one();
        return (...args) => !inner(...args);
      }
      case '(': {
        const inner = this.anyOf();
        if (this.tokens[this.at++]?.kind !== ')') {
          throw arm.invalidFilter(this.filter);
        }
        return inner;
      }
      default:
        throw arm.invalidFilter(this.filter);
    }
  }
}

/**
 * The `$filter` of resource lists: `eq` and `ne` on name, type, group, location, identity and tags,
 * `substringof` and `startswith`, joined by `and`, `or`, `not` and parentheses.
 */
export function readResourceFilter(filter: string): Test {
  if (!filter.trim()) return () => true;
  const parser = new FilterParser(filter, tokensOf(filter));
  return parser.whole();
}
