import type { Knex } from 'knex';

/**
 * The one clock of the plugin: the database's, because replicas may differ among themselves.
 * Azure's times are compared with Azure's, never with this one.
 */
export interface Clock {
  /** Epoch milliseconds. Inside a transaction, pass it. */
  now(db?: Knex): Promise<number>;
}

/** Asks SQLite or PostgreSQL for the time. */
export class DatabaseClock implements Clock {
  readonly #db: Knex;
  readonly #sql: string;

  constructor(db: Knex) {
    this.#db = db;
    this.#sql = /sqlite/.test(String(db.client.config.client))
      ? `select cast((julianday('now') - 2440587.5) * 86400000 as integer) as now`
      : `select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint) as now`;
  }

  async now(db: Knex = this.#db): Promise<number> {
    const answer = await db.raw(this.#sql);
    const [row] = Array.isArray(answer) ? answer : answer.rows;
    return Number(row.now);
  }
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
