import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import { PersonQueue } from '../PersonQueue';
import { machineStopwatch, type Stopwatch } from '../Stopwatch';
import type { LimitTrace } from './LimitTrace';

const MINUTE_MS = 60_000;

/**
 * Requests of one person that are worked on at once. What comes all at once would be let in before the
 * first of it is refused, so at most three more are refused than the limit says. Our choice.
 */
const AT_ONCE = 4;

const REFUSALS = [NotAllowedError, InputError, NotFoundError, ConflictError];

/**
 * How often one person may be refused in a minute, in each replica, when they have plans carried out or
 * decide about operations. Each refusal costs a reading of Azure or an entry in a record, and whoever
 * guesses ids is refused most of the time. What was not refused is not counted.
 */
export class RefusalLimit {
  readonly #refusalsPerMinute: number;
  readonly #stopwatch: Stopwatch;
  readonly #trace?: LimitTrace;
  readonly #queue = new PersonQueue({ atOnce: AT_ONCE });
  /** Refusals of people, and until when, by the stopwatch, they are remembered. */
  readonly #refused = new Map<string, { count: number; until: number }>();

  constructor(options: {
    refusalsPerMinute: number;
    stopwatch?: Stopwatch;
    trace?: LimitTrace;
  }) {
    this.#refusalsPerMinute = options.refusalsPerMinute;
    this.#stopwatch = options.stopwatch ?? machineStopwatch;
    this.#trace = options.trace;
  }

  /**
   * Does what a person asks for, and counts it when it is refused.
   *
   * @throws LimitReached until a minute after their first refusal, once there are too many
   */
  async counting<T>(person: string, work: () => Promise<T>): Promise<T> {
    const name = person.toLowerCase();
    this.requireRoom(name);
    return this.#queue.run(name, async () => {
      this.requireRoom(name);
      try {
        return await work();
      } catch (error) {
        if (REFUSALS.some(refusal => error instanceof refusal)) {
          this.#count(name);
        }
        throw error;
      }
    });
  }

  /**
   * Counts nothing: refuses, before anything is done for a request, whoever has reached the limit.
   *
   * @param person - as `personOf` names them
   * @throws LimitReached
   */
  requireRoom(person: string): void {
    const refused = this.#refused.get(person);
    const msLeft = (refused?.until ?? 0) - this.#stopwatch();
    if (msLeft <= 0) {
      this.#refused.delete(person);
      return;
    }
    if (!refused || refused.count < this.#refusalsPerMinute) return;
    const error = new LimitReached(
      'refusalsPerMinute',
      this.#refusalsPerMinute,
      Math.ceil(msLeft / 1000),
    );
    this.#trace?.refused(person, error);
    throw error;
  }

  #count(person: string): void {
    const now = this.#stopwatch();
    const refused = this.#refused.get(person);
    if (refused && refused.until > now) refused.count += 1;
    else this.#refused.set(person, { count: 1, until: now + MINUTE_MS });
  }
}
