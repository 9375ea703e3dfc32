import type { LoggerService } from '@backstage/backend-plugin-api';
import { type RunnerDeps, runOperation } from './runOperation';

/** Waits, or less when the signal is given. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Takes operations that are due and carries them on. One timer for each process, however many
 * operations wait: a waiting operation is a row with a due time.
 */
export class OperationsWorker {
  readonly #deps: RunnerDeps;
  readonly #owner: string;
  readonly #logger: LoggerService;
  readonly #sleep: Sleep;
  readonly #pollMs: number;
  readonly #lanes: number;
  readonly #stopped = new AbortController();
  #wake = new AbortController();
  #running: Promise<void>[] = [];

  constructor(options: {
    deps: RunnerDeps;
    /** Tells replicas apart in the table. */
    owner: string;
    logger: LoggerService;
    sleep: Sleep;
    /** How long an idle worker waits before it looks for work again. Milliseconds. */
    pollMs: number;
    /** Operations that this process carries on at once. */
    lanes: number;
  }) {
    this.#deps = options.deps;
    this.#owner = options.owner;
    this.#logger = options.logger;
    this.#sleep = options.sleep;
    this.#pollMs = options.pollMs;
    this.#lanes = options.lanes;
  }

  start(): void {
    this.#running = Array.from({ length: this.#lanes }, () => this.#loop());
  }

  /** Looks for work now: an operation has just been accepted. */
  nudge(): void {
    const woken = this.#wake;
    this.#wake = new AbortController();
    woken.abort();
  }

  /** Finishes the step at hand and takes no more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.nudge();
    await Promise.all(this.#running);
  }

  async #loop(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const woken = this.#wake.signal;
      const worked = await this.runOne();
      if (!worked && !this.#stopped.signal.aborted) {
        await this.#sleep(this.#pollMs, woken);
      }
    }
  }

  /** @returns whether there was something to do */
  async runOne(): Promise<boolean> {
    try {
      const lease = await this.#deps.store.claim(this.#owner);
      if (!lease) return false;
      try {
        await runOperation(lease, this.#deps);
        return true;
      } catch (error) {
        // The lease runs out, and the operation is taken up again from what is stored.
        this.#logger.error(
          `Operation ${lease.operationId} was interrupted`,
          error as Error,
        );
        return false;
      }
    } catch (error) {
      this.#logger.error('Operations cannot be read', error as Error);
      return false;
    }
  }
}
