import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type { RequestHandler } from 'express';
import { personOf } from '../personOf';
import { realPause } from '../realPause';

/** Requests of one person that may wait and still begin one in each turn. Our choice. */
const BURST = 30;
/** Time between two requests of somebody who has more waiting. Milliseconds. Our choice. */
const PACE_MS = 4;
/** With more waiting than that, to keep them would cost more than to answer. Our choice. */
const MOST_PACED = 1_000;

const NEVER = new AbortController().signal;

/**
 * Of each person, one request begins in each turn of the event loop. One thread serves everybody: the
 * requests of one person that come all at once would be read, judged and answered in one go, and those
 * of others would wait behind all of them. Where very many of one person wait, even one in each turn
 * makes every turn of others longer: those begin with a pause between them.
 */
export class FairTurns {
  readonly #afterTurn: (next: () => void) => void;
  readonly #afterPause: (next: () => void) => void;
  /** Of people whose request has begun in this turn: those that wait. */
  readonly #people = new Map<string, (() => void)[]>();

  /**
   * @param afterTurn - calls in the next turn of the event loop. Default: `setImmediate`
   * @param afterPause - calls a few milliseconds later
   */
  constructor(
    afterTurn: (next: () => void) => void = setImmediate,
    afterPause: (next: () => void) => void = next =>
      void realPause(PACE_MS, NEVER).then(next),
  ) {
    this.#afterTurn = afterTurn;
    this.#afterPause = afterPause;
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
    this.#afterTurn(() => this.#turnOf(person));
    request();
  }

  #turnOf(person: string): void {
    const waiting = this.#people.get(person) ?? [];
    const request = waiting.shift();
    if (!request) {
      this.#people.delete(person);
      return;
    }
    const isPaced = waiting.length > BURST && waiting.length <= MOST_PACED;
    const later = isPaced ? this.#afterPause : this.#afterTurn;
    later(() => this.#turnOf(person));
    request();
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
