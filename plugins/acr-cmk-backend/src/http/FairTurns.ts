import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type { RequestHandler } from 'express';
import { personOf } from '../personOf';

/**
 * Of each person, one request begins in each turn of the event loop. One thread serves everybody: the
 * requests of one person that come all at once would be read, judged and answered in one go, and those
 * of others would wait behind all of them.
 */
export class FairTurns {
  readonly #afterTurn: (next: () => void) => void;
  /** Of people whose request has begun in this turn: those that wait. */
  readonly #people = new Map<string, (() => void)[]>();

  /** @param afterTurn - calls in the next turn of the event loop. Default: `setImmediate` */
  constructor(afterTurn: (next: () => void) => void = setImmediate) {
    this.#afterTurn = afterTurn;
  }

  /** People whose requests are counted: zero when nobody asks for anything. */
  get size(): number {
    return this.#people.size;
  }

  begin(person: string, request: () => void): void {
    const waiting = this.#people.get(person);
    if (waiting) {
      waiting.push(request);
      return;
    }
    this.#people.set(person, []);
    if (this.#people.size === 1) this.#afterTurn(() => this.#turn());
    request();
  }

  #turn(): void {
    const due: (() => void)[] = [];
    for (const [person, waiting] of this.#people) {
      const next = waiting.shift();
      if (next) due.push(next);
      else this.#people.delete(person);
    }
    if (this.#people.size > 0) this.#afterTurn(() => this.#turn());
    due.forEach(request => request());
  }
}

/** Lets requests begin in fair turns. Whose they are is known already: nothing is asked for anew. */
export function inFairTurns(
  httpAuth: Pick<HttpAuthService, 'credentials'>,
  turns: FairTurns = new FairTurns(),
): RequestHandler {
  return (req, _res, next) => {
    httpAuth
      .credentials(req)
      .then(
        credentials => turns.begin(personOf(credentials), () => next()),
        next,
      );
  };
}
