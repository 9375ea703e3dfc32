import type { Knex } from 'knex';
import { type Clock, DatabaseClock } from '../database/clock';
import { machineStopwatch, type Stopwatch } from '../Stopwatch';

/** The database's clock, and what a test has put onto it. */
export class MovedClock implements Clock {
  #offsetMs = 0;
  readonly #inner: DatabaseClock;
  constructor(db: Knex) {
    this.#inner = new DatabaseClock(db);
  }
  advance(ms: number) {
    this.#offsetMs += ms;
  }
  async now(db?: Knex) {
    return (await this.#inner.now(db)) + this.#offsetMs;
  }
}

/** The machine's stopwatch, and what a test has put onto it. */
export class MovedStopwatch {
  #offsetMs = 0;
  readonly read: Stopwatch = () => machineStopwatch() + this.#offsetMs;
  advance(ms: number) {
    this.#offsetMs += ms;
  }
}
