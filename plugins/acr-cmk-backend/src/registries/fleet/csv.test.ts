import { csvLine } from './csv';

describe('a line of CSV', () => {
  it.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ['  =1', "'  =1"],
    ['\t=1', "'\t=1"],
    ['\u00a0＝1', "'\u00a0＝1"],
    ['\r=1', `"'\r=1"`],
    ['\ufeff=1', "'\ufeff=1"],
  ])('makes %j harmless', (text, line) => {
    expect(csvLine([text])).toBe(`${line}\r\n`);
  });

  it.each([
    ['plain', 'plain'],
    ['a=b', 'a=b'],
    ['2026-11-25', '2026-11-25'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    [undefined, ''],
    [7, '7'],
  ])('leaves %j a value', (text, line) => {
    expect(csvLine([text, 'x'])).toBe(`${line},x\r\n`);
  });
});
