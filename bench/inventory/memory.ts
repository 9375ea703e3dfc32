/** Interval between two measurements. Milliseconds. */
const EVERY_MS = 20;
/** Interval between two garbage collections of `LiveWatch`. Milliseconds. */
const COLLECTED_EVERY_MS = 1_000;
/** Number of moments that `LiveWatch` reports. */
const MOMENTS = 10;

const MB = 2 ** 20;

/** Memory of the process, as the machine sees it, after what nobody needs has gone. */
function rss(): number {
  global.gc?.();
  return process.memoryUsage().rss / MB;
}

/** Measures the memory that a piece of work adds to this process. */
export class MemoryWatch {
  readonly #before = rss();
  #highest = this.#before;
  readonly #timer = setInterval(() => {
    this.#highest = Math.max(this.#highest, process.memoryUsage.rss() / MB);
  }, EVERY_MS);

  /** Ends it. @returns the most that was added at any time, and what stays */
  end(): { peakMb: number; keptMb: number } {
    clearInterval(this.#timer);
    return {
      peakMb: this.#highest - this.#before,
      keptMb: rss() - this.#before,
    };
  }
}

/** Memory in use, in the heap and outside of it, after a garbage collection. MB. */
function live(): number {
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MB;
}

/**
 * Measures the memory that a piece of work holds, without garbage. It collects garbage at intervals, which
 * slows the work down.
 */
export class LiveWatch {
  readonly #before = live();
  readonly #held: number[] = [];
  readonly #timer = setInterval(() => {
    this.#held.push(live() - this.#before);
  }, COLLECTED_EVERY_MS);

  /** Ends it. @returns what was held at ten moments, one after the other, in MB, and the most at any */
  end(): { moments: number[]; mostMb: number } {
    clearInterval(this.#timer);
    const held = [...this.#held, live() - this.#before];
    const moments = Array.from(
      { length: MOMENTS },
      (_, at) => held[Math.floor((at * (held.length - 1)) / (MOMENTS - 1))],
    );
    return { moments, mostMb: Math.max(...held) };
  }
}
