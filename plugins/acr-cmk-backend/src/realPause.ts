import { setTimeout as delay } from 'node:timers/promises';

/** Waits in real time, or less when the signal is given. */
export async function realPause(
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
