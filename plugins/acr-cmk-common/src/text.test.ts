import fc from 'fast-check';
import { InvalidInput } from './errors';
import { hasUnseenCharacters, parseReason, plainText, quote } from './text';

/** The reason that is kept; nothing when it is refused, by the error of bad input only. */
function keptOf(text: string): string {
  try {
    return parseReason(text);
  } catch (error) {
    if (error instanceof InvalidInput) return '';
    throw error;
  }
}

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
    ['a formula in full width', '\uff1d1+1'],
    ['a small sign of a formula', '\ufe621+1'],
    ['a formula with the minus of mathematics', '\u22121+1'],
    ['a full-width mention', '\uff20SUM(A1)'],
    ['half of a surrogate pair', 'fine \ud83d'],
    ['the other half', 'fine \udd11'],
    ['made of Hangul fillers', '\u3164\u3164\u3164'],
    ['made of blank braille', '\u2800\u2800\u2800'],
    ['made of tags', '\u{e0041}\u{e0042}\u{e0043}'],
    ['made of variation selectors', '\ufe0f\ufe0f\ufe0f'],
    ['made of combining marks', '\u0301\u0301\u0301'],
    ['a word with a filler in it', 'fi\u115fne'],
    ['without a letter or a digit', '...'],
    ['a private character', 'fine \ue000'],
  ])('refuses a reason that is %s', (_why, text) => {
    expect(() => parseReason(text)).toThrow(InvalidInput);
    expect(() => parseReason(text)).toThrow(/^reason: /);
  });
  it.each(['Schlüssel rotieren ⚠️', '鍵を更新する', 'Ticket №42 🔑', '42!'])(
    'keeps %s, which is seen',
    text => expect(parseReason(text)).toBe(text),
  );

  it('never keeps what is unseen or begins like a formula, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 40 }),
          fc
            .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
            .map(units => String.fromCharCode(...units)),
          fc
            .tuple(fc.constantFrom('＝', '﹢', '-', '＠', '='), fc.string())
            .map(parts => parts.join('')),
        ),
        text => {
          const kept = keptOf(text);
          expect(hasUnseenCharacters(kept)).toBe(false);
          expect(Buffer.from(kept).toString()).toBe(kept);
          expect(kept.normalize('NFKC')).not.toMatch(/^[=+\-@]/);
        },
      ),
    );
  });
});

describe('quote', () => {
  it('shows what is unseen, whole pairs and halves', () => {
    const half = String.fromCharCode(0xd800);
    expect(quote(`a\u202eb${half}c\u{e0041}`)).toBe(
      "'a\\u202eb\\ud800c\\ue0041'",
    );
  });
});

describe('plainText', () => {
  it.each([
    ['markup', '<b>x</b>', '‹b›x‹/b›'],
    ['a tag that loads', '<img src=x onerror=y>', '‹img src=x onerror=y›'],
    [
      'a link',
      'see https://evil.example/login',
      'see https[:]//evil[.]example/login',
    ],
    ['a name of a host', 'see evil.example now', 'see evil[.]example now'],
    [
      'a name of a host with another dot',
      'evil。example evil．example evil｡example',
      'evil[。]example evil[．]example evil[｡]example',
    ],
    [
      'a name of a host in another script',
      'кража.рф évil.भारत i❤.ws café.example',
      'кража[.]рф évil[.]भारत i❤[.]ws café[.]example',
    ],
    ['a path of Windows', '\\\\host\\share', '\\ \\host\\share'],
    [
      'a link of e-mail',
      'mailto:a@evil.example',
      'mailto[:]a(at)evil[.]example',
    ],
    ['a link of Markdown', '[here](/x) [y][z]', '[here] (/x) [y] [z]'],
    ['a mention of Slack', '<!channel> <@U123>', '‹!channel› ‹(at)U123›'],
    ['a mention of others', '@here @all', '(at)here (at)all'],
    [
      'an entity of HTML, which e-mail takes for its character',
      'https&colon;//evil&period;example &#46 &ltb>',
      'https＆colon;//evil＆period;example ＆#46 ＆ltb›',
    ],
    [
      'emphasis of chat',
      '*a* _b_ ~c~ `d` key_name_1',
      "∗a∗ ＿b＿ ∼c∼ 'd' key_name_1",
    ],
    ['a line of its own', 'a\r\nroot: b\u2028c', 'a root: b c'],
    ['colours of a terminal', 'a\u001b[31mred\u001b[0m', 'a [31mred [0m'],
    ['a change of direction', 'a\u202eb', 'a b'],
  ])('leaves no %s', (_what, text, plain) => {
    expect(plainText(text)).toBe(plain);
    expect(plainText(plain)).toBe(plain);
  });

  it('leaves words, numbers, times and refs as they are', () => {
    const text =
      'By user:default/olivia. Reason: Rotation 1.2 of shop & co, 50 % done. It expires at 2026-11-25T12:00:00.000Z.';
    expect(plainText(text)).toBe(text);
    expect(plainText('更新した。次は三月')).toBe('更新した。次は三月');
  });

  it('never leaves a character that a renderer takes for markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(plainText(text)).not.toMatch(
          /[<>*`\p{Cc}]|:\/\/|@\S|\]\(|&[#\p{L}]|\\\\|\p{L}[.．]\p{L}{2}/u,
        );
      }),
    );
  });
});
