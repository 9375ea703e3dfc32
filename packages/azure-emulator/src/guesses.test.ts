import fs from 'node:fs';
import path from 'node:path';

const UNIT = '(?:SECOND|MINUTE|HOUR|DAY|MONTH|YEAR)(?:S|_MS)?';
const UNIT_AT_END =
  '(?:_MS|_SECONDS|_MINUTES|_HOURS|_DAYS|Ms|[sS]econds|[mM]inutes|[hH]ours|[dD]ays|[dD]elay|[tT]imeout|[iI]nterval|[lL]ifetime|max-age)';

/** Nought is no length of time: it needs no name. */
const SOME = '-?(?:[1-9]|0\\.)';

/** What a number of time looks like in code, wherever it stands. */
const EVERYWHERE = [
  `\\b\\d[\\d_.]*\\s*\\*\\s*${UNIT}\\b`,
  `\\b${UNIT}\\s*\\*\\s*\\d`,
  '\\b(?:60_?000|3_?600(?:_?000)?|86_?400(?:_?000)?|31_?536_?000)\\b',
  '\\b\\d+\\s*\\*\\s*1_?000\\b',
  `\\b(?:setTimeout|setInterval|pause)\\((?:(?:[^()]|\\([^()]*\\))*?,)?\\s*${SOME}`,
  `\\b(?:seconds|inDays)\\(\\s*${SOME}`,
  `\\w*${UNIT_AT_END}\\s*\\?\\?\\s*${SOME}`,
];

/** And where code says how Azure behaves. In `worlds/` it says how old the things of a world are. */
const IN_BEHAVIOUR = [
  `\\w*${UNIT_AT_END}['"]?\\s*[=:]\\s*${SOME}`,
  `['"\`]P(?:T?\\d+[A-Z])+['"\`]`,
];

const MAY_HOLD_TIME = ['unknowns.ts', 'durations.ts', 'setupTests.ts'];

function sources(directory: string): string[] {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) return sources(file);
    return /(?<!\.test)\.ts$/.test(entry.name) ? [file] : [];
  });
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[^]*?\*\/|(?<!:)\/\/.*/g, '');
}

/** The numbers of time in a piece of code, over the ends of lines too. */
function timeNumbersIn(code: string, patterns: string[]): string[] {
  const pattern = new RegExp(patterns.join('|'), 'g');
  return withoutComments(code).match(pattern) ?? [];
}

const ALL = [...EVERYWHERE, ...IN_BEHAVIOUR];

describe('guesses about Azure', () => {
  it('no file but unknowns.ts holds a number of time', () => {
    const found = sources(__dirname)
      .filter(file => !MAY_HOLD_TIME.includes(path.basename(file)))
      .flatMap(file => {
        const name = path.relative(__dirname, file);
        const patterns = name.startsWith('worlds') ? EVERYWHERE : ALL;
        return timeNumbersIn(fs.readFileSync(file, 'utf8'), patterns).map(
          number => `${name}: ${number}`,
        );
      });
    expect(found).toEqual([]);
  });

  it.each([
    'const wait = 5 * SECOND;',
    'const wait = DAY * 7;',
    'delay(60_000)',
    'const X_MS = 7;',
    'advance(3600000)',
    'pause(1000 * 1000)',
    'setTimeout(done, 500)',
    'setTimeout(\n  () => done(),\n  500,\n)',
    'seconds(30)',
    'inDays(-1)',
    '{ days: 7 }',
    '{ delayMs: 250 }',
    'const pollInterval = 3',
    'plan.retentionDays ?? 90',
    "{ 'retry-after-seconds': 30 }",
    "{ timeBeforeExpiry: 'P30D' }",
    "parseDuration('PT1H')",
  ])('the check sees a number of time: %s', line => {
    expect(timeNumbersIn(line, ALL)).toHaveLength(1);
  });

  it.each([
    'const wait = 5 * SECONDARY;',
    'status: 500',
    'days: number',
    'operationSeconds: 0',
    'seconds(window)',
    'setTimeout(resolve, ms)',
    '// waits 60_000',
    '/** Default is PT1H,\n * or 5 * DAY. */',
    "'advance' must be a duration such as PT1H or P30D.",
  ])('and nothing else: %s', line => {
    expect(timeNumbersIn(line, ALL)).toEqual([]);
  });

  it('every constant says why, and how sure it is', () => {
    const text = fs.readFileSync(path.join(__dirname, 'unknowns.ts'), 'utf8');
    const exported = text.match(/^export const \w+/gm)!;
    const documented = text.match(/\*\/\nexport const \w+/g)!;
    const followers = text.match(/;\nexport const \w+/g) ?? [];
    expect(documented.length + followers.length).toBe(exported.length);
  });
});
