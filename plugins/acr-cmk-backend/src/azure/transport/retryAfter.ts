/** Longest wait that is believed: a day. A longer one is a mistake or a trick. Seconds. */
export const LONGEST_RETRY_AFTER_SECONDS = 24 * 60 * 60;

/** Reads the headers of a response by name, ignoring case. */
export interface HeaderReader {
  get(name: string): string | undefined | null;
}

/** `Wed, 21 Oct 2026 07:28:00 GMT`, the only form of a date that a server may send (RFC 9110). */
const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Epoch milliseconds of an HTTP date, or nothing when the text is none. */
export function parseHttpDate(
  text: string | undefined | null,
): number | undefined {
  if (!text || !HTTP_DATE.test(text.trim())) return undefined;
  const at = Date.parse(text.trim());
  return Number.isNaN(at) ? undefined : at;
}

/**
 * Seconds that a `Retry-After` asks to wait: 0 or more, at most a day. Nothing when there is no
 * such header or it makes no sense, so that the caller uses its own delay.
 *
 * @param answeredAt - when the answer was given, by the clock that wrote the date (the answer's
 *   own `Date` header): a date is compared with that and not with our clock. Epoch milliseconds.
 */
export function parseRetryAfter(
  text: string | undefined | null,
  answeredAt: number,
): number | undefined {
  const value = text?.trim();
  if (!value) return undefined;
  if (/^\d{1,15}$/.test(value)) {
    return Math.min(Number(value), LONGEST_RETRY_AFTER_SECONDS);
  }
  const at = parseHttpDate(value);
  if (at === undefined) return undefined;
  const seconds = Math.ceil((at - answeredAt) / 1000);
  return Math.min(Math.max(seconds, 0), LONGEST_RETRY_AFTER_SECONDS);
}

/** The wait that an answer asks for, from whichever of Azure's three headers it carries. */
export function retryAfterOf(
  headers: HeaderReader,
  now: number,
): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const text = headers.get(name)?.trim();
    if (text && /^\d{1,15}$/.test(text)) {
      return Math.min(
        Math.ceil(Number(text) / 1000),
        LONGEST_RETRY_AFTER_SECONDS,
      );
    }
  }
  return parseRetryAfter(
    headers.get('retry-after'),
    parseHttpDate(headers.get('date')) ?? now,
  );
}
