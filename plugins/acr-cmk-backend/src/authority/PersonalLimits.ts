import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AcrCmkConfig } from '../config';
import type { Clock } from '../database/clock';
import { isSqlite } from '../database/sqlite';
import { machineStopwatch, type Stopwatch } from '../Stopwatch';
import type { LimitTrace } from './LimitTrace';
import { type Counted, MinuteLimit } from './MinuteLimit';

/** Somebody has to approve or reject something first; nobody knows when. Our choice. Seconds. */
const WAITING_RETRY_SECONDS = 60;

/** Of the limits of the configuration, those that are held here. */
type Limits = Pick<
  AcrCmkConfig['limits'],
  'plansPerMinute' | 'nameChecksPerMinute' | 'waitingRequests'
>;

/**
 * How much one person may ask for, over all replicas. Asked by the services, so that it holds
 * whichever way a request comes in.
 */
export class PersonalLimits {
  readonly #limits: Limits;
  readonly #plans: MinuteLimit;
  readonly #nameChecks: MinuteLimit;

  constructor(options: {
    db: Knex;
    clock: Clock;
    limits: Limits;
    stopwatch?: Stopwatch;
    trace?: LimitTrace;
  }) {
    const { db, clock, limits, stopwatch = machineStopwatch, trace } = options;
    this.#limits = limits;
    const inAMinute = (counted: Counted) =>
      new MinuteLimit({
        db,
        clock,
        counted,
        allowed: limits[counted.limit],
        stopwatch,
        trace,
      });
    this.#plans = inAMinute({
      limit: 'plansPerMinute',
      table: 'plan_counts',
      column: 'plans',
    });
    this.#nameChecks = inAMinute({
      limit: 'nameChecksPerMinute',
      table: 'name_check_counts',
      column: 'checks',
    });
  }

  /** @throws LimitReached when it is one plan too many in this minute */
  async countPlan(person: string): Promise<void> {
    await this.#plans.count(person);
  }

  /**
   * Counts nothing: refuses, before anything is done for a request, whoever has reached the limit.
   *
   * @param person - as `personOf` names them
   * @throws LimitReached until the next minute
   */
  requireMorePlans(person: string): void {
    this.#plans.requireMore(person);
  }

  /** @throws LimitReached when it is one question too many about a name in this minute */
  async countNameCheck(person: string): Promise<void> {
    await this.#nameChecks.count(person);
  }

  /** Like `requireMorePlans`. @throws LimitReached until the next minute */
  requireMoreNameChecks(person: string): void {
    this.#nameChecks.requireMore(person);
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
    await this.#plans.deleteOld();
    await this.#nameChecks.deleteOld();
  }
}
