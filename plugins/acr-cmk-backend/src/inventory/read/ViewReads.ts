import type { Knex } from 'knex';
import type { Clock } from '../../platform/database/clock';

const MINUTE_MS = 60_000;
/** Our choice: everything behind one registry, once a minute. Small beside what the sync asks. */
const MOST_A_MINUTE = 6;

interface ViewReadsDeps {
  db: Knex;
  clock: Clock;
}

/**
 * Limits the readings of Azure that viewers cause for facts that the sync keeps fresh. Counted in the database,
 * so that the number of calls depends neither on viewers nor on replicas.
 */
export class ViewReads {
  readonly #deps: ViewReadsDeps;
  /** Minute whose readings are used up: further calls in it do not query the database. */
  #usedUp = -1;

  constructor(deps: ViewReadsDeps) {
    this.#deps = deps;
  }

  /** Takes one reading of this minute's. @returns false when none is left */
  async take(): Promise<boolean> {
    const minute = Math.floor((await this.#deps.clock.now()) / MINUTE_MS);
    if (minute === this.#usedUp) return false;
    const [{ reads }] = await this.#deps
      .db('view_reads')
      .insert({ minute, reads: 1 })
      .onConflict('minute')
      .merge({ reads: this.#deps.db.raw('view_reads.reads + 1') })
      .returning('reads');
    if (Number(reads) === 1) {
      await this.#deps.db('view_reads').where('minute', '<', minute).delete();
    }
    if (Number(reads) >= MOST_A_MINUTE) this.#usedUp = minute;
    return Number(reads) <= MOST_A_MINUTE;
  }
}
