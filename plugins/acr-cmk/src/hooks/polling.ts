import type { ResourceEvent } from './resourceReducer';

/** Longest pause between two attempts while the backend does not answer. */
export const LONGEST_PAUSE_MS = 120_000;
/** First pause after a failure; it doubles with each further one. */
export const FIRST_PAUSE_MS = 5_000;

export interface PollingOptions<T> {
  load(options: { refresh: boolean; signal: AbortSignal }): Promise<T>;
  onEvent(event: ResourceEvent<T>): void;
  /** Pause until the next reading after this data, in milliseconds; nothing: read once. */
  pauseAfter(data: T): number | undefined;
}

export interface Polling {
  /** Requests now; with `refresh` the backend reads Azure again. */
  ask(options: { refresh: boolean }): void;
  stop(): void;
}

/**
 * Requests at once and then at intervals, while the tab is visible.
 *
 * A hidden tab makes no request; one that is shown again makes one at once when it is overdue.
 */
export function startPolling<T>(options: PollingOptions<T>): Polling {
  const abort = new AbortController();
  let request = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt: number | undefined;

  const arm = () => {
    clearTimeout(timer);
    if (abort.signal.aborted || dueAt === undefined || document.hidden) return;
    timer = setTimeout(
      () => ask({ refresh: false }),
      Math.max(0, dueAt - Date.now()),
    );
  };
  const dueIn = (pause: number | undefined) => {
    dueAt = pause === undefined ? undefined : Date.now() + pause;
    arm();
  };

  async function ask({ refresh }: { refresh: boolean }) {
    request += 1;
    const number = request;
    dueIn(undefined);
    options.onEvent({ type: 'asked', request: number });
    try {
      const data = await options.load({ refresh, signal: abort.signal });
      if (abort.signal.aborted) return;
      failures = 0;
      const at = new Date().toISOString();
      options.onEvent({ type: 'answered', request: number, data, at });
      if (number === request) dueIn(options.pauseAfter(data));
    } catch (error) {
      if (abort.signal.aborted) return;
      options.onEvent({
        type: 'refused',
        request: number,
        error: error instanceof Error ? error : new Error(String(error)),
      });
      failures += 1;
      if (number === request) {
        dueIn(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS));
      }
    }
  }

  document.addEventListener('visibilitychange', arm);
  ask({ refresh: false });
  return {
    // Returns no promise: nobody waits for a reading.
    ask(how) {
      ask(how);
    },
    stop() {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', arm);
    },
  };
}
