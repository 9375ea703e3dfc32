import { InvalidInput } from './errors';

/**
 * Characters that change how a line looks without being seen: C0 and C1 controls, and the Unicode
 * marks that turn the direction of text (Trojan-source style) or have no width.
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- the control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** True when `text` holds a control, zero-width or direction-changing character. */
export function hasUnseenCharacters(text: string): boolean {
  return UNSEEN.test(text);
}

/** `text` as one may repeat it in a message: cut to 120 characters, unseen ones shown as U+XXXX. */
export function quote(text: string): string {
  const seen = Array.from(text.slice(0, 120), character =>
    hasUnseenCharacters(character)
      ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
      : character,
  ).join('');
  return text.length > 120 ? `'${seen}…'` : `'${seen}'`;
}

/** Longest reason that is kept, in characters. */
export const REASON_MAX_LENGTH = 500;

/**
 * The reason of an operation as it is stored: trimmed, one line, 3 to 500 characters, nothing
 * unseen in it.
 *
 * A leading `=`, `+`, `-` or `@` is refused, because reasons end in exported tables and a
 * spreadsheet would run them as a formula.
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
      'must be one line without control or direction characters',
    );
  }
  if (/^[=+\-@]/.test(reason)) {
    throw new InvalidInput(
      'reason',
      'must not begin with =, +, - or @, which a spreadsheet would take for a formula',
    );
  }
  return reason;
}
