import type { MonotonicClock, Sleep } from '../../platform/time/realClock';

/** A clock that moves when it is told to, and what waits for it. */
export class VirtualTime {
  #now = 0;
  readonly #sleepers = new Set<{ until: number; wake(): void }>();

  readonly monotonic: MonotonicClock = () => this.#now;

  readonly sleep: Sleep = (ms, signal) =>
    new Promise(resolve => {
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        resolve();
      });
    });

  /** Moves the clock from one sleeper to the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (;;) {
      const [next] = [...this.#sleepers]
        .filter(({ until }) => until <= end)
        .sort((a, b) => a.until - b.until);
      if (!next) break;
      this.#now = Math.max(this.#now, next.until);
      this.#sleepers.delete(next);
      next.wake();
      await this.settle();
    }
    this.#now = end;
  }

  /** Lets everything run that does not wait for the clock. */
  settle(): Promise<void> {
    return new Promise(resolve => {
      setImmediate(resolve);
    });
  }
}
