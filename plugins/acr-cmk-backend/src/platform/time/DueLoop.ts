import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Sleep } from './realClock';

/** Longest interval between two sweeps: another replica may have added what is due. Milliseconds. Our choice. */
const CHECK_MS = 4_000;
/** Interval before another sweep of what is still due after one. Milliseconds. Our choice. */
const LEAST_MS = 250;

/** Work that is kept in rows with a due time. Every replica does it, and may do it at the same moment. */
export interface DueWork {
  /** Subject of log lines, in the plural. */
  name: string;
  /** Longest interval between two sweeps. Default: four seconds. Milliseconds. */
  checkMs?: number;
  /**
   * Does what is due, until the signal is given.
   *
   * @returns false when something could not be done: it stays due, and is tried again after `checkMs`
   */
  sweep(stopped: AbortSignal): Promise<boolean | void>;
  /** Milliseconds until the next row is due: zero or less when one is. Undefined when none is known. */
  msUntilDue(): Promise<number | undefined>;
}

/** The one loop over rows with a due time: sweeps at the time of the next row, and when it is woken. */
export class DueLoop {
  readonly #work: DueWork;
  readonly #logger: Pick<LoggerService, 'error'>;
  #wake = new AbortController();

  constructor(work: DueWork, logger: Pick<LoggerService, 'error'>) {
    this.#work = work;
    this.#logger = logger;
  }

  /** Sweeps now: something has just become due. */
  wake(): void {
    const woken = this.#wake;
    this.#wake = new AbortController();
    woken.abort();
  }

  /** Sweeps until the signal is given. Never rejects: what fails is tried again. */
  async run(sleep: Sleep, stopped: AbortSignal): Promise<void> {
    stopped.addEventListener('abort', () => this.wake());
    while (!stopped.aborted) {
      // Taken before the sweep: a call of `wake` during it counts.
      const woken = this.#wake.signal;
      const ms = await this.#sweep(stopped);
      if (!stopped.aborted) await sleep(ms, woken);
    }
  }

  /** @returns milliseconds until the next sweep */
  async #sweep(stopped: AbortSignal): Promise<number> {
    const { name, checkMs = CHECK_MS } = this.#work;
    try {
      if ((await this.#work.sweep(stopped)) === false) return checkMs;
      const untilDue = (await this.#work.msUntilDue()) ?? checkMs;
      return untilDue > 0 ? Math.min(untilDue, checkMs) : LEAST_MS;
    } catch (error) {
      this.#logger.error(`${name} cannot be read`, error as Error);
      return checkMs;
    }
  }
}
