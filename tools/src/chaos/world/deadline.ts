import { setTimeout as later } from 'node:timers';

/**
 * Aborts after so long, or with the first of the others. Timer and listeners hold on to it: a signal of
 * `AbortSignal.any` and `AbortSignal.timeout` may be collected as garbage before its time, and what
 * waits for it then waits for ever.
 */
export function deadline(ms: number, ...others: AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  later(abort, ms).unref();
  for (const other of others) {
    if (other.aborted) abort();
    other.addEventListener('abort', abort, {
      once: true,
      signal: controller.signal,
    });
  }
  return controller.signal;
}
