import type { LimitReached } from 'backstage-plugin-acr-cmk-common';

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
 * Has on record who is refused by a limit: at once, and a minute later with how many there were meanwhile,
 * so that the record of a burst does not cost what the limit is to save.
 */
export class LimitTrace {
  readonly #tell: (refusals: Refusals) => void;
  readonly #after: (ms: number, then: () => void) => void;
  /** Who was told of within the last minute, and the refusals since. */
  readonly #told = new Map<string, { since?: Refusals }>();

  /** @param options - `after` calls back once, after a time in milliseconds */
  constructor(options: {
    tell: (refusals: Refusals) => void;
    after: (ms: number, then: () => void) => void;
  }) {
    this.#tell = options.tell;
    this.#after = options.after;
  }

  refused(actor: string, error: LimitReached): void {
    const key = `${error.limit} ${actor}`;
    const told = this.#told.get(key);
    if (told) {
      told.since = { actor, count: (told.since?.count ?? 0) + 1, error };
      return;
    }
    this.#told.set(key, {});
    this.#tell({ actor, count: 1, error });
    this.#after(TOLD_EVERY_MS, () => {
      const since = this.#told.get(key)?.since;
      this.#told.delete(key);
      if (since) this.#tell(since);
    });
  }
}
