import { setTimeout as delay } from 'node:timers/promises';

/**
 * Looks again and again until it sees what is waited for.
 *
 * @throws with what it saw last, when it does not come
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  {
    isThere,
    limitMs = 60_000,
  }: { isThere(seen: T): boolean; limitMs?: number },
): Promise<T> {
  const end = performance.now() + limitMs;
  // Rarer each time: what is waited for needs the machine, too.
  for (let pauseMs = 10; ; pauseMs = Math.min(500, 1.5 * pauseMs)) {
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
