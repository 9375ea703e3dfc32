import type { LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Stopwatch } from '../Stopwatch';

/** How long refusals of one person are told as one. Milliseconds. Our choice. */
const TOLD_EVERY_MS = 60_000;

/** Refusals by one limit since they were told before. */
export interface Refusals {
  /** Entity ref of the person. */
  actor: string;
  count: number;
  /** The last one. */
  error: LimitReached;
}

/**
 * Has on record who is refused by a limit: at once, and then once a minute with how many there were
 * meanwhile, so that the record of a burst does not cost what the limit is to save.
 */
export class LimitTrace {
  readonly #tell: (refusals: Refusals) => void;
  readonly #stopwatch: Stopwatch;
  /** Who was told of, until when more of them are counted, and those. */
  readonly #told = new Map<string, { until: number; since?: Refusals }>();

  constructor(options: {
    tell: (refusals: Refusals) => void;
    stopwatch: Stopwatch;
  }) {
    this.#tell = options.tell;
    this.#stopwatch = options.stopwatch;
  }

  refused(actor: string, error: LimitReached): void {
    const key = `${error.limit} ${actor}`;
    const told = this.#told.get(key);
    if (told) {
      told.since = { actor, count: (told.since?.count ?? 0) + 1, error };
    } else {
      this.#told.set(key, { until: this.#stopwatch() + TOLD_EVERY_MS });
      this.#tell({ actor, count: 1, error });
    }
    this.flush();
  }

  /** Tells what was counted for long enough. */
  flush(): void {
    const now = this.#stopwatch();
    for (const [key, { until, since }] of this.#told) {
      if (now < until) continue;
      this.#told.delete(key);
      if (since) this.#tell(since);
    }
  }
}
