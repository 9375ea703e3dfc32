import { codeOf, isTransient, toTaskError } from '../errors';
import type { Sleep } from '../ports';

/** Before the first repetition; each further one waits twice as long. Milliseconds. */
const FIRST_PAUSE_MS = 1_000;
/** Longest sleep between two tries. Milliseconds. */
const LONGEST_PAUSE_MS = 15_000;
/** Time for which a backend may not answer, as while a new version starts. Milliseconds. */
export const GIVE_UP_AFTER_MS = 5 * 60_000;

/**
 * Repeats a request while there is no answer, or no room for it. Only for requests that may be repeated: readings,
 * and those with an idempotency key.
 */
export async function withRetries<T>(
  ask: () => Promise<T>,
  options: { sleep: Sleep; signal?: AbortSignal; warn(text: string): void },
): Promise<T> {
  let waitedMs = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ;) {
    try {
      return await ask();
    } catch (error) {
      const isOver = waitedMs >= GIVE_UP_AFTER_MS || options.signal?.aborted;
      if (!isTransient(error) || isOver) throw error;
      if (waitedMs === 0) {
        const refusal = codeOf(error) && toTaskError(error).message;
        options.warn(
          `${refusal ?? 'The acr-cmk backend does not answer'}; trying again`,
        );
      }
    }
    await options.sleep(pauseMs, options.signal);
    waitedMs += pauseMs;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
