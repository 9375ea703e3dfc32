import type { Knex } from 'knex';
import type { Clock } from '../../platform/database/clock';

/** State key whose time is that of the last event about role assignments above single vaults. */
export const ASSIGNMENTS_CHANGED = 'assignments-changed';

interface SyncStateDeps {
  db: Knex;
  clock: Clock;
}

/** Small values that the sync remembers between turns. */
export class SyncState {
  readonly #deps: SyncStateDeps;

  constructor(deps: SyncStateDeps) {
    this.#deps = deps;
  }

  async get<T>(name: string): Promise<{ value: T; at: number } | undefined> {
    const row = await this.#deps.db('sync_state').where({ name }).first();
    return row && { value: JSON.parse(row.value), at: Number(row.at) };
  }

  async set(name: string, value: unknown): Promise<void> {
    const at = await this.#deps.clock.now(this.#deps.db);
    await this.#deps
      .db('sync_state')
      .insert({ name, value: JSON.stringify(value), at })
      .onConflict('name')
      .merge();
  }
}
