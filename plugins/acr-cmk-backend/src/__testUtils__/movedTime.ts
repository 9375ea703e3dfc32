import type { Knex } from 'knex';
import { type Clock, DatabaseClock } from '../platform/database/clock';
import { isSqlite } from '../platform/database/sqlite';
import {
  type MonotonicClock,
  monotonicClock,
} from '../platform/time/realClock';

/** PostgreSQL's clock, without asking: the server of a test runs on this machine. */
const machineClock: Clock = { now: async () => Date.now() };

/**
 * The database's clock, and what a test has put onto it. SQLite is asked, over its only connection, which
 * shows where a transaction was not passed.
 */
export class MovedClock implements Clock {
  #offsetMs = 0;
  readonly #inner: Clock;
  constructor(db: Knex) {
    this.#inner = isSqlite(db) ? new DatabaseClock(db) : machineClock;
  }
  advance(ms: number) {
    this.#offsetMs += ms;
  }
  async now(db?: Knex) {
    return (await this.#inner.now(db)) + this.#offsetMs;
  }
}

/** The machine's monotonic clock, and what a test has put onto it. */
export class MovedMonotonicClock {
  #offsetMs = 0;
  readonly read: MonotonicClock = () => monotonicClock() + this.#offsetMs;
  advance(ms: number) {
    this.#offsetMs += ms;
  }
}
