import {
  type MonotonicClock,
  monotonicClock,
  type Sleep,
  sleep,
} from './realClock';
import { turnOfEventLoop } from './yieldToEventLoop';

/** Longest wait that background work can owe to requests. Our choice. Milliseconds. */
const MOST_WAIT_MS = 1_000;

/** Reason why a wait is over. Given, since each request would make an error otherwise. */
const ANSWERED = 'answered';

/**
 * Holds back background work while requests are being answered, because both share one thread. The work waits
 * at most as long as it has run, so that requests without end slow it down and cannot stop it.
 */
export class BackgroundThrottle {
  readonly #deps: { monotonic: MonotonicClock; sleep: Sleep };
  #open = 0;
  /** Aborts when the last open request is answered. */
  #answered = new AbortController();
  #last = Promise.resolve();
  /** Wait that the work still owes, for the time that it has run. Milliseconds. */
  #owed = 0;
  #resumedAt: number;

  constructor(deps: { monotonic: MonotonicClock; sleep: Sleep }) {
    this.#deps = deps;
    this.#resumedAt = deps.monotonic();
  }

  /** Answers a request: until it has ended, background work waits. */
  async answer<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open === 0) this.#answered = new AbortController();
    this.#open += 1;
    try {
      return await work();
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#answered.abort(ANSWERED);
    }
  }

  /** Waits until a piece of background work may begin: one in each round of the event loop. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() => this.#next());
    return this.#last;
  }

  async #next(): Promise<void> {
    await turnOfEventLoop();
    if (this.#open === 0) return;
    const { monotonic, sleep: wait } = this.#deps;
    const began = monotonic();
    this.#owed = Math.min(MOST_WAIT_MS, this.#owed + began - this.#resumedAt);
    await wait(this.#owed, this.#answered.signal);
    this.#resumedAt = monotonic();
    this.#owed = Math.max(0, this.#owed - (this.#resumedAt - began));
  }
}

/** The requests and the background work of this process. */
export const backgroundThrottle = new BackgroundThrottle({
  monotonic: monotonicClock,
  sleep,
});
