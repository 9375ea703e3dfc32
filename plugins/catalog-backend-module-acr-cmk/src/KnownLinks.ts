import type { Links } from './Links';

/** Maximum age of links before they are read again. Milliseconds. Our choice. */
const MAX_AGE_MS = 15 * 60_000;
/** Pause after a reading that failed. Milliseconds. Our choice. */
const RETRY_MS = 30_000;

interface KnownLinksDeps {
  read: () => Promise<Links>;
  /** Schedules processing of the entities that carry one of these refresh keys. */
  onChange: (refreshKeys: string[]) => Promise<void>;
  onError: (error: unknown) => void;
  now: () => number;
}

/**
 * Links as this process last read them. Processing never waits for them: it gets the links
 * that are there, and newer ones are read in the background.
 */
export class KnownLinks {
  readonly #deps: KnownLinksDeps;
  #links: Links | undefined;
  #readAgainAt = 0;
  #reading = false;
  /** Refresh keys requested before any links were read. */
  readonly #missed = new Set<string>();

  constructor(deps: KnownLinksDeps) {
    this.#deps = deps;
  }

  /**
   * @param refreshKeys - of the entity that they are for
   * @returns nothing while nothing is known; the entity is then processed again once it is
   */
  current(refreshKeys: readonly string[]): Links | undefined {
    if (this.#deps.now() >= this.#readAgainAt && !this.#reading) {
      this.#reading = true;
      this.#readNow().finally(() => {
        this.#reading = false;
      });
    }
    if (!this.#links) refreshKeys.forEach(key => this.#missed.add(key));
    return this.#links;
  }

  /** Stores links that were just read. */
  async store(links: Links): Promise<void> {
    const keys = this.#links
      ? links.changedSince(this.#links)
      : [...this.#missed];
    this.#links = links;
    this.#missed.clear();
    this.#readAgainAt = this.#deps.now() + MAX_AGE_MS;
    if (keys.length > 0) await this.#deps.onChange(keys);
  }

  async #readNow(): Promise<void> {
    try {
      await this.store(await this.#deps.read());
    } catch (error) {
      this.#readAgainAt = this.#deps.now() + RETRY_MS;
      this.#deps.onError(error);
    }
  }
}
