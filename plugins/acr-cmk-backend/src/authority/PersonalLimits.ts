import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AcrCmkConfig } from '../config';
import type { Clock } from '../database/clock';

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
  /** Who has reached the limit of plans in a minute: refusing them again writes nothing. */
  #refused = { minute: 0, people: new Set<string>() };

  constructor(options: {
    db: Knex;
    clock: Clock;
    limits: Pick<AcrCmkConfig['limits'], 'plansPerMinute' | 'waitingRequests'>;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#limits = options.limits;
  }

  /**
   * Counts a plan, before any work for it: requests at the same time cannot slip through.
   * Minutes are those of the clock, so up to twice the limit fits into a minute across their border.
   *
   * @throws LimitReached until the next minute
   */
  async countPlan(person: string): Promise<void> {
    const now = await this.#clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    const allowed = this.#limits.plansPerMinute;
    if (this.#refused.minute !== minute) {
      this.#refused = { minute, people: new Set() };
    }
    const { people } = this.#refused;
    const name = person.toLowerCase();
    if (!people.has(name)) {
      const plans = await this.#count(name, minute);
      if (plans <= allowed) return;
      people.add(name);
    }
    const msLeft = (minute + 1) * MINUTE_MS - now;
    throw new LimitReached(
      'plansPerMinute',
      allowed,
      Math.max(1, Math.ceil(msLeft / 1000)),
    );
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
    if (!/sqlite/.test(String(trx.client.config.client))) {
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
