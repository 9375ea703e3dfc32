import type { LoggerService } from '@backstage/backend-plugin-api';
import { atPriority } from '../azure/transport/budget';

/** Pieces of work that run at once: few, since each is mostly waiting for Azure. */
const CONCURRENCY = 8;
/** Limit of the queue. Further work is dropped; a later request adds it again. */
const MOST_WAITING = 2_000;

interface BackgroundDeps {
  logger: Pick<LoggerService, 'warn'>;
}

/** Work that nobody waits for, each piece once, by its name. */
export class Background {
  readonly #deps: BackgroundDeps;
  readonly #waiting = new Map<string, () => Promise<unknown>>();
  readonly #running = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(deps: BackgroundDeps) {
    this.#deps = deps;
  }

  /** Whether nothing is to be begun any more: work of many steps ends after the one that it is at. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Does it soon. What waits already is not added again; what runs already is done once more. */
  add(name: string, work: () => Promise<unknown>): void {
    if (this.#stopped || this.#waiting.size >= MOST_WAITING) return;
    if (!this.#waiting.has(name)) this.#waiting.set(name, work);
    this.#start();
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Drops what waits, and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await this.idle();
  }

  #start(): void {
    for (const [name, work] of this.#waiting) {
      if (this.#running.size >= CONCURRENCY) return;
      if (this.#running.has(name)) continue;
      this.#waiting.delete(name);
      const ended = () => {
        this.#running.delete(name);
        this.#start();
      };
      this.#running.set(name, this.#run(name, work).finally(ended));
    }
  }

  async #run(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      // No request waits for this work.
      await atPriority('sync', work);
    } catch (error) {
      this.#deps.logger.warn(`In the background, ${name} failed: ${error}`);
    }
  }
}
