/**
 * Settles as the work does, or fails when the signal aborts before. Node's `fetch` follows a signal
 * through weak references: once its answer has begun, nothing may hold on to them, and a caller that
 * waits for the rest of a body that does not come waits for ever.
 */
export async function within<T>(
  signal: AbortSignal,
  work: Promise<T>,
): Promise<T> {
  // It may fail when nobody waits for it any more.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stopListening = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    stopListening = () => signal.removeEventListener('abort', abort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stopListening();
  }
}
