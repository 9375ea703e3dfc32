import fs from 'node:fs';
import path from 'node:path';

const UNIT = '(?:SECOND|MINUTE|HOUR|DAY|MONTH|YEAR)(?:S|_MS)?';
const UNIT_AT_END =
  '(?:_MS|_SECONDS|_MINUTES|_HOURS|_DAYS|Ms|[sS]econds|[mM]inutes|[hH]ours|[dD]ays|[dD]elay|[tT]imeout|[iI]nterval|[lL]ifetime|max-age)';

/** Zero needs no name. */
const NON_ZERO = '-?(?:[1-9]|0\\.)';

/** Patterns of durations in code, in any file. */
const EVERYWHERE = [
  `\\b\\d[\\d_.]*\\s*\\*\\s*${UNIT}\\b`,
  `\\b${UNIT}\\s*\\*\\s*\\d`,
  '\\b(?:60_?000|3_?600(?:_?000)?|86_?400(?:_?000)?|31_?536_?000)\\b',
  '\\b\\d+\\s*\\*\\s*1_?000\\b',
  `\\b(?:setTimeout|setInterval|pause)\\((?:(?:[^()]|\\([^()]*\\))*?,)?\\s*${NON_ZERO}`,
  `\\b(?:seconds|inDays)\\(\\s*${NON_ZERO}`,
  `\\w*${UNIT_AT_END}\\s*\\?\\?\\s*${NON_ZERO}`,
];

/** In addition, where code implements Azure's behaviour. In `worlds/` durations are ages of objects. */
const IN_BEHAVIOUR = [
  `\\w*${UNIT_AT_END}['"]?\\s*[=:]\\s*${NON_ZERO}`,
  `['"\`]P(?:T?\\d+[A-Z])+['"\`]`,
];

const MAY_CONTAIN_DURATIONS = [
  'assumptions.ts',
  'durations.ts',
  'setupTests.ts',
];

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

/** The durations in a piece of code, also across lines. */
function durationsIn(code: string, patterns: string[]): string[] {
  const pattern = new RegExp(patterns.join('|'), 'g');
  return withoutComments(code).match(pattern) ?? [];
}

const ALL = [...EVERYWHERE, ...IN_BEHAVIOUR];

describe('assumptions about Azure', () => {
  it('only assumptions.ts contains durations', () => {
    const found = sources(__dirname)
      .filter(file => !MAY_CONTAIN_DURATIONS.includes(path.basename(file)))
      .flatMap(file => {
        const name = path.relative(__dirname, file);
        const patterns = name.startsWith('worlds') ? EVERYWHERE : ALL;
        return durationsIn(fs.readFileSync(file, 'utf8'), patterns).map(
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
  ])('the check finds a duration: %s', line => {
    expect(durationsIn(line, ALL)).toHaveLength(1);
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
  ])('the check accepts: %s', line => {
    expect(durationsIn(line, ALL)).toEqual([]);
  });

  it('every constant has a comment with its reason', () => {
    const text = fs.readFileSync(
      path.join(__dirname, 'assumptions.ts'),
      'utf8',
    );
    const exported = text.match(/^export const \w+/gm)!;
    const documented = text.match(/\*\/\nexport const \w+/g)!;
    const followers = text.match(/;\nexport const \w+/g) ?? [];
    expect(documented.length + followers.length).toBe(exported.length);
  });
});

it('are all in the list of docs/azure.md of what is not verified, where they are assumed', () => {
  const code = fs.readFileSync(path.join(__dirname, 'assumptions.ts'), 'utf8');
  const assumed = [
    ...code.matchAll(
      /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(?:export const )?(\w+)[?:\s]/g,
    ),
  ]
    .filter(([, comment]) => comment.includes('[?]'))
    .map(([, , name]) => name)
    // The comment of the file, and the times and the code of `pulls`.
    .filter(
      name => !/^(const|stopAfterSeconds|returnAfterSeconds|code)$/.test(name),
    );
  const document = fs.readFileSync(
    path.join(__dirname, '../../../docs/azure.md'),
    'utf8',
  );
  const [, list] = document.split(/^## (?=Not verified)/m);
  const named = list.split(/^## /m)[0];
  expect(assumed.length).toBeGreaterThan(10);
  expect(assumed.filter(name => !named.includes(`\`${name}\``))).toEqual([]);
});
