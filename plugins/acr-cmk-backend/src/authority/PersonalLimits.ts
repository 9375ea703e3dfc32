import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AcrCmkConfig } from '../config';
import type { Clock } from '../database/clock';
import { isSqlite } from '../database/sqlite';
import { machineStopwatch, type Stopwatch } from '../Stopwatch';
import { PersonQueue } from '../PersonQueue';
import type { LimitTrace } from './LimitTrace';

const MINUTE_MS = 60_000;
/** Somebody has to approve or reject something first; nobody knows when. Our choice. Seconds. */
const WAITING_RETRY_SECONDS = 60;

/**
 * How much one person may ask for, over all replicas. Asked by the services, so that it holds
 * whichever way a request comes in.
 */
export class PersonalLimits {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #limits: Pick<
    AcrCmkConfig['limits'],
    'plansPerMinute' | 'waitingRequests'
  >;
  readonly #stopwatch: Stopwatch;
  readonly #trace?: LimitTrace;
  readonly #queue = new PersonQueue({ atOnce: 1 });
  /**
   * Until when, by the stopwatch, people have reached the limit of plans in a minute: refusing them
   * again asks the database for nothing, so that nobody waits behind them.
   */
  readonly #refusedUntil = new Map<string, number>();

  constructor(options: {
    db: Knex;
    clock: Clock;
    limits: Pick<AcrCmkConfig['limits'], 'plansPerMinute' | 'waitingRequests'>;
    stopwatch?: Stopwatch;
    trace?: LimitTrace;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#stopwatch = options.stopwatch ?? machineStopwatch;
    this.#trace = options.trace;
  }

  /**
   * Counts a plan, before any work for it: requests at the same time cannot slip through.
   * Minutes are those of the clock, so up to twice the limit fits into a minute across their border.
   *
   * @throws LimitReached until the next minute
   */
  async countPlan(person: string): Promise<void> {
    const name = person.toLowerCase();
    this.requireMorePlans(name);
    // One after the other, so that a burst is refused by the first of it that is one too many.
    await this.#queue.run(name, () => this.#countPlan(name));
  }

  /**
   * Counts nothing: refuses, before anything is done for a request, whoever has reached the limit.
   *
   * @param person - as `personOf` names them
   * @throws LimitReached until the next minute
   */
  requireMorePlans(person: string): void {
    const msLeft = (this.#refusedUntil.get(person) ?? 0) - this.#stopwatch();
    if (msLeft > 0) throw this.#reached(person, msLeft);
    this.#refusedUntil.delete(person);
  }

  async #countPlan(name: string): Promise<void> {
    this.requireMorePlans(name);
    const now = await this.#clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    const plans = await this.#count(name, minute);
    if (plans <= this.#limits.plansPerMinute) return;
    const msLeft = (minute + 1) * MINUTE_MS - now;
    this.#refusedUntil.set(name, this.#stopwatch() + msLeft);
    throw this.#reached(name, msLeft);
  }

  #reached(person: string, msLeft: number): LimitReached {
    const error = new LimitReached(
      'plansPerMinute',
      this.#limits.plansPerMinute,
      Math.max(1, Math.ceil(msLeft / 1000)),
    );
    this.#trace?.refused(person, error);
    return error;
  }

  /** One more plan in a minute, and how many those are now. */
  async #count(person: string, minute: number): Promise<number> {
    const [{ plans }] = await this.#db('plan_counts')
      .insert({ person, minute, plans: 1 })
      .onConflict(['person', 'minute'])
      .merge({ plans: this.#db.raw('plan_counts.plans + 1') })
      .returning('plans');
    return Number(plans);
  }

  /**
   * In the transaction that has stored one more operation of the person that waits for approval.
   *
   * @throws LimitReached when that is one too many
   */
  async requireRoomToWait(
    trx: Knex.Transaction,
    person: string,
  ): Promise<void> {
    if (!isSqlite(trx)) {
      // Two acceptances at once must see each other. SQLite has one writer at a time anyway.
      await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [
        `acr-cmk waiting requests of ${person}`,
      ]);
    }
    const [{ waiting }] = await trx('operations')
      .where({ requested_by: person, state: 'awaiting-approval' })
      .count({ waiting: '*' });
    if (Number(waiting) > this.#limits.waitingRequests) {
      throw new LimitReached(
        'waitingRequests',
        this.#limits.waitingRequests,
        WAITING_RETRY_SECONDS,
      );
    }
  }

  /** Deletes counts of minutes that are over. */
  async deleteOld(): Promise<void> {
    const minute = Math.floor((await this.#clock.now()) / MINUTE_MS);
    await this.#db('plan_counts').where('minute', '<', minute).delete();
  }
}
