import { setTimeout as delay } from 'node:timers/promises';

/** Longer than anything takes that a test waits for, also on a busy machine; shorter than a test may take. */
const LIMIT_MS = 25_000;

/**
 * Looks again and again until it sees what is waited for, and returns that.
 *
 * @throws with what it saw last, when it does not come
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  isThere: (seen: T) => boolean,
  /** For a test that may take longer than others. */
  limitMs = LIMIT_MS,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (performance.now() > end) {
      throw new Error(
        `Waited in vain until ${what}; saw last: ${JSON.stringify(seen)}`,
      );
    }
    await delay(5);
  }
}
