import type { LimitReached } from 'backstage-plugin-acr-cmk-common';

/** How long refusals of one person are reported as one. Milliseconds. Our choice. */
const REPORTED_EVERY_MS = 60_000;

/** Refusals by one limit since they were reported before. */
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
  readonly #report: (refusals: Refusals) => void;
  readonly #after: (ms: number, then: () => void) => void;
  /** Who was reported within the last minute, and the refusals since. */
  readonly #reported = new Map<string, { since?: Refusals }>();

  /** @param options - `after` calls back once, after a time in milliseconds */
  constructor(options: {
    report: (refusals: Refusals) => void;
    after: (ms: number, then: () => void) => void;
  }) {
    this.#report = options.report;
    this.#after = options.after;
  }

  refused(actor: string, error: LimitReached): void {
    const key = `${error.limit} ${actor}`;
    const reported = this.#reported.get(key);
    if (reported) {
      reported.since = {
        actor,
        count: (reported.since?.count ?? 0) + 1,
        error,
      };
      return;
    }
    this.#reported.set(key, {});
    this.#report({ actor, count: 1, error });
    this.#after(REPORTED_EVERY_MS, () => {
      const since = this.#reported.get(key)?.since;
      this.#reported.delete(key);
      if (since) this.#report(since);
    });
  }
}
