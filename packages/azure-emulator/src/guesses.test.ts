import fs from 'node:fs';
import path from 'node:path';

/** What a number of time looks like in code. */
const TIME_NUMBERS =
  /(\b\d+(_\d{3})*\s*\*\s*(SECOND|MINUTE|HOUR|DAY)\b)|\b(60_?000|3_?600(_?000)?|86_?400(_?000)?)\b|\b\d+\s*\*\s*1_?000\b|(_MS|_SECONDS|_MINUTES|_DAYS)\s*=\s*\d/;

const MAY_HOLD_TIME = ['unknowns.ts', 'durations.ts', 'setupTests.ts'];

function sources(directory: string): string[] {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) return sources(file);
    return /(?<!\.test)\.ts$/.test(entry.name) ? [file] : [];
  });
}

describe('guesses about Azure', () => {
  it('no file but unknowns.ts holds a number of time', () => {
    const found = sources(__dirname)
      .filter(file => !MAY_HOLD_TIME.includes(path.basename(file)))
      .flatMap(file =>
        fs
          .readFileSync(file, 'utf8')
          .split('\n')
          .filter(line => TIME_NUMBERS.test(line))
          .map(line => `${path.relative(__dirname, file)}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });

  it('the check sees such numbers when they are there', () => {
    for (const line of [
      'const wait = 5 * SECOND;',
      'delay(60_000)',
      'const X_MS = 7;',
      'advance(3600000)',
    ]) {
      expect(line).toMatch(TIME_NUMBERS);
    }
  });

  it('every constant says why, and how sure it is', () => {
    const text = fs.readFileSync(path.join(__dirname, 'unknowns.ts'), 'utf8');
    const exported = text.match(/^export const \w+/gm)!;
    const documented = text.match(/\*\/\nexport const \w+/g)!;
    const followers = text.match(/;\nexport const \w+/g) ?? [];
    expect(documented.length + followers.length).toBe(exported.length);
  });
});
