import { LimitReached } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { AcrCmkConfig } from '../config';
import type { Clock } from '../database/clock';
import { PersonQueue } from '../PersonQueue';
import type { Stopwatch } from '../Stopwatch';
import type { LimitTrace } from './LimitTrace';

const MINUTE_MS = 60_000;

/** Which limit it is, and where it is counted: a row for each person and minute. */
export interface Counted {
  limit: keyof Pick<
    AcrCmkConfig['limits'],
    'plansPerMinute' | 'nameChecksPerMinute'
  >;
  table: string;
  column: string;
}

/** How often one person may ask for something in a minute, over all replicas. */
export class MinuteLimit {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #counted: Counted;
  readonly #allowed: number;
  readonly #stopwatch: Stopwatch;
  readonly #trace?: LimitTrace;
  readonly #queue = new PersonQueue({ atOnce: 1 });
  /**
   * Until when, by the stopwatch, people have reached the limit: refusing them again asks the database
   * for nothing, so that nobody waits behind them.
   */
  readonly #refusedUntil = new Map<string, number>();

  constructor(options: {
    db: Knex;
    clock: Clock;
    counted: Counted;
    allowed: number;
    stopwatch: Stopwatch;
    trace?: LimitTrace;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#counted = options.counted;
    this.#allowed = options.allowed;
    this.#stopwatch = options.stopwatch;
    this.#trace = options.trace;
  }

  /**
   * Counts one more, before any work for it: requests at the same time cannot slip through.
   * Minutes are those of the clock, so up to twice the limit fits into a minute across their border.
   *
   * @throws LimitReached until the next minute
   */
  async count(person: string): Promise<void> {
    const name = person.toLowerCase();
    this.requireMore(name);
    // One after the other, so that a burst is refused by the first of it that is one too many.
    await this.#queue.run(name, () => this.#count(name));
  }

  /**
   * Counts nothing: refuses, before anything is done for a request, whoever has reached the limit.
   *
   * @param person - as `personOf` names them
   * @throws LimitReached until the next minute
   */
  requireMore(person: string): void {
    const msLeft = (this.#refusedUntil.get(person) ?? 0) - this.#stopwatch();
    if (msLeft > 0) throw this.#reached(person, msLeft);
    this.#refusedUntil.delete(person);
  }

  /** Deletes counts of minutes that are over. */
  async deleteOld(): Promise<void> {
    const minute = Math.floor((await this.#clock.now()) / MINUTE_MS);
    await this.#db(this.#counted.table).where('minute', '<', minute).delete();
  }

  async #count(name: string): Promise<void> {
    this.requireMore(name);
    const now = await this.#clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    if ((await this.#add(name, minute)) <= this.#allowed) return;
    const msLeft = (minute + 1) * MINUTE_MS - now;
    this.#refusedUntil.set(name, this.#stopwatch() + msLeft);
    throw this.#reached(name, msLeft);
  }

  #reached(person: string, msLeft: number): LimitReached {
    const error = new LimitReached(
      this.#counted.limit,
      this.#allowed,
      Math.max(1, Math.ceil(msLeft / 1000)),
    );
    this.#trace?.refused(person, error);
    return error;
  }

  /** One more in a minute, and how many those are now. */
  async #add(person: string, minute: number): Promise<number> {
    const { table, column } = this.#counted;
    const [row] = await this.#db(table)
      .insert({ person, minute, [column]: 1 })
      .onConflict(['person', 'minute'])
      .merge({ [column]: this.#db.raw('??.?? + 1', [table, column]) })
      .returning(column);
    return Number(row[column]);
  }
}
