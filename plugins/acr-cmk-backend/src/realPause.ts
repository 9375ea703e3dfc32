import { clearTimeout, setTimeout as wakeAfter } from 'node:timers';

/** Waits in real time, or less when the signal is given. Every request does: without an error for each. */
export function realPause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const listening: { timer?: NodeJS.Timeout } = {};
    const end = () => {
      clearTimeout(listening.timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    listening.timer = wakeAfter(end, ms);
    signal.addEventListener('abort', end);
  });
}
