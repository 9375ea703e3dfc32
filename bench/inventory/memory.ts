/** How often it is looked. Milliseconds. */
const EVERY_MS = 20;

const MB = 2 ** 20;

/** Memory of the process, as the machine sees it, after what nobody needs has gone. */
function rss(): number {
  global.gc?.();
  return process.memoryUsage().rss / MB;
}

/** What a piece of work adds to the memory of this process. */
export class MemoryWatch {
  readonly #before = rss();
  #highest = this.#before;
  readonly #timer = setInterval(() => {
    this.#highest = Math.max(this.#highest, process.memoryUsage().rss / MB);
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
