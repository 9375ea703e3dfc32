import type { Clock } from '../database/clock';

/** What the last reading of the whole catalog found. */
export interface Swept {
  /** When it began, by our clock. Epoch milliseconds. */
  startedAt: number;
  /** Entities with an annotation of ours. */
  items: number;
}

/** Links younger than this are good enough to choose from. Milliseconds. Our choice. */
const FRESH_MS = 60_000;
/**
 * The same while there are none: the catalog of a backend that has just started is empty, and fills in
 * seconds. Milliseconds.
 */
const FRESH_WHILE_EMPTY_MS = 5_000;

/** Has the whole catalog read between its regular readings, when somebody needs to know what is new in it. */
export class CatalogSweep {
  readonly #sweep: () => Promise<void>;
  readonly #last: () => Promise<Swept | undefined>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #background: {
    add(name: string, work: () => Promise<unknown>): void;
  };

  constructor(options: {
    sweep: () => Promise<void>;
    /** Nothing when the catalog was never read whole. */
    last: () => Promise<Swept | undefined>;
    clock: Pick<Clock, 'now'>;
    background: { add(name: string, work: () => Promise<unknown>): void };
  }) {
    this.#sweep = options.sweep;
    this.#last = options.last;
    this.#clock = options.clock;
    this.#background = options.background;
  }

  /**
   * Reads the catalog in the background when what is known of it is old.
   *
   * @returns whether it was ever read whole
   */
  async askSoon(): Promise<boolean> {
    if (!(await this.#isFresh())) {
      // Somebody else may have asked while this one waited.
      this.#background.add('reading the links of the catalog', async () => {
        if (!(await this.#isFresh())) await this.#sweep();
      });
    }
    return (await this.#last()) !== undefined;
  }

  async #isFresh(): Promise<boolean> {
    const [last, now] = await Promise.all([this.#last(), this.#clock.now()]);
    if (!last) return false;
    const freshMs = last.items > 0 ? FRESH_MS : FRESH_WHILE_EMPTY_MS;
    return now - last.startedAt < freshMs;
  }
}
