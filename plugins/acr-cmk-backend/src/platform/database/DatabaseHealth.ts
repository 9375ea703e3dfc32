import type { Sleep } from '../time/realClock';
import { DatabaseAway, isDiskFull } from './away';

/** Time limit of a probe. Together with the wait before it, less than 5 s. Milliseconds. Our choice. */
const PROBE_LIMIT_MS = 3000;
/** Wait before the first probe: most work ends sooner, and costs none. Milliseconds. Our choice. */
const FIRST_PROBE_AFTER_MS = 500;
/** Between two probes, while something waits for the database. Milliseconds. Our choice. */
const PROBE_EVERY_MS = 1000;

/** Reason why a pause is over. Given, since an error would be made for each otherwise. */
const ENDED = 'ended';

/** State of the database: `full` while it answers and its disk has no room. */
type DatabaseState = 'ok' | 'away' | 'full';

interface DatabaseHealthDeps {
  probe: () => PromiseLike<unknown>;
  /** Stores something that takes room on the disk. */
  probeRoom: () => PromiseLike<unknown>;
  sleep: Sleep;
  /** Called when the disk is found full, and when it has room again. */
  onFull: (isFull: boolean) => void;
}

/**
 * Whether the database answers, and has room. Drivers wait for a database that hangs, a minute and longer; a person
 * who waits for an answer should get an error within seconds.
 */
export class DatabaseHealth {
  readonly #deps: DatabaseHealthDeps;
  #asking: Promise<boolean> | undefined;
  #isFull = false;

  constructor(deps: DatabaseHealthDeps) {
    this.#deps = deps;
  }

  /** Asks the database now, once for everybody who wants to know. */
  answers(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Takes note of the error of a statement. */
  onError(error: unknown): void {
    if (isDiskFull(error)) this.#setFull(true);
  }

  /** Asks the database now. A disk that was full is asked for room. */
  async state(): Promise<DatabaseState> {
    if (!(await this.answers())) return 'away';
    if (!this.#isFull) return 'ok';
    try {
      await this.whileItAnswers(async () => this.#deps.probeRoom());
    } catch (error) {
      return isDiskFull(error) ? 'full' : 'away';
    }
    this.#setFull(false);
    return 'ok';
  }

  #setFull(isFull: boolean): void {
    if (this.#isFull === isFull) return;
    this.#isFull = isFull;
    this.#deps.onFull(isFull);
  }

  /**
   * Waits for work that needs the database, as long as the database answers.
   *
   * @throws DatabaseAway when it does not; what becomes of the work is not known then
   */
  async whileItAnswers<T>(work: () => Promise<T>): Promise<T> {
    const ended = new AbortController();
    const working = work();
    // The work may fail long after nobody waits for it.
    working.catch(() => undefined);
    try {
      return await Promise.race([working, this.#away(ended.signal)]);
    } finally {
      ended.abort(ENDED);
    }
  }

  /** A service whose methods are waited for as long as the database answers. */
  guard<T extends object>(service: T): T {
    return new Proxy(service, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        return typeof value === 'function'
          ? (...args: unknown[]) =>
              this.whileItAnswers(async () =>
                Reflect.apply(value, target, args),
              )
          : value;
      },
    });
  }

  async #away(ended: AbortSignal): Promise<never> {
    await this.#deps.sleep(FIRST_PROBE_AFTER_MS, ended);
    while (!ended.aborted) {
      if (!(await this.answers())) throw new DatabaseAway();
      await this.#deps.sleep(PROBE_EVERY_MS, ended);
    }
    // The race is over: throwing would only make a stack trace for every request.
    return new Promise<never>(() => {});
  }

  async #ask(): Promise<boolean> {
    const answered = new AbortController();
    try {
      return await Promise.race([
        Promise.resolve(this.#deps.probe()).then(
          () => true,
          () => false,
        ),
        this.#deps.sleep(PROBE_LIMIT_MS, answered.signal).then(() => false),
      ]);
    } finally {
      answered.abort(ENDED);
    }
  }
}
