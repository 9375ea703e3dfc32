/**
 * Has each person's work done a few at a time, in the order in which it was asked for. What waited begins
 * in a later turn of the event loop: with SQLite, whose answers are there at once, one piece of work after
 * the other would leave no turn to requests of others.
 */
export class PersonQueue {
  readonly #atOnce: number;
  readonly #afterTurn: (next: () => void) => void;
  /** Of people with work: how much is being done, and who waits for a turn. */
  readonly #people = new Map<
    string,
    { doing: number; waiting: (() => void)[] }
  >();

  /**
   * @param options.atOnce - of one person
   * @param options.afterTurn - calls in the next turn of the event loop. Default: `setImmediate`
   */
  constructor(options: {
    atOnce: number;
    afterTurn?: (next: () => void) => void;
  }) {
    this.#atOnce = options.atOnce;
    this.#afterTurn = options.afterTurn ?? setImmediate;
  }

  /** People with work: zero when there is none. */
  get size(): number {
    return this.#people.size;
  }

  async run<T>(person: string, work: () => Promise<T>): Promise<T> {
    const theirs = this.#people.get(person) ?? { doing: 0, waiting: [] };
    this.#people.set(person, theirs);
    if (theirs.doing < this.#atOnce) theirs.doing += 1;
    // Whoever ends hands its place on, so that nobody who comes later is faster.
    else await new Promise<void>(resolve => theirs.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = theirs.waiting.shift();
      if (next) this.#afterTurn(next);
      else {
        theirs.doing -= 1;
        if (theirs.doing === 0) this.#people.delete(person);
      }
    }
  }
}
