import { isTerminal } from 'backstage-plugin-acr-cmk-common';
import type { Context } from '../platform/context';
import { turnOfEventLoop } from '../platform/time/yieldToEventLoop';
import { DueLoop } from '../platform/time/DueLoop';
import type { RunnerDeps } from './run';
import { runOperation } from './runOperation';
import type { Lease, OperationRecord } from './types';

interface OperationsWorkerDeps extends Pick<Context, 'logger' | 'sleep'> {
  runner: RunnerDeps;
  /** Distinguishes replicas in the table. */
  owner: string;
  /**
   * Interval at which an idle worker looks for operations that another replica has accepted or released.
   * Operations that are due earlier, or were accepted by this replica, do not wait for it. Milliseconds.
   */
  pollMs: number;
  /** Operations that this process carries on at once, beside some revokes. */
  concurrency: number;
  /**
   * Called with each operation that has ended here, after that is durable. At most once: a process
   * that dies in between does not call it, and the plugin's own record has the end all the same.
   */
  ended?: (operation: OperationRecord) => Promise<void>;
  /** Called with each operation that a worker here has let go before its end. */
  letGo?: (operation: OperationRecord) => void;
}

/** Revokes that do not wait for a place while operations at which Azure hangs have all of them. Our choice. */
const REVOKES_MORE = 2;

/**
 * Takes operations that are due and carries them on. One timer for each process, however many
 * operations wait: a waiting operation is a row with a due time.
 */
export class OperationsWorker {
  readonly #deps: OperationsWorkerDeps;
  readonly #stopped = new AbortController();
  readonly #busy = new Set<Promise<void>>();
  readonly #loop: DueLoop;
  #running: Promise<void> | undefined;

  constructor(deps: OperationsWorkerDeps) {
    this.#deps = deps;
    const { pollMs, logger, runner } = deps;
    this.#loop = new DueLoop(
      {
        name: 'Operations',
        checkMs: pollMs,
        sweep: stopped => this.#takeDue(stopped),
        msUntilDue: () => runner.leases.msUntilDue(pollMs),
      },
      logger,
    );
  }

  start(): void {
    this.#running = this.#loop.run(this.#deps.sleep, this.#stopped.signal);
  }

  /** Looks for work now: an operation has just been accepted or released. */
  wake(): void {
    this.#loop.wake();
  }

  /** Finishes the steps at hand and takes no more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
    await Promise.all(this.#busy);
  }

  /** Begins what is due, as long as there are places. */
  async #takeDue(stopped: AbortSignal): Promise<void> {
    const { concurrency } = this.#deps;
    while (!stopped.aborted) {
      if (this.#busy.size >= concurrency + REVOKES_MORE) {
        await Promise.race(this.#busy);
        continue;
      }
      const lease = await this.#claim({
        onlyRevokes: this.#busy.size >= concurrency,
      });
      if (!lease) return;
      const work: Promise<void> = this.#carryOn(lease).then(() => {
        this.#busy.delete(work);
        this.wake();
      });
      this.#busy.add(work);
      await turnOfEventLoop();
    }
  }

  /** @returns whether there was something to do */
  async runOne(): Promise<boolean> {
    const lease = await this.#claim();
    if (lease) await this.#carryOn(lease);
    return lease !== undefined;
  }

  #claim(
    options?: Parameters<RunnerDeps['leases']['claim']>[1],
  ): Promise<Lease | undefined> {
    return this.#deps.runner.leases.claim(this.#deps.owner, options);
  }

  async #notifyOfEnd(operationId: string): Promise<void> {
    const { ended, letGo } = this.#deps;
    if (!ended) return;
    try {
      const operation = await this.#deps.runner.operations.get(operationId);
      if (!operation) return;
      if (isTerminal(operation.state)) await ended(operation);
      else letGo?.(operation);
    } catch (error) {
      this.#deps.logger.error(
        `Nobody could be notified of the end of operation ${operationId}`,
        error as Error,
      );
    }
  }

  /** Never rejects. */
  async #carryOn(lease: Lease): Promise<void> {
    const { operationId } = lease;
    try {
      await runOperation(lease, this.#deps.runner);
      await this.#notifyOfEnd(operationId);
    } catch (error) {
      this.#deps.logger.error(
        `Operation ${operationId} was interrupted`,
        error as Error,
      );
      try {
        await this.#deps.runner.leases.interrupted(lease);
      } catch (again) {
        // The lease runs out, and the operation is taken up again from what is stored.
        this.#deps.logger.error(
          `Operation ${operationId} waits for the end of its lease`,
          again as Error,
        );
      }
    }
  }
}
