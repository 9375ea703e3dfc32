import { AzureError } from '../../azure/AzureError';
import type { AzurePorts } from '../../azure/ports';

/**
 * Repeats calls that Azure has refused with a 429. The budget holds the next one back for as long as Azure
 * asks, so a storm of refusals ends when Azure's waits do, and not a turn of the sync later. A wait that is
 * longer than the budget waits is left to the next turn.
 */
export class ThrottledRetry {
  /** Whether the turn has to end. */
  isStopped: () => boolean = () => false;

  around(azure: AzurePorts): AzurePorts {
    const ports = Object.entries(azure).map(([name, port]) => [
      name,
      port !== null && typeof port === 'object'
        ? this.#retryThrottled(port)
        : port,
    ]);
    return Object.fromEntries(ports);
  }

  #retryThrottled<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (_target, name) => {
        const method = Reflect.get(port, name, port);
        return typeof method === 'function'
          ? (...args: unknown[]) =>
              this.#call(() => Reflect.apply(method, port, args))
          : method;
      },
    });
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isRefusal =
          error instanceof AzureError &&
          error.kind === 'throttled' &&
          error.code !== 'BudgetSpent';
        if (!isRefusal || this.isStopped()) throw error;
      }
    }
  }
}
