import type { Swept } from '../inventory/rows/links';
import type { Clock } from '../platform/database/clock';

/** Links younger than this are good enough to choose from. Milliseconds. Our choice. */
const FRESH_MS = 60_000;
/**
 * Like `FRESH_MS`, while the catalog has no links: it is empty when a backend starts, and fills within seconds.
 * Milliseconds.
 */
const FRESH_WHILE_EMPTY_MS = 5_000;
/** Interval of the regular readings. Milliseconds. Our choice. */
const REGULAR_MS = 3 * 60_000;

interface CatalogSweepDeps {
  sweep: () => Promise<void>;
  /** The last reading of the whole catalog; undefined when there was none. */
  last: () => Promise<Swept | undefined>;
  clock: Pick<Clock, 'now'>;
  background: { add(name: string, work: () => Promise<unknown>): void };
}

/** Reads the whole catalog: at a regular interval, and earlier when a caller needs recent links. */
export class CatalogSweep {
  readonly #deps: CatalogSweepDeps;
  /** Number of entities that the previous reading found. */
  #itemsBefore: number | undefined;

  constructor(deps: CatalogSweepDeps) {
    this.#deps = deps;
  }

  /**
   * Reads the catalog in the background when the links are old.
   *
   * @returns whether it was ever read whole
   */
  async refreshSoon(): Promise<boolean> {
    if (!(await this.#isFresh())) {
      // Somebody else may have asked while this one waited.
      this.#deps.background.add(
        'reading the links of the catalog',
        async () => {
          if (!(await this.#isFresh())) await this.#deps.sweep();
        },
      );
    }
    return (await this.#deps.last()) !== undefined;
  }

  /**
   * A turn of the regular work: reads the catalog when the links are old, and again and again while
   * each reading finds nothing or another number of entities, as it does while a catalog fills. Where no
   * entity names a registry that goes on for ever, and costs one query with an empty answer each time.
   */
  async turn(): Promise<void> {
    const [last, now] = await Promise.all([
      this.#deps.last(),
      this.#deps.clock.now(),
    ]);
    const isOld = !last || now - last.startedAt >= REGULAR_MS;
    const isSettled = last?.items !== 0 && last?.items === this.#itemsBefore;
    this.#itemsBefore = last?.items;
    if (isOld || !isSettled) await this.#deps.sweep();
  }

  async #isFresh(): Promise<boolean> {
    const [last, now] = await Promise.all([
      this.#deps.last(),
      this.#deps.clock.now(),
    ]);
    if (!last) return false;
    const freshMs = last.items > 0 ? FRESH_MS : FRESH_WHILE_EMPTY_MS;
    return now - last.startedAt < freshMs;
  }
}
