/** Maximum length of a quotation from Azure. Characters. */
export const LONGEST_WORDS = 600;

/**
 * Azure's words for a person: one line, of bounded length, without anything that could be used
 * as a credential. Ids of callers stay: they are what the reader has to look for.
 */
export function cleanWords(
  text: unknown,
  longest: number = LONGEST_WORDS,
): string {
  if (typeof text !== 'string') return '';
  return (
    text
      // Anything after Entra's first line is its own trace data.
      .replace(/\s*Trace ID:[\s\S]*$/i, '')
      .replace(/eyJ[\w-]+\.[\w-]*\.?[\w-]*/g, '[token]')
      .replace(/\bBearer\s+[^\s'"]+/gi, 'Bearer [token]')
      .replace(
        /\b(client_secret|client_assertion|password|pwd|secret|sig|access_token|refresh_token|code)=[^\s&'"]+/gi,
        '$1=[removed]',
      )
      // Long and random. Slashes and hyphens end a run, or ARM ids would go too.
      .replace(/[A-Za-z0-9+_=]{60,}/g, '[removed]')
      // Control characters, line and paragraph separators, and what changes the writing direction.
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .replace(/ {2,}/g, ' ')
      .trim()
      .slice(0, longest)
  );
}
