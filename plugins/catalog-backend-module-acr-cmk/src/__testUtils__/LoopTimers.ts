import { setImmediate as nextTurn } from 'node:timers/promises';

/** Pause of the catalog's loops of processing and stitching: the former cannot be configured. */
export const LOOP_MS = 1_000;

type Fire = () => void;

/** Timers of the catalog's loops, fired by hand: tests wait for its work, and not for time. */
export class LoopTimers {
  readonly #setTimeout = globalThis.setTimeout;
  #pending: Fire[] = [];

  constructor() {
    const taken = (fire: Fire, ms?: number, ...rest: []) => {
      if (ms !== LOOP_MS) return this.#setTimeout(fire, ms, ...rest);
      this.#pending.push(fire);
      return undefined;
    };
    globalThis.setTimeout = taken as typeof setTimeout;
  }

  /**
   * Lets the loops turn until `look` sees what is expected.
   *
   * @throws with what it saw last, after a minute
   */
  async until<T>(
    look: () => T | Promise<T>,
    isExpected: (seen: T) => boolean,
  ): Promise<T> {
    const end = performance.now() + 60_000;
    for (;;) {
      const seen = await look();
      if (isExpected(seen)) return seen;
      if (performance.now() > end) {
        throw new Error(`Still not as expected: ${JSON.stringify(seen)}`);
      }
      const pending = this.#pending;
      this.#pending = [];
      pending.forEach(fire => fire());
      await nextTurn();
    }
  }

  release(): void {
    globalThis.setTimeout = this.#setTimeout;
  }
}
