import type { Knex } from 'knex';
import type { Clock } from '../../platform/database/clock';
import { readState, setState } from '../../platform/database/state';

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
    return readState(this.#deps.db, name);
  }

  async set(name: string, value: unknown): Promise<void> {
    const { db, clock } = this.#deps;
    await setState(db, name, { value, now: await clock.now(db) });
  }
}
