import { clearTimeout, setTimeout } from 'node:timers';

/** Waits, or less when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Milliseconds of a clock that never goes back. Only differences mean anything, and only within one
 * process.
 */
export type MonotonicClock = () => number;

/** Epoch milliseconds of the machine. */
export const wallClock = (): number => Date.now();

/** The machine's monotonic clock. It continues while the process is stopped. */
export const monotonicClock: MonotonicClock = () => performance.now();

/** Waits in real time. Every request does, so it makes no error when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
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
    listening.timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
