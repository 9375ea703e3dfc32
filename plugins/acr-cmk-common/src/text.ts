import { InvalidInput } from './errors';

/**
 * Invisible characters, also those that change how a line looks: controls, lone surrogates, private use, line
 * and paragraph separators, everything that Unicode lets a font leave out (no width, direction as in Trojan
 * source, fillers, tags), and blank braille. Without variation selectors 15 and 16, which belong to many emoji.
 */
const UNSEEN =
  /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]/u;

/** True when `text` holds a character that is not seen: a control, a filler, half of a pair. */
export function hasUnseenCharacters(text: string): boolean {
  return UNSEEN.test(text);
}

/** `text` as one may repeat it in a message: cut to 120 characters, unseen ones shown as \uXXXX. */
export function quote(text: string): string {
  const seen = Array.from(text.slice(0, 120), character =>
    hasUnseenCharacters(character)
      ? `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`
      : character,
  ).join('');
  return text.length > 120 ? `'${seen}…'` : `'${seen}'`;
}

/**
 * Text for messages whose renderer is not known: e-mail that takes it for HTML, chat that takes it for markup,
 * a log, a terminal. It stays readable, and has no tag, link, mention, line break or control character.
 * Nothing is escaped, because each renderer would need another escape.
 */
export function plainText(text: string): string {
  const visible = Array.from(text, character =>
    hasUnseenCharacters(character) ? ' ' : character,
  ).join('');
  return (
    visible
      .replaceAll('<', '‹')
      .replaceAll('>', '›')
      // `&period;` is a dot in HTML, and `&#58;//` begins a link.
      .replaceAll(/&(?=[#\p{L}])/gu, '＆')
      // Emphasis and code in chat.
      .replaceAll('*', '∗')
      .replaceAll('`', "'")
      .replaceAll('~', '∼')
      .replaceAll(/(?<![\p{L}\p{N}])_(?=\S)|(?<=\S)_(?![\p{L}\p{N}])/gu, '＿')
      // `[words](target)` and `[words][target]` of Markdown.
      .replaceAll(/\](?=[([])/g, '] ')
      .replaceAll('://', '[:]//')
      .replaceAll(/\bmailto:/gi, 'mailto[:]')
      // Mail and chat make links of names of hosts as well, in any script. Browsers take each of these for a dot; the
      // ideographic ones end a sentence, unless Latin follows.
      .replaceAll(
        /(?<=[\p{L}\p{M}\p{N}\p{S}-])(?:[.\u2024\ufe52\uff0e]|[\u3002\uff61](?=\p{M}*\p{Script=Latin}))(?=\p{M}*\p{L}[\p{L}\p{M}\p{N}-])/gu,
        '[$&]',
      )
      // `\\host\share` is a link for Outlook.
      .replaceAll(/\\(?=\\)/g, '\\ ')
      .replaceAll(/@(?=\S)/g, '(at)')
      .replaceAll(/ {2,}/g, ' ')
      .trim()
  );
}

/** Longest reason that is kept, in characters. */
export const REASON_MAX_LENGTH = 500;

/**
 * The reason of an operation as it is stored: trimmed, one line, 3 to 500 characters with a
 * letter or digit among them, nothing unseen in it.
 *
 * A leading `=`, `+`, `-` or `@` is refused, full-width ones too, because reasons end in exported
 * tables and a spreadsheet would run them as a formula.
 *
 * @throws InvalidInput with field `reason`
 */
export function parseReason(text: unknown): string {
  if (typeof text !== 'string') {
    throw new InvalidInput('reason', 'must be a text of 3 to 500 characters');
  }
  const reason = text.trim();
  if (reason.length < 3 || reason.length > REASON_MAX_LENGTH) {
    throw new InvalidInput(
      'reason',
      `must have 3 to ${REASON_MAX_LENGTH} characters, this one has ${reason.length}`,
    );
  }
  if (hasUnseenCharacters(reason)) {
    throw new InvalidInput(
      'reason',
      'must be one line without control, direction or invisible characters',
    );
  }
  if (!/[\p{L}\p{N}]/u.test(reason)) {
    throw new InvalidInput('reason', 'must have a letter or a digit in it');
  }
  // The compatibility form of a full-width sign is the sign itself; the minus of mathematics has none.
  if (/^[=+\-@\u2212]/.test(reason.normalize('NFKC'))) {
    throw new InvalidInput(
      'reason',
      'must not begin with =, +, - or @, which a spreadsheet would take for a formula',
    );
  }
  return reason;
}
