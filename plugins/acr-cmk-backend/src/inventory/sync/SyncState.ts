import type { Knex } from 'knex';
import type { Clock } from '../../database/clock';

/** Small values that the sync remembers between turns. */
export class SyncState {
  readonly #db: Knex;
  readonly #clock: Clock;

  constructor(options: { db: Knex; clock: Clock }) {
    this.#db = options.db;
    this.#clock = options.clock;
  }

  async get<T>(name: string): Promise<{ value: T; at: number } | undefined> {
    const row = await this.#db('sync_state').where({ name }).first();
    return row && { value: JSON.parse(row.value), at: Number(row.at) };
  }

  async set(name: string, value: unknown): Promise<void> {
    const at = await this.#clock.now(this.#db);
    await this.#db('sync_state')
      .insert({ name, value: JSON.stringify(value), at })
      .onConflict('name')
      .merge();
  }

  async remove(name: string): Promise<void> {
    await this.#db('sync_state').where({ name }).delete();
  }
}
