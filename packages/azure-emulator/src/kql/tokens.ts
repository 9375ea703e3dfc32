import { parseDuration } from '../durations';
import { AzureError } from '../errors';

export type Token =
  | { kind: 'name'; text: string }
  | { kind: 'string'; text: string }
  | { kind: 'number'; value: number }
  /** `1d`, `90m`, … in milliseconds. */
  | { kind: 'span'; ms: number }
  | { kind: 'sign'; text: string }
  | { kind: 'end' };

const TOKEN =
  /\s+|\/\/[^\n]*|datetime\(\s*(\d[^)'"]*?)\s*\)|(\d+(?:\.\d+)?)(d|h|m|s)?(?![\w])|(!?(?:in~|[A-Za-z_$][\w$]*(?:-[A-Za-z]+(?=\s))?))|h?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|@'([^']*)'|@"([^"]*)")|(==|=~|!=|!~|<=|>=|=>|[|,.()[\]<>=+\-*/%:;])/gy;

/** The spans of KQL, each as the ISO duration that it stands for. */
const SPANS: Record<string, (count: string) => string> = {
  d: count => `P${count}D`,
  h: count => `PT${count}H`,
  m: count => `PT${count}M`,
  s: count => `PT${count}S`,
};

/** The operators whose names have a hyphen; elsewhere a hyphen is a minus. */
const HYPHENATED = [
  'project-away',
  'project-keep',
  'project-rename',
  'project-reorder',
  'mv-expand',
  'mv-apply',
  'make-series',
];

export function invalidQuery(message: string): AzureError {
  return new AzureError(
    400,
    'BadRequest',
    `Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying. ${message}`,
  );
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
    const [whole, date, digits, unit, name, single, double, raw1, raw2, sign] =
      match;
    if (date !== undefined) {
      tokens.push({ kind: 'string', text: date });
    } else if (digits !== undefined) {
      tokens.push(
        unit
          ? { kind: 'span', ms: parseDuration(SPANS[unit](digits)) ?? 0 }
          : { kind: 'number', value: Number(digits) },
      );
    } else if (name !== undefined) {
      TOKEN.lastIndex = at + nameLength(name);
      tokens.push({ kind: 'name', text: name.slice(0, nameLength(name)) });
    } else if (sign !== undefined) {
      tokens.push({ kind: 'sign', text: sign });
    } else if (whole.trim() && !whole.startsWith('//')) {
      const text = single ?? double;
      tokens.push({
        kind: 'string',
        text: text === undefined ? (raw1 ?? raw2) : unescape(text),
      });
    }
  }
  tokens.push({ kind: 'end' });
  return tokens;
}

function nameLength(name: string): number {
  const hyphen = name.indexOf('-');
  return hyphen < 0 || HYPHENATED.includes(name.toLowerCase())
    ? name.length
    : hyphen;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_all, letter: string) => {
    const known: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
    return known[letter] ?? letter;
  });
}
