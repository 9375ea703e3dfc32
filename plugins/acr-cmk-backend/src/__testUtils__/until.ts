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
  // Rarer each time: what is waited for needs the machine, too.
  for (let pauseMs = 5; ; pauseMs = Math.min(20, 1.2 * pauseMs)) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (performance.now() > end) {
      throw new Error(
        `Waited in vain until ${what}; saw last: ${JSON.stringify(seen)}`,
      );
    }
    await delay(pauseMs);
  }
}
