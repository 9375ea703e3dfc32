import type { Knex } from 'knex';
import {
  type MonotonicClock,
  monotonicClock,
  wallClock,
} from '../time/realClock';
import { rowsOf } from './results';
import { isSqlite } from './sqlite';
import type { BigInteger } from './tables';

/**
 * The one clock of the plugin: the database's, because replicas may differ among themselves.
 * Azure's times are compared with Azure's, never with this one.
 */
export interface Clock {
  /** Epoch milliseconds. Inside a transaction, pass it. */
  now(db?: Knex): Promise<number>;
}

/**
 * A record from further ahead than this was not written shortly before a clock went back: that clock
 * was wrong then. Milliseconds. Our choice.
 */
const MOST_BACK_MS = 24 * 60 * 60_000;

/**
 * Asks PostgreSQL for the time. SQLite's is the machine's, which is read without a statement and may be set back
 * under it: this clock stands by then, and goes on from there by the monotonic clock, so that leases and due times
 * keep their meaning.
 */
export class DatabaseClock implements Clock {
  readonly #db: Knex;
  readonly #machine: () => number;
  readonly #monotonic: MonotonicClock;
  /** The latest time of the machine, with the monotonic clock then. */
  #latest: { at: number; monotonic: number } | undefined;

  constructor(
    db: Knex,
    {
      machine = wallClock,
      monotonic = monotonicClock,
    }: { machine?: () => number; monotonic?: MonotonicClock } = {},
  ) {
    this.#db = db;
    this.#machine = machine;
    this.#monotonic = monotonic;
  }

  /** A clock that is not behind what the plugin has recorded before it was restarted. */
  static async open(db: Knex): Promise<DatabaseClock> {
    const clock = new DatabaseClock(db);
    if (isSqlite(db)) {
      const now = await clock.now();
      const last = await db('audit').max({ at: 'at' }).first();
      const at = Number(last?.at ?? 0);
      if (at > now && at - now <= MOST_BACK_MS) clock.#forward(at);
    }
    return clock;
  }

  async now(db: Knex = this.#db): Promise<number> {
    if (isSqlite(this.#db)) return this.#forward(this.#machine());
    const [row] = rowsOf<{ now: BigInteger }>(
      await db.raw(
        'select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint) as now',
      ),
    );
    return Number(row.now);
  }

  #forward(now: number): number {
    const monotonic = this.#monotonic();
    const least = this.#latest
      ? Math.floor(this.#latest.at + monotonic - this.#latest.monotonic)
      : now;
    if (now < least) return least;
    this.#latest = { at: now, monotonic };
    return now;
  }
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
