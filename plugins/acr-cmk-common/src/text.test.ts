import { InvalidInput } from './errors';
import { parseReason } from './text';

describe('parseReason', () => {
  it('keeps a line as it is, without the space around it', () => {
    expect(parseReason('  Quarterly rotation, ticket #42  ')).toBe(
      'Quarterly rotation, ticket #42',
    );
  });

  it.each<[why: string, text: unknown]>([
    ['missing', undefined],
    ['no text', 12],
    ['too short', ' x '],
    ['too long', 'x'.repeat(501)],
    ['a forged log line', 'fine\n2026-11-25 root: all is well'],
    ['a control character', 'fine\u0007'],
    ['a change of direction', 'fine\u202eenif'],
    ['a zero-width character', 'fi\u200bne'],
    ['a formula', '=HYPERLINK("https://evil.test")'],
    ['a formula after a space', '  +1+1'],
    ['a mention that a spreadsheet runs', '@SUM(A1)'],
  ])('refuses a reason that is %s', (_why, text) => {
    expect(() => parseReason(text)).toThrow(InvalidInput);
    expect(() => parseReason(text)).toThrow(/^reason: /);
  });
});
